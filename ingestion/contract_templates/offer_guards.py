"""Guards of how a package is offered: its code, its price beside its peers', the confirmation of a float.

The peers' price and last year's price are given; where they are not, a notice says that the rule could not be
judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ingestion.contract_templates.findings import Finding, said
from ingestion.contract_templates.package import Package
from ingestion.market_rules.sections import Retail

_FIXED_KINDS: Final = ("fixed", "tou", "tiered")


@dataclass(frozen=True)
class Peers:
    """The peers' price in yuan/MWh, and the announced rate above it, for packs that leave it open."""

    price: Decimal | None = None
    rate: Decimal | None = None


def offer_findings(package: Package, retail: Retail | None, peers: Peers) -> Iterator[Finding]:
    """Errors and notices about the offer."""
    if retail is None:
        return
    yield from _code(package, said(retail.package_code_pattern))
    if retail.peer_price_warning_rate is not None:
        yield from _peers(package, said(retail.peer_price_warning_rate), peers)
    yield from _float(package, said(retail.float_confirmation_rate))


def _code(package: Package, pattern: str | None) -> Iterator[Finding]:
    if pattern is None:
        return
    code = package.head.code
    if code is None:
        message = "no code: the province wants one when the package is published"
        yield Finding(("code",), message, f"code: a text of the form {pattern}", is_error=False)
    elif not re.fullmatch(pattern, code):
        yield Finding(("code",), "not a code of the province's form", pattern)


def _peers(package: Package, announced: Decimal | None, peers: Peers) -> Iterator[Finding]:
    """A price is above its peers' for certain when each of its periods is, and not when none is."""
    rate = announced if announced is not None else peers.rate
    for component in package.components:
        prices = [
            value.value
            for value in component.parameters
            if component.kind.name in _FIXED_KINDS and value.name.startswith("price")
        ]
        if not prices:
            continue
        path = ("components", component.number - 1, "price")
        if peers.price is None or rate is None:
            lacks = "the peers' price (--peer-price)" if peers.price is None else "the rate H (--peer-rate)"
            message = f"could not be judged against peers: {lacks} is not given"
            yield Finding(path, message, "", is_error=False)
            continue
        limit = peers.price * (1 + rate)
        allowed = f"at most {limit.normalize():f} yuan/MWh without a warning"
        if min(prices) > limit:
            message = f"warning: {min(prices)} is above the peers' {peers.price} by more than {rate}"
            yield Finding(path, message, allowed, is_error=False)
        elif max(prices) > limit:
            message = "could not be judged against peers: it depends on the energy by period"
            yield Finding(path, message, allowed, is_error=False)


def _float(package: Package, rate: Decimal | None) -> Iterator[Finding]:
    """A float on the market price beyond a share of last year's settled price needs the signatory's word."""
    if rate is None:
        return
    confirmation = package.head.float_confirmation
    for component in package.components:
        fees = [value.value for value in component.parameters if value.name == "fee"]
        if component.kind.name != "linked" or not fees:
            continue
        path = ("components", component.number - 1, "fee")
        if confirmation is None:
            message = (
                f"could not be judged: a float beyond {rate} of last year's settled price needs confirmation"
            )
            allowed = "float_confirmation: {last_year_price: …, confirmed_by: …, confirmed_on: …}"
            yield Finding(path, message, allowed, is_error=False)
            continue
        limit = confirmation.last_year_price * rate
        if max(map(abs, fees)) > limit and not confirmation.is_given:
            message = f"the float is beyond {rate} of last year's {confirmation.last_year_price}"
            within = f"{-limit.normalize():f} to {limit.normalize():f} yuan/MWh"
            yield Finding(
                path, message, f"{within}, or float_confirmation with confirmed_by and confirmed_on"
            )
