"""Empty workbooks that a person fills and delivers: one sheet named by the feed, one with the rules.

Equal feeds give equal bytes: the creation date is fixed, and the ZIP entries carry XlsxWriter's fixed date.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ingestion.feeds import registry
from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, Day, DecimalColumn, FileColumn, Month, Whole
from ingestion.feeds.curve import Curve
from ingestion.intake import RULES_SHEET

_CREATED = datetime(2026, 1, 1)
_FILLABLE_ROWS = 10_000
_RULE_HEADER = ("column", "rule", "required", "unit", "meaning")


def write_template(feed: Feed | str, out: Path) -> Path:
    """Write the template workbook of ``feed`` to ``out`` (.xlsx) and return ``out``.

    The header row carries a comment per column, choices have a drop-down, identifiers are text cells (so
    that Excel keeps leading zeros). Raises KeyError for a feed that is not installed, OSError when ``out``
    cannot be written.
    """
    declared = registry()[feed] if isinstance(feed, str) else feed
    out.parent.mkdir(parents=True, exist_ok=True)
    workbook = Workbook(str(out), {"in_memory": True})
    workbook.set_properties(
        {"title": f"{declared.name} template", "author": "WattLedger", "created": _CREATED}
    )
    head = workbook.add_format({"bold": True, "bg_color": "#DDEBF7", "bottom": 1})
    wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
    patterns = {_CURVE_PATTERN, *map(_pattern, declared.columns)}
    formats = {pattern: workbook.add_format({"num_format": pattern}) for pattern in sorted(patterns)}
    _write_data_sheet(workbook.add_worksheet(declared.name), declared, head, formats)
    _write_rules_sheet(workbook.add_worksheet(RULES_SHEET), declared, head, wrap)
    workbook.close()
    return out


_CURVE_PATTERN = "0.000"


def _pattern(column: FileColumn) -> str:
    """Excel number format of a column; months and moments are text, because Excel would redate them."""
    if isinstance(column, DecimalColumn):
        return f"0.{'0' * column.scale}"
    if isinstance(column, Whole):
        return "0"
    return "yyyy-mm-dd" if isinstance(column, Day) and not isinstance(column, Month) else "@"


def _write_data_sheet(sheet: Worksheet, feed: Feed, head: Format, formats: dict[str, Format]) -> None:
    """Header with comments and drop-downs; no example row that could be delivered by mistake."""
    sheet.freeze_panes(1, len(feed.key))
    sheet.set_comments_author("WattLedger")
    for index, column in enumerate(feed.columns):
        sheet.set_column(index, index, max(14, len(column.name) + 2), formats[_pattern(column)])
        sheet.write_string(0, index, column.name, head)
        required = "required" if column.required else f"optional, default {column.default or 'blank'}"
        note = f"{column.note_zh}\n{column.note}" if column.note_zh else column.note
        sheet.write_comment(0, index, f"{note}\n{_rule(column)}\n{required}", {"x_scale": 2})
        if isinstance(column, Choice):
            allowed = {"validate": "list", "source": list(column.choices)}
            message = {"error_title": column.name, "error_message": column.rule()[:255]}
            sheet.data_validation(1, index, _FILLABLE_ROWS, index, allowed | message)
    if feed.curve:
        first = len(feed.columns)
        sheet.set_column(first, first + feed.curve.count - 1, 10, formats[_CURVE_PATTERN])
        for slot, name in enumerate(feed.curve.names, start=1):
            sheet.write_string(0, first + slot - 1, name, head)
            sheet.write_comment(0, first + slot - 1, f"{feed.curve.period(slot)} UTC+8\n{feed.curve.rule()}")


def _write_rules_sheet(sheet: Worksheet, feed: Feed, head: Format, wrap: Format) -> None:
    """One line per column with its rule; the intake ignores this sheet."""
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 48, wrap)
    sheet.set_column(2, 3, 12)
    sheet.set_column(4, 5, 60, wrap)
    sheet.write_string(0, 0, f"{feed.name}: {feed.title}{f' / {feed.title_zh}' if feed.title_zh else ''}")
    sheet.write_string(
        1, 0, f"A record is identified by {', '.join(feed.key)}; deliver it again to correct it."
    )
    groups = [f"at least one of {', '.join(group)}" for group in feed.at_least_one]
    if groups:
        sheet.write_string(2, 0, f"A record fills {', and '.join(groups)}.")
    sheet.write_row(3, 0, _RULE_HEADER, head)
    for row, column in enumerate(feed.columns, start=4):
        required = "yes" if column.required else "no"
        sheet.write_row(row, 0, (column.name, _rule(column), required, column.unit, column.note))
        if column.note_zh:
            sheet.write_string(3, 5, "说明", head)
            sheet.write_string(row, 5, column.note_zh, wrap)
    if feed.curve:
        sheet.write_row(4 + len(feed.columns), 0, _curve_rule(feed.curve))


def _rule(column: FileColumn) -> str:
    """Rule of a column with its unit."""
    return f"{column.rule()}{f', in {column.unit}' if column.unit else ''}"


def _curve_rule(curve: Curve) -> tuple[str, str, str, str, str]:
    """Rules line of the slots."""
    span = f"slots of the day, {curve.names[0]} = {curve.period(1)} to {curve.names[-1]}"
    return (f"{curve.names[0]} to {curve.names[-1]}", curve.rule(), "yes", curve.unit, span)
