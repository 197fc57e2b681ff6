"""Where a workbook has cells, without making those that it has not.

openpyxl makes every cell up to the last one when asked for rows, and every cell of a merged range: with one
stray cell in XFD1048576 these are seventeen thousand million.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from zipfile import ZipFile

from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

LARGEST_UNPACKED = 400_000_000  # bytes; ordinary workbooks unpack to ten times their size
MOST_MERGED = 500_000  # cells; openpyxl makes every cell of a merged range
_HEADER_ROWS = 1000  # no header stands lower, see SourceProfile.header_row
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([^\"]*)\"")


class TooLarge(ValueError):
    """A workbook that would need too much memory as a whole."""


@dataclass
class Filled:
    """The filled cells of a sheet: first column by row, and places of texts where a header may stand."""

    first_column: dict[int, int] = field(default_factory=dict)
    places: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def columns(self, names: set[str], row: int) -> list[int]:
        """Columns of the highest row, down to ``row``, in which one of ``names`` (lower case) stands."""
        found = [place for name in names for place in self.places.get(name, ()) if place[0] <= row]
        top = min((place[0] for place in found), default=0)
        return sorted(column for line, column in found if line == top)


def filled_cells(sheet: Worksheet) -> Filled:
    """Index of the cells that the sheet really has."""
    filled = Filled()
    for (row, column), cell in sheet._cells.items():  # iter_rows() would make every cell up to the last one
        if cell.value is None:
            continue
        filled.first_column[row] = min(column, filled.first_column.get(row, column))
        if row <= _HEADER_ROWS:
            filled.places.setdefault(str(cell.value).strip().lower(), []).append((row, column))
    return filled


def check_bounds(content: bytes) -> None:
    """Raise TooLarge for an archive that unpacks, or merged ranges that spread, beyond all use."""
    with ZipFile(io.BytesIO(content)) as archive:
        if sum(info.file_size for info in archive.infolist()) > LARGEST_UNPACKED:
            raise TooLarge(f"it unpacks to more than {LARGEST_UNPACKED // 1_000_000} MB")
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        merged = sum(_area(ref.decode()) for name in sheets for ref in _MERGED.findall(archive.read(name)))
    if merged > MOST_MERGED:
        raise TooLarge(f"its merged ranges hold more than {MOST_MERGED:,} cells")


def _area(reference: str) -> int:
    """Cells of a range such as A1:C4."""
    first_column, first_row, last_column, last_row = (bound or 1 for bound in range_boundaries(reference))
    return (last_column - first_column + 1) * (last_row - first_row + 1)
