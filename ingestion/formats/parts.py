"""Records of a large file, sorted into parts in a temporary file, so that each part fits into memory.

Records that can only be judged together (the lines of one meter day, the readings of one register) go to the
same part; which one is the caller's business.
"""

from __future__ import annotations

import marshal
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Final

from ingestion.report import FileRefused

PART_BYTES: Final = 8 << 20
"""Text that goes to one part; as cells it takes about fifteen times that."""

LARGEST_PART: Final = 64 << 20
"""A part that grows beyond this holds records that cannot be told apart: the file is refused."""


class Parts:
    """Pieces of plain Python values by part. Use as a context manager; the file has no name."""

    def __init__(self, count: int, largest: int = LARGEST_PART) -> None:
        """Make room for ``count`` parts of at most ``largest`` bytes each."""
        self.count, self._largest = count, largest
        self._pieces: dict[int, list[int]] = defaultdict(list)
        self._sizes = [0] * count
        self._end = 0

    def __enter__(self) -> Parts:
        """Open the file."""
        self._file = tempfile.TemporaryFile(prefix="wattledger-parts-")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Delete the file."""
        self._file.close()

    def add(self, part: int, piece: Any) -> None:  # noqa: ANN401
        """Add a piece (lists, tuples, texts, numbers); FileRefused when the part becomes too large."""
        data = marshal.dumps(piece)
        self._sizes[part] += len(data)
        if self._sizes[part] > self._largest:
            raise FileRefused(
                "TOO_MUCH_AT_ONCE",
                f"has more than {self._largest >> 20} MiB of records that can only be judged together "
                "(of one metering point and day; registers: of one metering point, or of the whole header)",
                "deliver the file in several, e.g. one for each month",
            )
        self._pieces[part].append(self._end)
        self._end += self._file.write(data)

    def __iter__(self) -> Iterator[list[Any]]:
        """The pieces of each part that has any, in the order in which they were added."""
        for part in sorted(self._pieces):
            pieces = []
            for start in self._pieces[part]:
                self._file.seek(start)
                pieces.append(marshal.load(self._file))  # our own file, which has no name
            yield pieces
        self._file.seek(self._end)

    def clear(self) -> None:
        """Begin again."""
        self._pieces.clear()
        self._sizes = [0] * self.count
        self._end = 0
        self._file.seek(0)


def part_count(size: int, part_bytes: int) -> int:
    """How many parts a file of ``size`` bytes takes."""
    return max(-(-size // part_bytes), 1)
