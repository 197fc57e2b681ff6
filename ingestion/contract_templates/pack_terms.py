"""Terms that a rule pack fixes for kinds of components: the default where a package is silent, else binding.

Which parameter of which kind is which value of the pack's retail section, and nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from ingestion.contract_templates.findings import Finding
from ingestion.contract_templates.package import Package
from ingestion.market_rules.sections.retail import MarginRefund, MonthlyCap, Retail, Termination
from ingestion.market_rules.values import Item


@dataclass(frozen=True)
class Term:
    """A parameter of a kind that a pack may fix; ``item`` is its place in the retail section."""

    kind: str
    parameter: str
    item: Callable[[Retail], Item[Decimal] | Item[int] | None]


def _termination(retail: Retail) -> Termination:
    return retail.termination or Termination()


def _cap(retail: Retail) -> MonthlyCap:
    return retail.monthly_cap or MonthlyCap()


def _refund(retail: Retail) -> MarginRefund:
    return retail.margin_refund or MarginRefund()


TERMS: Final = (
    Term("risk", "lo", lambda retail: retail.risk_clause_lower_rate),
    Term("risk", "hi", lambda retail: retail.risk_clause_upper_rate),
    Term("coal_linked", "step", lambda retail: retail.coal_index_step),
    Term("termination", "rate", lambda retail: _termination(retail).share_rate),
    Term("termination", "least", lambda retail: _termination(retail).floor_cny),
    Term("termination", "most", lambda retail: _termination(retail).cap_cny),
    Term("cap_scale", "multiple", lambda retail: _cap(retail).factor),
    Term("cap_scale", "sharp_multiple", lambda retail: _cap(retail).sharp_month_factor),
    Term("margin_refund", "allowance", lambda retail: _refund(retail).above_cny_per_mwh),
    Term("margin_refund", "rate", lambda retail: _refund(retail).refund_rate),
)
_DUTIES: Final = ("cap_scale", "margin_refund")
"""Kinds that the province applies to every package, whether it has them or not."""


def _fixed(retail: Retail | None) -> list[tuple[Term, Decimal]]:
    """Terms that the pack gives a value."""
    if retail is None:
        return []
    values = [(term, term.item(retail)) for term in TERMS]
    return [
        (term, Decimal(item.value)) for term, item in values if item is not None and item.value is not None
    ]


def _written(value: Decimal) -> Decimal | int:
    """As a file would say it, so that silent and outspoken packages have one hash."""
    return int(value) if value == value.to_integral_value() else value


def with_defaults(components: Sequence[Any], retail: Retail | None) -> list[Any]:
    """The components of a file, with the pack's terms where a component of that kind is silent."""
    found: list[Any] = []
    for source in components:
        kind = source.get("kind") if isinstance(source, Mapping) else None
        own = {term.parameter: _written(value) for term, value in _fixed(retail) if term.kind == kind}
        found.append({**own, **source} if own else source)
    return found


def term_findings(package: Package, written: object, retail: Retail | None) -> Iterator[Finding]:
    """Terms that contradict the pack, terms taken from it, and duties of the province that are not priced.

    ``written`` is the file's own list of components.
    """
    present = {component.kind.name for component in package.components}
    for term, value in _fixed(retail):
        for component in package.components:
            if component.kind.name != term.kind:
                continue
            path = ("components", component.number - 1, term.parameter)
            source = written[component.number - 1] if isinstance(written, list) else {}
            if not isinstance(source, dict) or term.parameter not in source:
                yield Finding(path, f"{term.parameter} {value} comes from the rule pack", "", is_error=False)
            elif source[term.parameter] != value:
                yield Finding(path, f"the province fixes {term.parameter}", f"{value}, or leave it out")
    for kind in dict.fromkeys(term.kind for term, _ in _fixed(retail) if term.kind in _DUTIES):
        if kind not in present:
            terms = ", ".join(
                f"{term.parameter} {value}" for term, value in _fixed(retail) if term.kind == kind
            )
            message = f"the province's {kind} ({terms}) holds, and the package does not price it"
            yield Finding(("components",), message, f"a component of kind {kind}", is_error=False)
