"""A large NEM12 file, read record by record into parts, and each part as a table of meter days."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from ingestion.content import Content
from ingestion.feeds.columns import CellError
from ingestion.formats.nem12 import nem12_table
from ingestion.formats.nem12_blocks import Block, Found, each_block, not_text
from ingestion.formats.parts import Parts, part_count
from ingestion.formats.shaped import ShapedTable
from ingestion.formats.shaping import Sizes
from ingestion.formats.text_blocks import text_blocks


@dataclass(frozen=True)
class Nem12File:
    """A file in parts; its tables may be asked for more than once and are the same each time."""

    parts: Parts
    file_name: str

    def tables(self) -> Iterator[ShapedTable]:
        """Meter days of each part; of a file without records, one empty table."""
        empty = True
        for pieces in self.parts:
            empty = False
            yield nem12_table([_found(piece) for piece in pieces], self.file_name)
        if empty:
            yield nem12_table([], self.file_name)


@contextmanager
def nem12_file(content: Content, file_name: str, sizes: Sizes) -> Iterator[Nem12File]:
    """Read a file into parts; FileRefused as the whole file would be."""
    for _ in text_blocks(content, "utf-8", not_text, sizes.block):
        pass  # a file that is not text is refused for that, whatever else is wrong with it
    with Parts(part_count(content.size, sizes.part), sizes.largest) as parts:
        for block, error in each_block(text_blocks(content, "utf-8", not_text, sizes.block)):
            # records of one 200 record's NMI, suffix and of one day may repeat each other
            key = "\x1f".join([*block.details[1:2], *block.details[4:5], *block.cells[1:2]])
            parts.add(crc32(key.encode("utf-8", "surrogatepass")) % parts.count, _piece(block, error))
        content.check_unchanged()
        yield Nem12File(parts, file_name)


def _piece(block: Block, error: CellError | None) -> tuple[Any, ...]:
    """A record as plain values."""
    reason = None if error is None else (error.code, error.problem, error.remedy)
    return block.details, block.line_no, block.cells, block.events, reason


def _found(piece: tuple[Any, ...]) -> Found:
    """The record again."""
    *block, reason = piece
    return Block(*block), CellError(*reason) if reason else None
