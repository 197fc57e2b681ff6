"""How dates, months, article numbers and the words of the trade are written in each language."""

from __future__ import annotations

import re
from datetime import date
from typing import Final, Literal

Lang = Literal["zh", "en"]
ALL: Final = "all"

_BETWEEN_CHINESE: Final = re.compile("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_DIGITS: Final = "零一二三四五六七八九十"
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip

_PERIODS: Final[dict[Lang, dict[str, str]]] = {
    "zh": {
        ALL: "全部时段",
        "sharp": "尖峰",
        "peak": "高峰",
        "flat": "平段",
        "valley": "低谷",
        "deep_valley": "深谷",
    },
    "en": {ALL: "all hours", "deep_valley": "deep valley"},
}


def day(value: date, lang: Lang) -> str:
    """Write a day: 2026年9月1日, or 1 September 2026."""
    if lang == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def month(value: date, lang: Lang) -> str:
    """Write a month: 2026年9月, or September 2026."""
    return f"{value.year}年{value.month}月" if lang == "zh" else f"{_MONTHS[value.month - 1]} {value.year}"


def chinese_number(value: int) -> str:
    """Write a number from 1 to 99 in Chinese numerals.

    >>> [chinese_number(value) for value in (1, 10, 12, 20, 34)]
    ['一', '十', '十二', '二十', '三十四']
    """
    tens, ones = divmod(value, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def article(number: int, title: str, lang: Lang) -> str:
    """Head an article: 第一条 …, or Article 1. …."""
    return f"第{chinese_number(number)}条　{title}" if lang == "zh" else f"Article {number}. {title}"


def chosen(zh: str, en: str, lang: Lang) -> str:
    """Choose the text of the language."""
    return zh if lang == "zh" else en


def tight(text: str) -> str:
    """Take out the blank between two Chinese characters, left where a number ended in its unit."""
    return _BETWEEN_CHINESE.sub("", text)


def period_word(period: str, lang: Lang) -> str:
    """Say a period: the usual ones by name, ``h01`` as the first hour, another as it is."""
    if period[:1] == "h" and period[1:].isdigit():
        return f"第{int(period[1:])}小时" if lang == "zh" else f"hour {int(period[1:])}"
    return _PERIODS[lang].get(period, period)
