"""A file's bytes as blocks of decoded whole lines, whatever the encoding and the size of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from ingestion.content import Content
from ingestion.report import FileRefused

BLOCK_BYTES: Final = 1 << 20
LONGEST: Final = 64 << 20
_BOM: Final = b"\xef\xbb\xbf"
Refuse = Callable[[int, int, int], FileRefused]
"""Makes the refusal of a wrong byte out of the byte, its position in the file and its line."""


def text_blocks(content: Content, codec: str, refuse: Refuse, size: int = BLOCK_BYTES) -> Iterator[str]:
    """Decoded blocks that end where a line ends; a byte-order mark is left out.

    LF and CR are no part of any longer sequence, neither in UTF-8 nor in GB 18030, so a cut behind them cuts
    no character.
    """
    rest, offset, line_no, ended = b"", 0, 1, False
    with content.open() as file:
        while not ended:
            more = file.read(size)
            ended = not more
            block = rest + more
            if not offset and codec == "utf-8" and len(block) < len(_BOM) and not ended:
                rest = block
                continue
            if not offset and codec == "utf-8" and block.startswith(_BOM):
                block, offset = block[len(_BOM) :], len(_BOM)
            cut = len(block) if ended else block.rfind(b"\n") + 1 or block.rfind(b"\r", 0, -1) + 1
            if not cut and len(block) > LONGEST:
                raise FileRefused(
                    "LINE_TOO_LONG",
                    f"has a line of more than {LONGEST >> 20} MiB",
                    "deliver text with one record per line",
                    line_no=line_no,
                )
            taken, rest = block[:cut], block[cut:]
            try:
                text = taken.decode(codec)
            except UnicodeDecodeError as error:
                line_no += taken.count(b"\n", 0, error.start)
                raise refuse(taken[error.start], offset + error.start, line_no) from error
            offset += cut
            line_no += taken.count(b"\n")
            if text:
                yield text
