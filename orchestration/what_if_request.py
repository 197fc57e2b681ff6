"""What a user writes to ask a what-if: months and options; the division of energy that a package needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from ingestion.contract_templates import Package
from ingestion.contract_templates.cases import known_inputs
from ingestion.contract_templates.component_source import NAME, number_problem
from ingestion.contract_templates.formula.units import CNY_PER_MWH
from ingestion.contract_templates.inputs import DRIVERS, ENERGY
from ingestion.contract_templates.package import WHOLE_MONTH
from ingestion.market_rules.vocabulary import TOU_PERIODS

HOURS: Final = frozenset(f"h{hour:02d}" for hour in range(1, 25))


class OptionError(ValueError):
    """An option that cannot be used; the message names the value and what is allowed."""


def months_of(text: str) -> tuple[date, date]:
    """First and last month of ``2026-01..2026-03`` or ``2026-01``. Raises OptionError."""
    first, dots, last = text.partition("..")
    try:
        span = date.fromisoformat(f"{first}-01"), date.fromisoformat(f"{last if dots else first}-01")
    except ValueError as error:
        raise OptionError(
            f"--months {text!r} is no month; write it as 2026-01 or 2026-01..2026-03"
        ) from error
    if span[1] < span[0]:
        raise OptionError(f"--months {text!r} ends before it begins; write it as 2026-01..2026-03")
    return span


def options_of(package: Package, texts: Sequence[str]) -> dict[str, Decimal | str]:
    """Inputs by name from ``name=number`` or, for prices, ``name=market series``. Raises OptionError."""
    known = known_inputs(package)
    found: dict[str, Decimal | str] = {}
    for text in texts:
        name, _, value = text.partition("=")
        if name not in known or name in DRIVERS:
            allowed = ", ".join(sorted(known.keys() - set(DRIVERS)))
            raise OptionError(
                f"--input {text!r}: no input {name!r} to give for all contracts; allowed: {allowed}"
            )
        if name in found:
            raise OptionError(f"--input {text!r}: {name} is given twice")
        try:
            number = Decimal(value)
        except InvalidOperation:
            if known[name].unit != CNY_PER_MWH or not NAME.fullmatch(value):
                remedy = f"a number in {known[name].unit}"
                raise OptionError(f"--input {text!r}: {value!r} is not a number; allowed: {remedy}") from None
            found[name] = value
            continue
        if problem := number_problem(number, known[name].unit):
            raise OptionError(f"--input {text!r}: {problem[0]}; allowed: {problem[1]}")
        found[name] = number
    return found


def division_of(package: Package) -> str:
    """How the warehouse divides the energy: none, tou or hour_of_day; own periods come in a file."""
    driven = [part for part in package.components if part.kind.driver == ENERGY and part.grain == "period"]
    if not driven:
        return "none"
    periods = {value.period for part in driven for value in part.parameters} - {WHOLE_MONTH}
    if periods <= set(TOU_PERIODS):
        return "tou"
    return "hour_of_day" if periods <= HOURS else "own"
