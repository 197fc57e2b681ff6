"""The quick way through a block of plain lines: pyarrow splits and reads it, and every value is proved exact.

Only for blocks in which nothing is remarkable but blank slots. For anything else ``parse_plain`` gives None,
and the block is parsed cell by cell, which finds out what is wrong and says so.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from ingestion.csv_file import PlainBlock
from ingestion.feeds.base import Feed
from ingestion.feeds.columns import CellError, DecimalColumn, FileColumn, TextColumn, Value
from ingestion.feeds.curve import Curve
from ingestion.parsing import Bools, Ints, ParsedTable, missing_slots, parse_cell
from ingestion.readers import RawTable

_PLAIN: Final = b"0123456789.-"
_CONTROLS: Final = bytes(range(0x20)) + b"\x7f"
_EXACT_LENGTH: Final = 16  # 15 digits and a point: then the nearest double tells the decimal exactly
_COMMA, _LINE_END = 0x2C, 0x0A


def parse_plain(feed: Feed, block: PlainBlock, file_name: str) -> ParsedTable | None:
    """All records of the block as values that can land; None when any is refused, odd or not surely exact.

    Duplicate keys are not looked for.
    """
    curve = feed.curve
    if curve is None or feed.needs or feed.at_least_one:
        return None
    if any(isinstance(column, DecimalColumn) for column in feed.columns):
        return None  # narrow feeds are small
    position = {name: index for index, name in enumerate(block.header)}
    lengths = _cell_lengths(block)
    if lengths is None:
        return None
    at = [position[name] for name in curve.names]
    if int(lengths[:, at].max()) > _EXACT_LENGTH:
        return None
    texts = [index for index in range(len(block.header)) if index not in set(at)]
    table = _read(block, set(at))
    if table is None or table.num_rows != len(lengths) or not _is_plain(block, table, texts):
        return None
    values: dict[str, list[Value | None]] = {}
    for column in feed.columns:
        index = position.get(column.name)
        parsed = _values(column, table.column(index).chunk(0) if index is not None else None, len(lengths))
        if parsed is None:
            return None
        values[column.name] = parsed
    slots = _slots(curve, table, at)
    if slots is None or not _in_order(feed, values):
        return None
    return _table(feed, block, file_name, values, *slots)


def _table(
    feed: Feed,
    block: PlainBlock,
    file_name: str,
    values: dict[str, list[Value | None]],
    slots: Ints,
    missing: Bools,
) -> ParsedTable:
    """The parsed block, with a finding for each record with blank slots."""
    assert feed.curve is not None
    lines = list(range(block.first_line, block.first_line + len(slots)))
    raw = RawTable(block.header, block.header_line, np.empty((0, len(block.header)), dtype=object), [])
    findings = missing_slots(feed.curve, raw, file_name, lines, missing)
    return ParsedTable(feed, len(lines), lines, values, slots, missing, [], findings, raw)


def _cell_lengths(block: PlainBlock) -> npt.NDArray[np.int64] | None:
    """Length in bytes of each cell, shape (records, columns); None when a line has more or fewer cells."""
    width = len(block.header)
    data = np.frombuffer(block.data if block.data.endswith(b"\n") else block.data + b"\n", dtype=np.uint8)
    ends = np.flatnonzero((data == _COMMA) | (data == _LINE_END))
    if len(ends) % width:
        return None
    last = ends[width - 1 :: width]
    # as many line ends as records, each where a record must end
    if (data[last] != _LINE_END).any() or np.count_nonzero(data[ends] == _LINE_END) != len(last):
        return None
    return (np.diff(ends, prepend=-1) - 1).reshape(-1, width)


def _read(block: PlainBlock, numeric: set[int]) -> pa.Table | None:
    """Curve columns as doubles (a blank is null), the others as text; None when a cell is not a number."""
    names = [str(index) for index in range(len(block.header))]
    types = {name: pa.float64() if int(name) in numeric else pa.string() for name in names}
    try:
        return pcsv.read_csv(
            pa.py_buffer(block.data),
            read_options=pcsv.ReadOptions(
                column_names=names, use_threads=False, block_size=len(block.data) + 1024
            ),
            parse_options=pcsv.ParseOptions(quote_char=False, ignore_empty_lines=False),
            convert_options=pcsv.ConvertOptions(
                column_types=types, null_values=[""], strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None


def _is_plain(block: PlainBlock, table: pa.Table, texts: list[int]) -> bool:
    """Whether curve cells hold digits, points and signs only: no blank space, exponent, NaN or infinity.

    Every byte of the block lies in a text cell, in a curve cell or between them, so the odd bytes of the
    whole must be those of the text cells.
    """
    odd = len(block.data.translate(None, _PLAIN + b",\r\n"))
    return odd == sum(len(_bytes(table.column(index).chunk(0)).translate(None, _PLAIN)) for index in texts)


def _bytes(column: pa.StringArray) -> bytes:
    """The texts of a column, one behind the other."""
    buffer = column.buffers()[2]
    return b"" if buffer is None else buffer.to_pybytes()[: _end(column)]


def _end(column: pa.StringArray) -> int:
    """How many bytes the texts of a whole, unsliced column take."""
    offsets = np.frombuffer(column.buffers()[1], dtype=np.int32)
    return int(offsets[len(column)])


def _values(column: FileColumn, cells: pa.StringArray | None, rows: int) -> list[Value | None] | None:
    """Values of a column; None when a cell is refused."""
    try:
        if cells is None:
            return [parse_cell(column, "")] * rows
        if isinstance(column, TextColumn) and _lands_as_it_is(column, cells):
            return list(cells.to_pylist())
        coded = cells.dictionary_encode()
        known = [parse_cell(column, text.strip()) for text in coded.dictionary.to_pylist()]
    except CellError:
        return None
    return [known[code] for code in coded.indices.to_pylist()]


def _lands_as_it_is(column: TextColumn, cells: pa.StringArray) -> bool:
    """Whether no cell is blank, long, padded, or holds a control character."""
    data = _bytes(cells)
    if not data.isascii() or len(data.translate(None, _CONTROLS)) != len(data):
        return False
    lengths = np.diff(np.frombuffer(cells.buffers()[1], dtype=np.int32)[: len(cells) + 1])
    fits = int(lengths.min()) > 0 and int(lengths.max()) <= column.max_length
    return fits and (b" " not in data or pc.all(pc.equal(pc.ascii_trim_whitespace(cells), cells)).as_py())


def _slots(curve: Curve, table: pa.Table, at: list[int]) -> tuple[Ints, Bools] | None:
    """Landing integers and mask of blank slots, (records, slots); None unless all are exact.

    n / 1000 is the nearest double of n thousandths, and decimals of at most 15 digits have distinct nearest
    doubles: so ``n / 1000 == x`` holds if and only if the text denotes n thousandths.
    """
    columns = [table.column(index).chunk(0) for index in at]
    missing = np.zeros((len(at), table.num_rows), dtype=np.bool_)
    if any(column.null_count for column in columns):
        if not curve.blank_allowed:
            return None
        missing = np.stack([column.is_null().to_numpy(zero_copy_only=False) for column in columns])
        columns = [column.fill_null(0.0) for column in columns]
    numbers = np.stack([column.to_numpy() for column in columns])
    scaled = np.rint(numbers * 1000)
    low = curve.minimum if curve.minimum is not None else -curve.maximum
    if (scaled / 1000 != numbers).any() or scaled.max() > curve.maximum or scaled.min() < low:
        return None
    return scaled.astype(np.int64).T, missing.T


def _in_order(feed: Feed, values: dict[str, list[Value | None]]) -> bool:
    """Whether no later day lies before its earlier one."""
    return all(
        start is None or end is None or start <= end  # type: ignore[operator]
        for earlier, later in feed.in_order
        for start, end in zip(values[earlier], values[later], strict=True)
    )
