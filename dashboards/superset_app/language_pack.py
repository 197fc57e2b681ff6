"""Superset's Chinese pack without its guesses.

The wheel compiles in 1,647 entries that gettext marked fuzzy (taken from a similar English text), many wrong:
"Main" became 最小值, "More Options" 热图选项. Dropping them shows the English word, which is at least right.
"""

from __future__ import annotations

import json
import os
from importlib.metadata import version
from pathlib import Path

OVERRIDES = {
    "Main": ["Main"],
    "More Options": ["更多选项"],
    "Subtotal": ["小计"],
    "Summary": ["合计"],
    "Data error": ["数据错误"],
    "%s option": ["%s 个选项"],
    "%s record": ["%s 条记录…"],
    "Select page size": ["每页行数"],
    "entries per page": ["行每页"],
    "Waiting on %s": ["正在等待 %s"],
    "There is currently no information to display.": ["暂无可显示的内容"],
}


def chinese_pack(state: Path) -> Path:
    """Path of the cleaned pack (JSON), made once per Superset version."""
    path = state / f"language_pack_zh_{version('apache-superset')}.json"
    if not path.exists():
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(_clean(), ensure_ascii=False), encoding="utf-8")
        part.replace(path)  # two workers may do this at once: each writes its own file, the last one stays
    return path


def _clean() -> dict:
    import superset
    from babel.messages.pofile import read_po

    base = Path(superset.__file__).parent / "translations/zh/LC_MESSAGES"
    pack = json.loads((base / "messages.json").read_text(encoding="utf-8"))
    entries = pack["locale_data"]["superset"]
    with (base / "messages.po").open("rb") as file:
        for message in read_po(file):
            if message.id and message.fuzzy:
                entries.pop(message.id if isinstance(message.id, str) else message.id[0], None)
    entries.update(OVERRIDES)
    return pack
