"""A CSV file's bytes as physical lines and as blocks of whole lines, with their line numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from ingestion.report import FileRefused

_READ: Final = 1 << 20
_LONGEST: Final = 64 << 20
_BOM: Final = b"\xef\xbb\xbf"


class CsvLines:
    """A position in a file. ``line_no`` counts the lines consumed so far; the file is closed at its end.

    Lines end in LF, CR LF or CR, as Python's csv module takes them.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Start at the first line, after a byte-order mark."""
        self._file = file
        self._buffer, self._at = b"", 0
        self._ended = False
        self.line_no = 0
        self._offset = 0  # bytes consumed
        self._fill(len(_BOM))
        if self._buffer.startswith(_BOM):
            self._consume(len(_BOM))

    @property
    def offset(self) -> int:
        """Bytes consumed so far."""
        return self._offset

    def take_plain(self, size: int) -> bytes | None:
        """About ``size`` bytes of whole lines; b"" at the end; None (nothing taken) when they are not plain.

        Plain: no quotes, so that every line is a record, and no bare CR.
        """
        self._fill(size)
        block = self._buffer[self._at : self._at + size]
        if len(self._buffer) - self._at > size or not self._ended:
            block = block[: block.rfind(b"\n") + 1]
            if not block:
                return None
        if b'"' in block or b"\0" in block:
            return None
        if b"\r" in block and block.count(b"\r") != block.count(b"\r\n"):
            return None
        self._consume(len(block))
        self.line_no += block.count(b"\n") + (bool(block) and not block.endswith(b"\n"))
        return block

    def take_text(self, size: int) -> str:
        """About ``size`` bytes of whole lines as text, "" at the end; ``line_no`` is left to the caller."""
        wanted, cut = size, 0
        while not cut:
            self._grow(wanted)
            block = self._buffer[self._at : self._at + wanted]
            if self._ended and self._at + wanted >= len(self._buffer):
                cut = len(block)
                break
            # a CR at the very end may be the first half of a CR LF
            cut = block.rfind(b"\n") + 1 or block.rfind(b"\r", 0, -1) + 1
            wanted *= 2
        text = decode(block[:cut], self._offset, self.line_no)
        self._consume(cut)
        return text

    def each(self) -> Iterator[str]:
        """The lines from here on, one by one, consumed as they are taken."""
        while (line := self._line()) is not None:
            yield line

    def _line(self) -> str | None:
        """The next line with its end; None after the last."""
        wanted = _READ
        while (end := self._line_end()) < 0:
            self._grow(wanted)
            wanted += _READ
        if end == self._at:
            return None
        line = decode(self._buffer[self._at : end], self._offset, self.line_no)
        self._consume(end - self._at)
        self.line_no += 1
        return line

    def _line_end(self) -> int:
        """Where the buffer's first line ends; -1 when that cannot be told before more is read."""
        end = self._buffer.find(b"\n", self._at) + 1 or len(self._buffer)
        bare = self._buffer.find(b"\r", self._at, end)
        if 0 <= bare < end - 1 and self._buffer[bare + 1] != 0x0A:
            return bare + 1
        return end if self._buffer[end - 1 : end] == b"\n" or self._ended else -1

    def _grow(self, size: int) -> None:
        """Read on within a line; one without an end would take all memory."""
        if size > _LONGEST:
            raise FileRefused(
                "LINE_TOO_LONG",
                f"has a line of more than {_LONGEST >> 20} MiB",
                "deliver text with one record per line",
                line_no=self.line_no + 1,
            )
        self._fill(size)

    def _fill(self, size: int) -> None:
        """Buffer at least ``size`` bytes if the file has them."""
        have = len(self._buffer) - self._at
        if self._ended or have >= size:
            return
        parts = [self._buffer[self._at :]]
        while have < size:
            part = self._file.read(max(_READ, size - have))
            if not part:
                self._ended = True
                self._file.close()
                break
            parts.append(part)
            have += len(part)
        self._buffer, self._at = b"".join(parts), 0

    def _consume(self, size: int) -> None:
        self._at += size
        self._offset += size


def decode(data: bytes, offset: int, lines_before: int) -> str:
    """UTF-8 text, or FileRefused naming position and line of the first wrong byte in the file."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileRefused(
            "NOT_UTF8",
            f"byte 0x{data[error.start]:02x} at position {offset + error.start} "
            "is not UTF-8 (GBK or binary?)",
            "save the file as 'CSV UTF-8' and deliver it again",
            line_no=lines_before + data.count(b"\n", 0, error.start) + 1,
        ) from error
