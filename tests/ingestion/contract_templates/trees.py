"""Random formulas that are right in type; all their names are bare numbers."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from ingestion.contract_templates.formula.tree import COMPARISONS, Binary, Call, Name, Node, Number, Unary
from ingestion.contract_templates.formula.units import NUMBER

NAMES = ("a", "b", "c", "d")
UNITS = dict.fromkeys(NAMES, NUMBER)


def literals() -> st.SearchStrategy[Node]:
    values = st.decimals(min_value=0, max_value=9999, places=3, allow_nan=False)
    return st.builds(Number, st.one_of(values, st.integers(0, 20).map(Decimal)))


def _several(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[tuple[Node, ...]]:
    return st.lists(parts, min_size=2, max_size=3).map(tuple)


def _conditions(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    simple = st.builds(Binary, st.sampled_from(COMPARISONS), parts, parts)
    return st.one_of(
        simple,
        st.builds(Unary, st.just("not"), simple),
        st.builds(Binary, st.sampled_from(["and", "or"]), simple, simple),
    )


def _larger(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    places = st.integers(0, 6).map(lambda value: Number(Decimal(value)))
    return st.one_of(
        st.builds(Unary, st.just("-"), parts),
        st.builds(Binary, st.sampled_from("+-*/"), parts, parts),
        st.builds(Call, st.sampled_from(["min", "max"]), _several(parts)),
        st.builds(Call, st.just("clamp"), st.tuples(parts, parts, parts)),
        st.builds(Call, st.sampled_from(["pos", "trunc"]), st.tuples(parts)),
        st.builds(Call, st.just("round"), st.tuples(parts, places)),
        st.builds(Call, st.just("if"), st.tuples(_conditions(parts), parts, parts)),
    )


def trees() -> st.SearchStrategy[Node]:
    """Formulas of up to a dozen leaves."""
    leaves = st.one_of(st.sampled_from(NAMES).map(Name), literals())
    return st.recursive(leaves, _larger, max_leaves=12)


def inputs() -> st.SearchStrategy[dict[str, Decimal]]:
    """A value for each name: negative ones and zeros too."""
    values = st.decimals(min_value=-9999, max_value=9999, places=3, allow_nan=False)
    return st.fixed_dictionaries(dict.fromkeys(NAMES, st.one_of(values, st.just(Decimal(0)))))
