"""What the retail section of a rule pack says about a package (domain §3, regulatory guards).

A rule that the pack leaves null guards nothing. An error makes the package unusable there; a notice is a duty
that follows from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ingestion.contract_templates.findings import Finding, said
from ingestion.contract_templates.kinds import STAGES, Stage
from ingestion.contract_templates.package import Component, Package
from ingestion.market_rules.sections import Retail

_FIXED_KINDS = ("fixed", "tou", "tiered")
_SHARED_KINDS = ("share", "guarantee_share", "guarantee_or_share")
_LIMITED = {
    "fixed": (_FIXED_KINDS, "price"),
    "float_fee": (("linked",), "fee"),
    "green": (("green",), "value"),
}
"""What a price limit of a pack bounds: the parameter of which kinds."""


def findings(package: Package, retail: Retail | None) -> Iterator[Finding]:
    """All that the retail section of a pack says about a package."""
    if retail is None:
        return
    yield from _type(package, retail)
    yield from _prices(package, retail)
    yield from _shares(package, retail)
    yield from _green_volume(package, retail)
    yield from _term(package, retail)
    yield from _cap(package, retail)


def _type(package: Package, retail: Retail) -> Iterator[Finding]:
    allowed = said(retail.allowed_types)
    if allowed is not None and package.head.type not in allowed:
        yield Finding(("type",), "the province does not allow this type", ", ".join(allowed))


def _prices(package: Package, retail: Retail) -> Iterator[Finding]:
    low, high = said(retail.price_floor_cny_per_mwh), said(retail.price_cap_cny_per_mwh)
    yield from _outside(package, "fixed", low, high)
    for limit in said(retail.price_limits) or ():
        yield from _outside(package, limit.priced, limit.floor_cny_per_mwh, limit.cap_cny_per_mwh)


def _outside(package: Package, priced: str, low: Decimal | None, high: Decimal | None) -> Iterator[Finding]:
    """Prices of the package that a limit bounds and that lie outside of it."""
    kinds, name = _LIMITED.get(priced, ((), ""))
    for component in package.components:
        for value in component.parameters if component.kind.name in kinds else ():
            if value.name != name and not value.name.startswith(f"{name}_"):
                continue
            if (low is not None and value.value < low) or (high is not None and value.value > high):
                message = f"{name} {value.value} ({value.period}) is outside the province's range"
                yield Finding(("components", component.number - 1, name), message, _range(low, high))


def _range(low: Decimal | None, high: Decimal | None) -> str:
    if low is not None and high is not None:
        return f"{low} to {high} yuan/MWh"
    return f"at least {low} yuan/MWh" if high is None else f"at most {high} yuan/MWh"


def _shares(package: Package, retail: Retail) -> Iterator[Finding]:
    low, high = said(retail.mixed_fixed_share_min), said(retail.mixed_fixed_share_max)
    if package.head.type == "mixed":
        yield from _share_outside(package, "fixed share of a mixed package", _FIXED_KINDS, low, high)
    for limit in said(retail.share_limits) or ():
        if limit.share == "linked_volume":
            name = "linked share of the energy"
            yield from _share_outside(package, name, ("linked",), limit.min_rate, limit.max_rate)
        elif limit.share == "da_linked":
            yield from _day_ahead(package, limit.min_rate, limit.max_rate)
        elif limit.share == "shared_with_base":
            yield from _customer_share(package, limit.min_rate, limit.max_rate)


def _day_ahead(package: Package, low: Decimal | None, high: Decimal | None) -> Iterator[Finding]:
    """The bounds of a part that follows the day-ahead price; a package without one is not held to them."""
    linked = [part for part in package.components if part.kind.name == "linked"]
    ahead = [part for part in linked if part.options["series"] == "day_ahead"]
    share = sum((share_of(part) for part in ahead), Decimal(0))
    if ahead and ((low is not None and share < low) or (high is not None and share > high)):
        path = ("components", ahead[-1].number - 1, "share")
        yield Finding(path, f"the share linked to the day-ahead price is {share}", f"{low} to {high}")
    for part in linked:
        if part.options["series"] == "unnamed":
            path = ("components", part.number - 1, "series")
            message = f"the day-ahead share ({low} to {high}) could not be judged: no series is named"
            yield Finding(path, message, "series: day_ahead, real_time, monthly, yearly", is_error=False)


def _customer_share(package: Package, low: Decimal | None, high: Decimal | None) -> Iterator[Finding]:
    """The customer's part of what is saved against base."""
    for part in package.components:
        for value in part.parameters if part.kind.name in _SHARED_KINDS else ():
            if value.name == "s" and (
                (low is not None and value.value < low) or (high is not None and value.value > high)
            ):
                allowed = f"{low if low is not None else 0} to {high if high is not None else 1}"
                path = ("components", part.number - 1, "s")
                yield Finding(path, f"the customer's share of the saving is {value.value}", allowed)


def _green_volume(package: Package, retail: Retail) -> Iterator[Finding]:
    """The contracted green energy, as a multiple of the use."""
    most = said(retail.green_volume_max_rate)
    for part in package.components if most is not None else ():
        given = [value.value for value in part.parameters if value.name == "volume_rate"]
        path = ("components", part.number - 1, "volume_rate")
        if part.kind.name != "green" or most is None:
            continue
        if not given:
            message = f"green energy counts up to {most} times the use, and the package sets no such bound"
            yield Finding(path, message, f"volume_rate: at most {most}", is_error=False)
        elif max(given) > most:
            yield Finding(path, f"green energy of {max(given)} times the use", f"at most {most} times")


def _share_outside(
    package: Package, name: str, kinds: Sequence[str], low: Decimal | None, high: Decimal | None
) -> Iterator[Finding]:
    share = sum((share_of(part) for part in package.components if part.kind.name in kinds), Decimal(0))
    if (low is not None and share < low) or (high is not None and share > high):
        yield Finding(("components",), f"the {name} is {share}", f"{low} to {high}")


def share_of(component: Component) -> Decimal:
    """The component's share of the energy; 0 when it takes none."""
    return component.share or Decimal(0)


def _term(package: Package, retail: Retail) -> Iterator[Finding]:
    delivery = package.head.delivery
    if delivery is None:
        return
    low, high = said(retail.term_min_months), said(retail.term_max_months)
    if (low is not None and delivery.months < low) or (high is not None and delivery.months > high):
        yield Finding(("delivery",), f"the term is {delivery.months} months", f"{low} to {high} months")
    if said(retail.may_cross_year) is False and delivery.first_on.year != delivery.last_on.year:
        yield Finding(
            ("delivery", "last_on"), "the term crosses the year", f"{delivery.first_on.year}-12-31 or earlier"
        )


def _cap(package: Package, retail: Retail) -> Iterator[Finding]:
    caps = [part for part in package.components if part.kind.name == "cap_floor"]
    hours, covers = said(retail.cooling_off_hours), said(retail.cap_covers)
    if hours and not caps:
        yield Finding(
            (), f"no cap is chosen: the customer has {hours} hours to step back", "", is_error=False
        )
    least = said(retail.min_published_packages)
    if least:
        yield Finding((), f"at least {least} packages have to be published", "", is_error=False)
    present: set[Stage] = {part.stage for part in package.components}
    for part in caps:
        wanted = {stage for stage in STAGES if stage in (covers or ())} & present
        if covers is not None and set(part.covers) & (present - {"cap_floor"}) != wanted:
            path = ("components", part.number - 1, "covers")
            yield Finding(path, "the province's cap covers other stages", ", ".join(covers))
