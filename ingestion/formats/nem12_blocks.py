"""The 300 records of a NEM12 file by line, each with the 200 above it and the 400s and 500s below."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from ingestion.content import Content
from ingestion.feeds.columns import CellError
from ingestion.formats.text_blocks import text_blocks
from ingestion.readers import physical_lines
from ingestion.report import FileRefused

_MOST_EVENTS: Final = 10_000


@dataclass
class Block:
    """One 300 record: line and cells of its 200, 300 and following 400 and 500 records."""

    details: list[str]
    line_no: int
    cells: list[str]
    events: list[list[str]] = field(default_factory=list)


Found = tuple[Block, CellError | None]
"""A record, and why it cannot land whatever it says."""


def read_blocks(content: bytes) -> list[Found]:
    """300 records with what belongs to them, and lines that are no record that can stand there."""
    return list(each_block(text_blocks(Content.of_bytes(content), "utf-8", not_text, max(len(content), 1))))


def not_text(byte: int, position: int, line_no: int) -> FileRefused:
    """The refusal of a file that is not UTF-8."""
    return FileRefused("NOT_UTF8", "is not text", "deliver it as AEMO writes it", line_no=line_no)


def each_block(texts: Iterable[str]) -> Iterator[Found]:
    """The records of a file that comes in blocks of whole lines; each when the next one begins."""
    details: list[str] = []
    last: Found | None = None
    owner: Block | None = None
    for line_no, line in enumerate((line for text in texts for line in physical_lines(text)), start=1):
        cells = _cells(line)
        code = cells[0] if cells else ""
        began: Found | None = None
        if code == "100":
            _check_version(cells, line_no)
        elif code == "200":
            details, owner = cells, None
        elif code == "300":
            owner = Block(details, line_no, cells)
            began = owner, None if details else _no_details()
        elif code in ("400", "500") and owner is not None:
            owner.events.append(cells)
            if len(owner.events) > _MOST_EVENTS:
                raise _too_many_events(line_no)
        elif code not in ("", "900", "500"):
            # not a record we know: counted and refused, never skipped in silence
            owner = None
            began = Block([], line_no, cells), _unknown_record()
        if began:
            if last:
                yield last
            last = began
    if last:
        yield last


def _no_details() -> CellError:
    return CellError("NO_200_RECORD", "stands under no 200 record", "deliver the whole file")


def _unknown_record() -> CellError:
    return CellError(
        "UNKNOWN_RECORD", "is no NEM12 record that can stand here", "deliver the file as AEMO defines it"
    )


def _too_many_events(line_no: int) -> FileRefused:
    """A day has at most 288 intervals."""
    return FileRefused(
        "UNKNOWN_FORMAT",
        f"has more than {_MOST_EVENTS:,} event records under one 300 record",
        "deliver the file as AEMO defines it",
        line_no=line_no,
    )


def _cells(line: str) -> list[str]:
    """Stripped cells of a line; a line that is no CSV is one cell."""
    try:
        return [cell.strip() for cell in next(csv.reader([line]), [])]
    except csv.Error:
        return [line.strip()]


def _check_version(cells: list[str], line_no: int) -> None:
    """Refuse NEM13 by name, and everything else that is not NEM12."""
    version = cells[1].upper() if len(cells) > 1 else ""
    if version == "NEM13":
        raise FileRefused(
            "NEM13_REFUSED",
            "is NEM13 (accumulated registers between two visits), which has no intervals",
            "deliver NEM12 interval data, or the registers as feed register_reading",
            line_no=line_no,
            field_name="version",
            value=version,
        )
    if version != "NEM12":
        raise FileRefused(
            "UNKNOWN_FORMAT",
            "is not NEM12",
            "deliver NEM12",
            line_no=line_no,
            field_name="version",
            value=version,
        )


def as_text(block: Block) -> str:
    """The record as delivered, with its events."""
    return "\n".join(",".join(cells) for cells in _records(block))


def _records(block: Block) -> Iterator[list[str]]:
    yield block.cells
    yield from block.events
