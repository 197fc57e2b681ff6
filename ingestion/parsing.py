"""Apply a feed's declaration to a whole table of raw text: typed values, refusals and findings.

Works by column: each distinct text of a column is parsed once, and a curve is parsed as one block. No row
loops over cells, no database. One refused record has one refusal, for its first wrong field in file order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import CellError, FileColumn, Value
from ingestion.feeds.curve import Curve
from ingestion.filled import check_filled
from ingestion.headers import check_header
from ingestion.needs import check_needs
from ingestion.readers import BrokenLine, Cells, RawTable, as_csv
from ingestion.report import Finding, Refusal, describe, shorten, storable

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
CellFault = tuple[str, str, CellError]  # field, value as delivered, what is wrong

_NUMBER_CHARACTERS = "0123456789.-"
_ROWS_AT_ONCE = 5_000
_EXACT_LENGTH = 16  # 15 digits and a point


@dataclass(frozen=True)
class ParsedTable:
    """Records that can land, by column, and everything there is to say about the others.

    ``values[column]`` has one entry per record that can land, ``slots`` and ``missing`` the shape (records,
    slots).
    """

    feed: Feed
    delivered: int
    lines: list[int]
    values: dict[str, list[Value | None]]
    slots: Ints | None
    missing: Bools | None
    refusals: list[Refusal]
    findings: list[Finding]
    raw: RawTable

    def rows_without(self, kept: Bools) -> list[int]:
        """Rows of ``raw`` of the records outside ``kept`` (a mask of the records that can land)."""
        row_of = {line_no: row for row, line_no in enumerate(self.raw.lines)}
        return [
            row_of[line_no] for line_no, stays in zip(self.lines, kept.tolist(), strict=True) if not stays
        ]


def parse_table(feed: Feed, raw: RawTable, file_name: str) -> ParsedTable:
    """Check and convert a raw table; FileRefused when a required column is missing or a name repeats."""
    findings = check_header(feed, raw.header, raw.header_line, file_name, raw.sheet)
    parsed = parse_records(feed, raw, file_name)
    return replace(parsed, findings=findings + parsed.findings)


def parse_records(
    feed: Feed, raw: RawTable, file_name: str, *, checks_duplicates: bool = True
) -> ParsedTable:
    """Check and convert records whose header is known to be good.

    Without ``checks_duplicates`` a key may stand twice: then who lands the records must see to it.
    """
    position = {name: index for index, name in enumerate(raw.header)}
    faults: dict[int, CellFault] = {}
    values: dict[str, list[Value | None]] = {}
    for column in feed.columns:
        index = position.get(column.name)
        cells = raw.cells[:, index].tolist() if index is not None else [""] * len(raw.lines)
        values[column.name] = _parse_column(column, cells, faults)
    slots = missing = None
    if feed.curve:
        block = raw.cells[:, [position[name] for name in feed.curve.names]]
        slots, missing = _parse_curve(feed.curve, block, faults)
    _check_order(feed, values, raw, faults)
    check_needs(feed, values, faults)
    check_filled(feed, values, faults)
    if checks_duplicates:
        _check_duplicates(feed, values, raw, faults)
    refusals = [refuse(raw, file_name, row, *fault) for row, fault in sorted(faults.items())]
    refusals += [_refuse_broken(raw, file_name, line) for line in raw.broken]
    keep = [row for row in range(len(raw.lines)) if row not in faults]
    if faults:
        values = {name: [column[row] for row in keep] for name, column in values.items()}
        slots = slots[keep] if slots is not None else None
        missing = missing[keep] if missing is not None else None
    lines = [raw.lines[row] for row in keep]
    findings = []
    if feed.curve and missing is not None:
        findings = missing_slots(feed.curve, raw, file_name, lines, missing)
    delivered = len(raw.lines) + len(raw.broken)
    return ParsedTable(feed, delivered, lines, values, slots, missing, refusals, findings, raw)


def _refuse_broken(raw: RawTable, file_name: str, line: BrokenLine) -> Refusal:
    """Build the refusal of a line that does not fit under the header."""
    value = shorten(line.raw)
    message = describe(file_name, raw.sheet, line.line_no, None, value, line.problem, line.remedy)
    return Refusal(file_name, raw.sheet, line.line_no, None, value, line.code, message, line.raw)


def refuse(
    raw: RawTable, file_name: str, row: int, field_name: str | None, value: str | None, error: CellError
) -> Refusal:
    """Build the refusal of one record."""
    line_no = raw.lines[row]
    message = describe(file_name, raw.sheet, line_no, field_name, value, error.problem, error.remedy)
    raw_text = as_csv(raw.cells[row].tolist())
    shown = storable(value) if value is not None else None
    return Refusal(file_name, raw.sheet, line_no, field_name, shown, error.code, message, storable(raw_text))


def _parse_column(column: FileColumn, cells: list[str], faults: dict[int, CellFault]) -> list[Value | None]:
    """Parse each distinct text once; a wrong one marks its rows."""
    parsed: dict[str, Value | None] = {}
    wrong: dict[str, CellError] = {}
    for text in set(cells):
        parsed[text] = None
        try:
            parsed[text] = parse_cell(column, text.strip())
        except CellError as error:
            wrong[text] = error
    if wrong:
        for row, text in enumerate(cells):
            if text in wrong:
                faults.setdefault(row, (column.name, text, wrong[text]))
    return [parsed[text] for text in cells]


def parse_cell(column: FileColumn, text: str) -> Value | None:
    """Value of one stripped cell; blank means default, NULL or a refusal."""
    if text:
        return column.parse(text)
    if column.required:
        raise CellError("MISSING_FIELD", "is blank", f"fill it: {column.rule()}")
    return None if column.default is None else column.parse(column.default)


def _parse_curve(curve: Curve, block: Cells, faults: dict[int, CellFault]) -> tuple[Ints, Bools]:
    """Landing integers and the mask of blank slots, shape (records, slots); wrong cells mark their rows."""
    slots, blank = np.empty(block.shape, dtype=np.int64), np.empty(block.shape, dtype=np.bool_)
    for start in range(0, len(block), _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        slots[part], blank[part] = _parse_rows(curve, block[part], faults, start)
    return slots, blank


def _parse_rows(curve: Curve, block: Cells, faults: dict[int, CellFault], first: int) -> tuple[Ints, Bools]:
    """Some rows of the curve, the first of which is row ``first``."""
    fast = _parse_plain_block(curve, block)
    if fast is not None:
        slots, blank = fast
        if curve.blank_allowed or not blank.any():
            return slots, blank
    parsed: dict[str, int] = {}
    wrong: dict[str, CellError] = {}
    for text in set(block.ravel().tolist()):
        try:
            parsed[text] = _parse_slot(curve, text.strip())
        except CellError as error:
            parsed[text] = 0
            wrong[text] = error
    flat = block.ravel().tolist()
    slots = np.array([parsed[text] for text in flat], dtype=np.int64).reshape(block.shape)
    blank = np.array([not text.strip() for text in flat], dtype=bool).reshape(block.shape)
    if wrong:
        bad = np.array([text in wrong for text in flat], dtype=bool).reshape(block.shape)
        for row in np.flatnonzero(bad.any(axis=1)).tolist():
            slot = int(bad[row].argmax())
            cell = block[row, slot]
            faults.setdefault(first + row, (curve.names[slot], cell, wrong[cell]))
    return slots, blank


def _parse_slot(curve: Curve, text: str) -> int:
    """Landing value of one stripped cell, 0 for an allowed blank."""
    if text:
        return curve.parse(text)
    if not curve.blank_allowed:
        raise CellError("MISSING_FIELD", "is blank", f"fill it: {curve.rule()}")
    return 0


def _parse_plain_block(curve: Curve, block: Cells) -> tuple[Ints, Bools] | None:
    """Parse the block at once if every cell is blank or a plain, exact, allowed number; else None.

    Exact in spite of the float: decimals of at most 15 digits have distinct nearest doubles, and both
    float() and the division round correctly, so n / 1000 == x holds if and only if the text denotes n
    thousandths.
    """
    flat = block.ravel().tolist()
    if "".join(flat).strip(_NUMBER_CHARACTERS) or max(map(len, flat), default=0) > _EXACT_LENGTH:
        return None
    blank = block == ""
    try:
        numbers = np.where(blank, "0", block).astype(np.float64)
    except ValueError:
        return None
    scaled = np.rint(numbers * 1000)
    low = curve.minimum if curve.minimum is not None else -curve.maximum
    if (scaled / 1000 != numbers).any() or (scaled > curve.maximum).any() or (scaled < low).any():
        return None
    return scaled.astype(np.int64), blank


def _check_order(
    feed: Feed, values: dict[str, list[Value | None]], raw: RawTable, faults: dict[int, CellFault]
) -> None:
    """Refuse records whose later day lies before the earlier one, or whose larger decimal is the smaller."""
    for earlier, later in feed.in_order:
        for row, (start, end) in enumerate(zip(values[earlier], values[later], strict=True)):
            if start is None or end is None or row in faults:
                continue
            first, last = (Decimal(value) if isinstance(value, str) else value for value in (start, end))
            if last < first:  # type: ignore[operator]
                word, kind = ("before", "days") if isinstance(start, date) else ("below", "values")
                error = CellError(
                    "OUT_OF_RANGE", f"is {word} {earlier} {start}", f"correct one of the two {kind}"
                )
                faults[row] = (later, str(end), error)


def _check_duplicates(
    feed: Feed, values: dict[str, list[Value | None]], raw: RawTable, faults: dict[int, CellFault]
) -> None:
    """Refuse a record whose key stands on an earlier line: which of the two is right cannot be known here."""
    keys = list(zip(*(values[name] for name in feed.key), strict=True))
    if len(set(keys)) == len(keys):
        return
    first: dict[tuple[Value | None, ...], int] = {}
    for row, key in enumerate(keys):
        if row in faults:
            continue
        seen = first.setdefault(key, row)
        if seen != row:
            same = bool((raw.cells[seen] == raw.cells[row]).all())
            faults[row] = (*key_of(feed, values, row), repeats(raw.lines[seen], same))


def repeats(line_no: int, same: bool) -> CellError:
    """Say that the record's key stands on an earlier line, with the same values or others."""
    problem = f"repeats the key of line {line_no} with {'equal' if same else 'other'} values"
    remedy = (
        f"remove the line; line {line_no} landed"
        if same
        else f"line {line_no} landed; deliver the right record in a new file as a correction"
    )
    return CellError("DUPLICATE_IN_FILE", problem, remedy)


def key_of(feed: Feed, values: dict[str, list[Value | None]], row: int) -> tuple[str, str]:
    """Names and values of the key of one record, for a message."""
    return ", ".join(feed.key), ", ".join(str(values[name][row]) for name in feed.key)


def missing_slots(
    curve: Curve, raw: RawTable, file_name: str, lines: list[int], missing: Bools
) -> list[Finding]:
    """One finding per landed record with blank slots."""
    findings = []
    for row in np.flatnonzero(missing.any(axis=1)).tolist():
        slots = (np.flatnonzero(missing[row]) + 1).tolist()
        field_name = curve.names[slots[0] - 1]
        shown = ", ".join(f"{curve.names[s - 1]} ({curve.period(s)})" for s in slots[:3])
        more = f" and {len(slots) - 3} more" if len(slots) > 3 else ""
        problem = f"is blank; slots missing: {len(slots)}, {shown}{more}; the record landed and is flagged"
        remedy = "deliver the record again with the missing values; until then the slots stay missing"
        message = describe(file_name, raw.sheet, lines[row], field_name, "", problem, remedy)
        findings.append(Finding(file_name, raw.sheet, lines[row], field_name, "", "MISSING_SLOT", message))
    return findings
