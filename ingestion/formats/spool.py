"""A source's large CSV file as the UTF-8 file with commas that the feeds' own reader takes in blocks.

Encoding, delimiter and title rows are those of the profile; every line keeps its number.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from ingestion.content import Content
from ingestion.formats.profile import SourceProfile
from ingestion.formats.source_file import codec_of, with_commas, wrong_encoding
from ingestion.formats.text_blocks import BLOCK_BYTES, text_blocks


@contextmanager
def spooled(content: Content, profile: SourceProfile, size: int = BLOCK_BYTES) -> Iterator[Content]:
    """The file in a temporary one that is deleted afterwards; FileRefused when its encoding is wrong."""
    handle, name = tempfile.mkstemp(prefix="wattledger-spool-", suffix=".csv")
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            for text in _lines(content, profile, size):
                out.write(text.encode("utf-8", "surrogatepass"))
        content.check_unchanged()
        yield Content.unhashed(path)
    finally:
        path.unlink(missing_ok=True)


def _lines(content: Content, profile: SourceProfile, size: int) -> Iterator[str]:
    """Blocks of lines, separated by commas, with the titles above the header blanked."""
    titles = profile.header_row - 1
    refuse = partial(wrong_encoding, profile)
    for text in text_blocks(content, codec_of(profile.encoding), refuse, size):
        lines = with_commas(text, profile.delimiter) if profile.delimiter != "," else text
        while titles and lines:
            # a title is blanked, not cut, so that line numbers stay those of the file
            _, end, lines = lines.partition("\n")
            titles -= bool(end)
            yield end
        yield lines
