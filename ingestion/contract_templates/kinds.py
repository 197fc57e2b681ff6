"""What a kind of package component is, and how kinds are found.

A kind is data: its parameters and options with their units and ranges, and one formula that follows from the
options chosen and the parameters given. Kinds come from the entry point group
``wattledger.package_component``; ours use the same door.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.metadata import entry_points
from typing import Final, Literal, get_args

from ingestion.contract_templates.clause import Clause
from ingestion.contract_templates.formula.units import CNY, CNY_PER_MWH, NUMBER, Unit
from ingestion.contract_templates.inputs import ENERGY, INPUTS, Input

GROUP: Final = "wattledger.package_component"
Stage = Literal["energy", "balancing", "deviation", "cap_floor", "green", "service", "pass_through", "refund"]
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)
"""Order of operations where neither the package nor the rule pack says otherwise (domain §3 ①–⑦, with the
service fee after the green value)."""

Result = Literal["price", "fee", "factor"]
Grain = Literal["month", "period"]
RESULT_UNITS: Final[dict[Result, Unit]] = {"price": CNY_PER_MWH, "fee": CNY, "factor": NUMBER}
"""price × energy is the amount; a fee is the amount; a factor scales the fees that the component covers."""


@dataclass(frozen=True)
class Parameter:
    """A number that a package gives to a kind: one, or one per period or per tier."""

    name: str
    unit: Unit
    meaning: str
    is_required: bool = True
    by_period: bool = False
    is_list: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True)
class Choice:
    """What a package chose for one component: its options, and how many of each parameter it gives."""

    options: Mapping[str, str]
    given: Mapping[str, int]


@dataclass(frozen=True)
class Kind:
    """One kind of component. ``options`` maps a name to its words; the first word is the default.

    ``covers`` are the stages whose fees so far ``covered_fee`` adds up. ``sums_periods``: the periods of a
    month are added before the amount is rounded. ``is_open``: the package itself gives formula, result,
    stage, inputs and the units of its parameters. ``problems`` names what does not go together. ``clause``
    says the terms in a contract; without one the contract shows the formula and its numbers.
    """

    name: str
    title_en: str
    title_zh: str
    formula: Callable[[Choice], str]
    parameters: tuple[Parameter, ...] = ()
    options: Mapping[str, tuple[str, ...]] | None = None
    inputs: tuple[Input, ...] = ()
    stage: Stage = "energy"
    result: Result = "price"
    grain: Grain = "month"
    driver: str = ENERGY
    takes_share: bool = False
    sums_periods: bool = False
    covers: tuple[Stage, ...] = ()
    is_open: bool = False
    problems: Callable[[Choice], list[str]] = lambda choice: []
    clause: Clause | None = None

    def known_inputs(self) -> dict[str, Input]:
        """Inputs that the kind's formula may read."""
        return {**INPUTS, **{entry.name: entry for entry in self.inputs}}


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by name.

    Raises ValueError when two packages on this machine claim one name, or a claim is not a Kind.
    """
    found: dict[str, Kind] = {}
    for entry in entry_points(group=GROUP):
        kind = entry.load()
        if not isinstance(kind, Kind) or kind.name != entry.name:
            raise ValueError(f"entry point {entry.name} = {entry.value} is not a Kind of that name")
        if kind.name in found:
            raise ValueError(f"package component {kind.name} is offered twice, again by {entry.value}")
        found[kind.name] = kind
    return dict(sorted(found.items()))
