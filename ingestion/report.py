"""What an intake tells its caller: one report per delivery, its refusals and its findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

REPORTED: Final = 10_000
Status = Literal["landed", "partly", "duplicate", "unreadable"]


def describe(
    file_name: str,
    sheet: str | None,
    line_no: int | None,
    field_name: str | None,
    value: str | None,
    problem: str,
    remedy: str,
) -> str:
    """One sentence that names file, line, field, value and remedy, as far as each is known.

    >>> describe("a.csv", None, 7, "p13", "-3.2", "is negative", "deliver 0 or more kWh")
    "a.csv, line 7, field p13: '-3.2' is negative. Remedy: deliver 0 or more kWh."
    """
    where = [file_name]
    if sheet:
        where.append(f"sheet {sheet}")
    if line_no is not None:
        where.append(f"{'row' if sheet else 'line'} {line_no}")
    if field_name:
        where.append(f"field {field_name}")
    subject = f"'{shorten(value)}' " if value is not None else ""
    return f"{', '.join(where)}: {subject}{problem}. Remedy: {remedy}."


def storable(text: str) -> str:
    """Text that database, logs and terminals take: NUL and lone surrogates become \N{REPLACEMENT CHARACTER}.

    A file name that is not UTF-8 holds such surrogates, e.g. a GBK name out of a ZIP archive.
    """
    clean = text.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-16-le", "surrogatepass")
    return clean.decode("utf-16-le", "replace")


def shorten(text: str, limit: int = 80) -> str:
    """Text for a message: control characters shown as \N{REPLACEMENT CHARACTER}, long text cut."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: limit + 1])
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


@dataclass(frozen=True)
class Finding:
    """Something worth telling that refused nothing: an unknown column, a blank slot."""

    file_name: str
    sheet: str | None
    line_no: int | None
    field: str | None
    value: str | None
    code: str
    message: str

    def __str__(self) -> str:
        """The message, which names file, line, field, value and remedy."""
        return self.message


@dataclass(frozen=True)
class Refusal(Finding):
    """A refused record, or a refused file in an ``unreadable`` report; ``raw`` is the record as delivered."""

    raw: str = ""


@dataclass(frozen=True)
class BatchReport:
    """What became of one delivery. ``rows_delivered = rows_landed + rows_quarantined`` always.

    ``status``: landed (every record), partly (some or all records refused), duplicate (the same content
    landed before as batch ``batch_id``; nothing was written), unreadable (refused as a whole; no batch).

    Of a delivery with very many refusals or findings the first ``REPORTED`` of each are here, by line; the
    others are counted as omitted, and stand in ``quarantine.row`` and ``landing.meter_slot_flag``.
    """

    feed: str | None
    file_name: str
    sheet: str | None
    status: Status
    batch_id: int | None = None
    batch_seq: int | None = None
    rows_delivered: int = 0
    rows_landed: int = 0
    rows_quarantined: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    flags: list[Finding] = field(default_factory=list)
    refusals_omitted: int = 0
    flags_omitted: int = 0


class FileRefused(Exception):
    """A whole file or sheet that cannot be taken in; its catcher adds the file's name."""

    def __init__(
        self,
        code: str,
        problem: str,
        remedy: str,
        *,
        line_no: int | None = None,
        field_name: str | None = None,
        value: str | None = None,
    ) -> None:
        """Keep the parts of the message."""
        super().__init__(f"{problem}. Remedy: {remedy}.")
        self.code, self.problem, self.remedy = code, problem, remedy
        self.line_no, self.field_name, self.value = line_no, field_name, value

    def report(self, file_name: str, sheet: str | None = None, feed: str | None = None) -> BatchReport:
        """An ``unreadable`` report that names the file."""
        message = describe(
            file_name, sheet, self.line_no, self.field_name, self.value, self.problem, self.remedy
        )
        refusal = Refusal(file_name, sheet, self.line_no, self.field_name, self.value, self.code, message)
        return BatchReport(feed, file_name, sheet, "unreadable", refusals=[refusal])
