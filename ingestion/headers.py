"""The header row of a delivery against its feed."""

from __future__ import annotations

from difflib import get_close_matches

from ingestion.feeds.base import Feed
from ingestion.report import FileRefused, Finding, describe


def check_header(
    feed: Feed, header: list[str], header_line: int, file_name: str, sheet: str | None = None
) -> list[Finding]:
    """Findings on columns that the feed does not know; those are left out and the file still lands.

    Raises FileRefused when a required column is missing or a column of the feed stands twice.
    """
    _refuse_repeated(feed, header, header_line)
    unknown = [name for name in header if name not in feed.file_columns]
    absent = [name for name in feed.required_columns if name not in header]
    if absent:
        raise _missing_column(feed, header, header_line, absent, unknown)
    findings = []
    for name in unknown:
        near = get_close_matches(name, feed.file_columns, n=1)
        hint = f"rename it to {near[0]!r}" if near else "remove the column"
        problem = f"is not a column of feed {feed.name} and was left out; its columns are {_allowed(feed)}"
        message = describe(file_name, sheet, header_line, name or "blank", name, problem, hint)
        findings.append(Finding(file_name, sheet, header_line, name, name, "UNKNOWN_COLUMN", message))
    return findings


def _refuse_repeated(feed: Feed, header: list[str], header_line: int) -> None:
    """Raise when a column of the feed stands twice: which of the two is meant cannot be known."""
    seen: set[str] = set()
    for name in header:
        if name in seen and name in feed.file_columns:
            raise FileRefused(
                "DUPLICATE_COLUMN",
                f"stands more than once in the header of feed {feed.name}",
                "keep one of the two columns",
                line_no=header_line,
                field_name=name,
                value=name,
            )
        seen.add(name)


def _missing_column(
    feed: Feed, header: list[str], header_line: int, absent: list[str], unknown: list[str]
) -> FileRefused:
    """Refusal that names the missing columns, the allowed ones and the likely remedy."""
    near = get_close_matches(absent[0], unknown, n=1)
    hint = f"rename column {near[0]!r} to {absent[0]!r}" if near else f"add column {absent[0]!r}"
    separator = next((s for s in (";", "\t", "|") if s in header[0]), None)
    if separator and len(header) == 1:
        hint = f"separate cells by commas instead of {separator!r}"
    more = f" (and {len(absent) - 1} more: {', '.join(absent[1:6])})" if len(absent) > 1 else ""
    return FileRefused(
        "MISSING_COLUMN",
        f"is missing from the header of feed {feed.name}{more}; its columns are {_allowed(feed)}",
        hint,
        line_no=header_line,
        field_name=absent[0],
        value=absent[0],
    )


def _allowed(feed: Feed) -> str:
    """Columns of a feed for a message, the curve abbreviated."""
    names = [column.name for column in feed.columns]
    if feed.curve:
        names.append(f"{feed.curve.names[0]} to {feed.curve.names[-1]}")
    return ", ".join(names)
