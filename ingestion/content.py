"""The bytes of one delivery: hashed once, readable as often as needed, never all in memory when large."""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from ingestion.report import FileRefused

IN_MEMORY: Final = 64 << 20
"""Files up to this many bytes are read once and kept; larger ones are read from disk again for each pass."""

_CHUNK: Final = 1 << 20
_HEAD: Final = 4096


@dataclass(frozen=True)
class Content:
    """Bytes of a delivery with their SHA-256; ``head`` is how they begin."""

    sha256: str
    head: bytes
    _data: bytes | None = None
    _path: Path | None = None
    _stamp: tuple[int, int] = (0, 0)

    @classmethod
    def of_bytes(cls, data: bytes) -> Content:
        """Content that is in memory already."""
        return cls(hashlib.sha256(data).hexdigest(), data[:_HEAD], data)

    @classmethod
    def of_path(cls, path: Path) -> Content:
        """Content of a file; OSError when it cannot be read."""
        if path.stat().st_size <= IN_MEMORY:
            return cls.of_bytes(path.read_bytes())
        digest = hashlib.sha256()
        with path.open("rb") as file:
            stamp, head = _stamp(file), file.read(_HEAD)
            digest.update(head)
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        return cls(digest.hexdigest(), head, None, path, stamp)

    @classmethod
    def unhashed(cls, path: Path) -> Content:
        """Content of a file of our own, which nobody needs to know again."""
        with path.open("rb") as file:
            return cls("", file.read(_HEAD), None, path, _stamp(file))

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self._data or b"") if self._path is None else self._stamp[0]

    @property
    def is_blank(self) -> bool:
        """True when there is nothing but blank space (never said of a file that is too large to look)."""
        return self._path is None and not (self._data or b"").strip()

    def open(self) -> BinaryIO:
        """Begin to read from the first byte; FileRefused when it is not the file that was hashed."""
        if self._path is None:
            return io.BytesIO(self._data or b"")
        file = self._path.open("rb")
        if _stamp(file) != self._stamp:
            file.close()
            raise _changed()
        return file

    def check_unchanged(self) -> None:
        """FileRefused when somebody wrote into the file since it was hashed."""
        if self._path is not None:
            self.open().close()

    def read(self) -> bytes:
        """All bytes at once, for formats that cannot be read in parts."""
        with self.open() as file:
            return file.read()


def _stamp(file: BinaryIO) -> tuple[int, int]:
    """Size and time of change of an open file."""
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


def _changed() -> FileRefused:
    return FileRefused(
        "CHANGED_WHILE_READ",
        "was changed while it was taken in, and nothing of it landed",
        "write deliveries under a name that ends in .part and rename them when they are complete",
    )
