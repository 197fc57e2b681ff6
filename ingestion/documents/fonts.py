"""Where the fonts of documents are: in a Python package (OFL), never on the machine.

Noto Serif SC for text and Noto Sans SC for headings, both with Latin letters.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Final

FONT_PACKAGE: Final = "pylopdf_fonts_zh_cn"
FILES: Final = ("NotoSerifSC-Regular.otf", "NotoSansSC-Regular.otf")
SERIF: Final = "Noto Serif SC"
SANS: Final = "Noto Sans SC"


class MissingFontError(RuntimeError):
    """The fonts are not installed; the message says where they come from."""


def font_folder(package: str = FONT_PACKAGE) -> Path:
    """The folder with the font files. Raises MissingFontError."""
    remedy = "Remedy: run `make install`, or install pylopdf-fonts-zh-cn"
    try:
        folder = Path(str(resources.files(package)))
    except ModuleNotFoundError as error:
        raise MissingFontError(
            f"the Chinese fonts (Python package {package}) are absent. {remedy}"
        ) from error
    absent = [name for name in FILES if not (folder / name).is_file()]
    if absent:
        raise MissingFontError(f"{folder} lacks {', '.join(absent)}. {remedy}")
    return folder
