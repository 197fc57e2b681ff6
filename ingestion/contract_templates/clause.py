"""How a kind says its terms in a contract: the clause it declares, and the words that clause is given.

A clause turns the numbers and options of one component into sentences, in Chinese and in English. It computes
nothing. Kinds of third parties bring theirs the same way (``Kind.clause``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ingestion.contract_templates.formula.units import CNY, CNY_PER_MWH, MONTH, MWH, POINT, Unit
from ingestion.documents.language import ALL, Lang

_UNITS: Final[dict[Lang, dict[Unit, str]]] = {
    "zh": {CNY_PER_MWH: "元/兆瓦时", CNY: "元", MWH: "兆瓦时", MONTH: "个月", POINT: "点"},
    "en": {CNY_PER_MWH: "CNY/MWh", CNY: "CNY", MWH: "MWh", MONTH: "months", POINT: "points"},
}


def plain(value: Decimal) -> str:
    """Write a number with the decimals it has, never with an exponent."""
    return format(value, "f")


def percent(value: Decimal) -> str:
    """Write a rate as a percentage; moving the decimal point is exact."""
    return format((value.scaleb(2)).normalize(), "f") + "%"


def unit_word(unit: Unit, lang: Lang) -> str:
    """Say a unit; a bare number has none, and a composed unit is printed as formulas print it."""
    return _UNITS[lang].get(unit, "" if unit == Unit() else str(unit))


def with_unit(value: Decimal, unit: Unit, lang: Lang) -> str:
    """Write a number with its unit."""
    return f"{plain(value)} {unit_word(unit, lang)}".rstrip()


@dataclass(frozen=True)
class Said:
    """The terms of one component in one language: numbers by name and period, and options."""

    lang: Lang
    options: Mapping[str, str]
    numbers: Mapping[str, Mapping[str, Decimal]]
    units: Mapping[str, Unit]

    def has(self, name: str) -> bool:
        """Whether the package gives the number."""
        return name in self.numbers

    def __getitem__(self, name: str) -> str:
        """The number with its unit; one of several periods stands in the table under the clause."""
        return self._said(name, lambda value: with_unit(value, self.units[name], self.lang))

    def percent(self, name: str) -> str:
        """The number as a percentage."""
        return self._said(name, percent)

    def is_table(self, name: str) -> bool:
        """Whether the number differs by period, so that it is written as a table."""
        return set(self.numbers[name]) != {ALL}

    def _said(self, name: str, write: Callable[[Decimal], str]) -> str:
        if not self.is_table(name):
            return write(self.numbers[name][ALL])
        return "下表所列各时段数值" if self.lang == "zh" else "the value of the period in the table below"


@dataclass(frozen=True)
class Clause:
    """Clause text of a kind: sentences from its terms, one function for each language."""

    zh: Callable[[Said], Sequence[str]]
    en: Callable[[Said], Sequence[str]]

    def sentences(self, said: Said) -> list[str]:
        """The paragraphs of the clause in the language of its terms."""
        return list(self.zh(said) if said.lang == "zh" else self.en(said))
