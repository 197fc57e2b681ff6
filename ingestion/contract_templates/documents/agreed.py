"""The prices that a contract agrees on (feed contract_price), put into its package's terms.

Settlement charges the contract's prices; a fixed or time-of-use package names the price of its list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ingestion.contract_templates.documents.facts import PeriodPrice
from ingestion.contract_templates.package import Component, Package, ParameterValue
from ingestion.documents.language import ALL

_PRICED: Final = {"fixed": False, "tou": True}
"""Kinds whose ``price`` a contract agrees on; whether it differs by period."""


class AgreedPriceError(ValueError):
    """The contract's prices are not of the shape that its package has."""


def with_agreed_prices(package: Package, prices: Sequence[PeriodPrice]) -> Package:
    """The package with the contract's own prices, where one fixed or time-of-use component prices all energy.

    Another package keeps its numbers: nothing says for which part of it the contract's prices would be.
    Raises AgreedPriceError when the contract's periods are not those of the kind.
    """
    energy = [component for component in package.components if component.stage == "energy"]
    if not prices or len(energy) != 1 or energy[0].kind.name not in _PRICED:
        return package
    (component,) = energy
    periods = [price.period for price in prices]
    if (ALL in periods) == _PRICED[component.kind.name]:
        given = ", ".join(periods)
        raise AgreedPriceError(
            f"contract_price has {given}, but package {package.head.package} is of kind {component.kind.name}"
        )
    return replace(
        package,
        components=tuple(_priced(part, prices) if part is component else part for part in package.components),
    )


def _priced(component: Component, prices: Sequence[PeriodPrice]) -> Component:
    values = tuple(ParameterValue("price", price.period, price.price_cny_per_mwh) for price in prices)
    others = tuple(value for value in component.parameters if value.name != "price")
    return replace(component, parameters=(*values, *others))
