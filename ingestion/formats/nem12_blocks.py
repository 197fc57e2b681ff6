"""The 300 records of a NEM12 file by line, each with the 200 above it and the 400s and 500s below."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingestion.feeds.columns import CellError
from ingestion.report import FileRefused


@dataclass
class Block:
    """One 300 record: line and cells of its 200, 300 and following 400 and 500 records."""

    details: list[str]
    line_no: int
    cells: list[str]
    events: list[list[str]] = field(default_factory=list)


def read_blocks(content: bytes) -> tuple[list[Block], dict[int, CellError]]:
    """300 records with what belongs to them, and those that stand under no 200 record."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line_no = content.count(b"\n", 0, error.start) + 1
        raise FileRefused(
            "NOT_UTF8", "is not text", "deliver it as AEMO writes it", line_no=line_no
        ) from error
    blocks: list[Block] = []
    orphans: dict[int, CellError] = {}
    details: list[str] = []
    owner: Block | None = None
    for line_no, line in enumerate(text.splitlines(), start=1):
        cells = _cells(line)
        code = cells[0] if cells else ""
        if code == "100":
            _check_version(cells, line_no)
        elif code == "200":
            details, owner = cells, None
        elif code == "300":
            owner = Block(details, line_no, cells)
            blocks.append(owner)
            if not details:
                orphans[len(blocks) - 1] = CellError(
                    "NO_200_RECORD", "stands under no 200 record", "deliver the whole file"
                )
        elif code in ("400", "500") and owner is not None:
            owner.events.append(cells)
        elif code not in ("", "900", "500"):
            # not a record we know: counted and refused, never skipped in silence
            owner = None
            blocks.append(Block([], line_no, cells))
            orphans[len(blocks) - 1] = CellError(
                "UNKNOWN_RECORD",
                "is no NEM12 record that can stand here",
                "deliver the file as AEMO defines it",
            )
    return blocks, orphans


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
