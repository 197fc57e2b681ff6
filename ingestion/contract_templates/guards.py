"""What the province's rule pack says about a package at its delivery dates (domain §3, regulatory guards).

A rule that the pack leaves null guards nothing. An error makes the package unusable there; a notice is a duty
that follows from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from ingestion.contract_templates.errors import PackageError
from ingestion.contract_templates.kinds import STAGES, Stage
from ingestion.contract_templates.package import Component, Package, PackageFile
from ingestion.market_rules.library import NoPackError, pack_for
from ingestion.market_rules.schema import RulePack
from ingestion.market_rules.sections import Retail
from ingestion.market_rules.validation import dotted
from ingestion.market_rules.values import Item
from ingestion.market_rules.yaml_source import read_yaml

T = TypeVar("T")
_FIXED_KINDS = ("fixed", "tou", "tiered")
_LIMITED = {
    "fixed": (_FIXED_KINDS, "price"),
    "float_fee": (("linked",), "fee"),
    "green": (("green",), "value"),
}
"""What a price limit of a pack bounds: the parameter of which kinds."""
_STAGE_OF: dict[str, Stage] = {"period_fee": "energy", "month_end_balancing": "balancing"}
"""Steps of a statement whose stage has another name."""


@dataclass(frozen=True)
class Finding:
    """One rule that the package breaks (``is_error``), or a duty that follows from it."""

    path: tuple[str | int, ...]
    message: str
    allowed: str
    is_error: bool = True


def rules_of(head: PackageFile, on: date | None, folders: Sequence[Path]) -> RulePack | None:
    """The pack that rules the package: of its province, at ``on`` or else at its first delivery date.

    None when the package names no province or no date. Raises NoPackError when there is no such pack.
    """
    day = on or (head.delivery.first_on if head.delivery else None)
    if head.province is None or day is None:
        return None
    return pack_for(head.province, day, folders)


def order_by_rules(head: PackageFile, on: date | None, folders: Sequence[Path]) -> tuple[Stage, ...]:
    """The order of operations of the province's pack, ours where it gives none.

    A stage that the pack does not list, as the service fee, comes after the one before it in our order.
    """
    try:
        pack = rules_of(head, on, folders)
    except NoPackError:  # check_rules tells it
        return STAGES
    steps = _said(pack.retail.order_of_operations) if pack is not None and pack.retail is not None else None
    if steps is None:
        return STAGES
    order: list[Stage] = [stage for step in steps for stage in STAGES if stage == _STAGE_OF.get(step, step)]
    for place, stage in enumerate(STAGES):
        if stage not in order:
            order.insert(order.index(STAGES[place - 1]) + 1 if place else 0, stage)
    return tuple(order)


def check_rules(
    package: Package, on: date | None, folders: Sequence[Path]
) -> tuple[list[PackageError], list[str]]:
    """Errors by the province's rules, in file order, and notices."""
    try:
        pack = rules_of(package.head, on, folders)
    except NoPackError as error:
        return [PackageError(package.path, None, "province", str(package.head.province), str(error))], []
    if pack is None:
        return [], ["no province or delivery dates: the rules of no province were applied"]
    document = read_yaml(package.path)
    errors, notices = [], []
    for finding in findings(package, pack.retail):
        if finding.is_error:
            path = dotted(finding.path)
            value = document.value_of(finding.path)
            shown = "" if value is None or isinstance(value, dict | list) else str(value)
            line = document.line_of(finding.path)
            errors.append(PackageError(package.path, line, path, shown, finding.message, finding.allowed))
        else:
            notices.append(finding.message)
    return sorted(errors, key=lambda error: error.line or 0), notices


def _said(item: Item[T] | None) -> T | None:
    return None if item is None else item.value


def findings(package: Package, retail: Retail | None) -> Iterator[Finding]:
    """All that the retail section of a pack says about a package."""
    if retail is None:
        return
    yield from _type(package, retail)
    yield from _prices(package, retail)
    yield from _shares(package, retail)
    yield from _term(package, retail)
    yield from _cap(package, retail)


def _type(package: Package, retail: Retail) -> Iterator[Finding]:
    allowed = _said(retail.allowed_types)
    if allowed is not None and package.head.type not in allowed:
        yield Finding(("type",), "the province does not allow this type", ", ".join(allowed))


def _prices(package: Package, retail: Retail) -> Iterator[Finding]:
    low, high = _said(retail.price_floor_cny_per_mwh), _said(retail.price_cap_cny_per_mwh)
    yield from _outside(package, "fixed", low, high)
    for limit in _said(retail.price_limits) or ():
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
    low, high = _said(retail.mixed_fixed_share_min), _said(retail.mixed_fixed_share_max)
    if package.head.type == "mixed":
        yield from _share_outside(package, "fixed share of a mixed package", _FIXED_KINDS, low, high)
    for limit in _said(retail.share_limits) or ():
        if limit.share == "linked_volume":
            name = "linked share of the energy"
            yield from _share_outside(package, name, ("linked",), limit.min_rate, limit.max_rate)


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
    low, high = _said(retail.term_min_months), _said(retail.term_max_months)
    if (low is not None and delivery.months < low) or (high is not None and delivery.months > high):
        yield Finding(("delivery",), f"the term is {delivery.months} months", f"{low} to {high} months")
    if _said(retail.may_cross_year) is False and delivery.first_on.year != delivery.last_on.year:
        yield Finding(
            ("delivery", "last_on"), "the term crosses the year", f"{delivery.first_on.year}-12-31 or earlier"
        )


def _cap(package: Package, retail: Retail) -> Iterator[Finding]:
    caps = [part for part in package.components if part.kind.name == "cap_floor"]
    hours, covers = _said(retail.cooling_off_hours), _said(retail.cap_covers)
    if hours and not caps:
        yield Finding(
            (), f"no cap is chosen: the customer has {hours} hours to step back", "", is_error=False
        )
    least = _said(retail.min_published_packages)
    if least:
        yield Finding((), f"at least {least} packages have to be published", "", is_error=False)
    present: set[Stage] = {part.stage for part in package.components}
    for part in caps:
        wanted = {stage for stage in STAGES if stage in (covers or ())} & present
        if covers is not None and set(part.covers) & (present - {"cap_floor"}) != wanted:
            path = ("components", part.number - 1, "covers")
            yield Finding(path, "the province's cap covers other stages", ", ".join(covers))
