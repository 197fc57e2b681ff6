"""Units of what a formula computes with: yuan, MWh, months, index points and their products and quotients."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_PRINTED: Final = {"cny": "yuan", "mwh": "MWh", "month": "month", "point": "point"}
HIGHEST_POWER: Final = 3


@dataclass(frozen=True)
class Unit:
    """Powers of base units, sorted, without zeros: ``(("cny", 1), ("mwh", -1))`` is yuan/MWh."""

    powers: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, **powers: int) -> Unit:
        """A unit from powers of base units."""
        return cls(tuple(sorted((name, power) for name, power in powers.items() if power)))

    def __mul__(self, other: Unit) -> Unit:
        """The unit of a product."""
        return _combined(self.powers, other.powers)

    def __truediv__(self, other: Unit) -> Unit:
        """The unit of a quotient."""
        return _combined(self.powers, ((name, -power) for name, power in other.powers))

    @property
    def is_sane(self) -> bool:
        """Whether no base unit has a power that only a mistake has."""
        return all(abs(power) <= HIGHEST_POWER for _, power in self.powers)

    def __str__(self) -> str:
        """As people write it: ``yuan/MWh``; a bare number is ``1``."""
        above = "·".join(_power(name, power) for name, power in self.powers if power > 0)
        below = "·".join(_power(name, -power) for name, power in self.powers if power < 0)
        return f"{above or '1'}/{below}" if below else above or "1"


def _power(name: str, power: int) -> str:
    return _PRINTED.get(name, name) + ("" if power == 1 else f"^{power}")


def _combined(one: Iterable[tuple[str, int]], other: Iterable[tuple[str, int]]) -> Unit:
    total: dict[str, int] = {}
    for name, power in (*one, *other):
        total[name] = total.get(name, 0) + power
    return Unit.of(**total)


NUMBER: Final = Unit()
CNY: Final = Unit.of(cny=1)
MWH: Final = Unit.of(mwh=1)
CNY_PER_MWH: Final = Unit.of(cny=1, mwh=-1)
MONTH: Final = Unit.of(month=1)
POINT: Final = Unit.of(point=1)

UNITS: Final = {
    "cny_per_mwh": CNY_PER_MWH,
    "cny": CNY,
    "mwh": MWH,
    "rate": NUMBER,
    "number": NUMBER,
    "month": MONTH,
    "point": POINT,
}
"""Units by the word that a package file uses for them."""
