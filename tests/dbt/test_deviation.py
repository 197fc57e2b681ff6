"""Laws of the deviation charge on drawn clauses (domain §3, §4.2): the macro alone, on the real database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import jinja2
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.transform import PROJECT

pytestmark = pytest.mark.integration

COLUMNS = [
    f"{side}_{term}"
    for side in ("down", "up")
    for term in (
        "band_rate",
        "price_cny_per_mwh",
        "second_band_rate",
        "second_price_cny_per_mwh",
    )
]
Numbers = Sequence[Decimal]
LAWS = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _decimals(low: str, high: str, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(low, high, places=places)


@dataclass(frozen=True)
class Side:
    """Bands and prices of one side; no second step when ``second_band`` is None."""

    band: Decimal
    price: Decimal
    second_band: Decimal | None
    second_price: Decimal | None

    @property
    def terms(self) -> tuple[Decimal | None, ...]:
        """In the order of the columns."""
        return (self.band, self.price, self.second_band, self.second_price)

    def charge(self, excess: Decimal, contract: Decimal) -> Decimal:
        """The charge a second time, in plain decimals, unrounded."""
        if self.second_band is None or self.second_price is None:
            return max(excess - contract * self.band, Decimal(0)) * self.price
        first = max(min(excess, contract * self.second_band) - contract * self.band, Decimal(0))
        return first * self.price + max(excess - contract * self.second_band, Decimal(0)) * self.second_price


@st.composite
def sides(draw: st.DrawFn) -> Side:
    """A side with one or two steps; the second band lies at or beyond the first."""
    band, price = draw(_decimals("0", "0.2", 4)), draw(_decimals("0", "900", 3))
    if draw(st.booleans()):
        return Side(band, price, None, None)
    return Side(band, price, band + draw(_decimals("0", "0.2", 4)), draw(_decimals("0", "900", 3)))


CONTRACTS = _decimals("0.001", "90000", 3)


def _charges(
    engine: sa.Engine, down: Side, up: Side, contract: Decimal, actual: Numbers, share: str = "1"
) -> list[Decimal]:
    """The macro's charge for each actual energy."""
    source = (PROJECT / "macros" / "deviation.sql").read_text(encoding="utf-8")
    macros = jinja2.Environment(autoescape=False).from_string(source).module
    charge = str(macros.deviation_charge("v.actual", "v.contract", "v", share))  # type: ignore[attr-defined]
    terms = ", ".join("cast(null as numeric)" if t is None else f"{t:f}" for t in (*down.terms, *up.terms))
    values = ", ".join(f"({place}, {one:f}, {contract:f}, {terms})" for place, one in enumerate(actual))
    names = ", ".join(["place", "actual", "contract", *COLUMNS])
    query = f"select {charge} from (values {values}) as v ({names}) order by place"
    with engine.connect() as connection:
        return list(connection.scalars(sa.text(query)))


def _fen(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


@LAWS
@given(
    down=sides(),
    up=sides(),
    contract=CONTRACTS,
    actual=_decimals("0", "180000", 3),
    share=_decimals("0", "1", 4),
)
def test_deviation_charge__equals_the_yardstick_rounded_once(
    engine: sa.Engine, down: Side, up: Side, contract: Decimal, actual: Decimal, share: Decimal
) -> None:
    exact = up.charge(actual - contract, contract) + down.charge(contract - actual, contract)
    assert _charges(engine, down, up, contract, [actual], f"{share:f}") == [_fen(exact * share)]


@LAWS
@given(down=sides(), up=sides(), contract=CONTRACTS, place=_decimals("-1", "1", 6))
def test_deviation_charge__is_zero_inside_the_band(
    engine: sa.Engine, down: Side, up: Side, contract: Decimal, place: Decimal
) -> None:
    band = up.band if place > 0 else down.band
    edges = [contract * (1 - down.band), contract * (1 + up.band)]
    assert _charges(engine, down, up, contract, [contract * (1 + band * place), *edges]) == [0, 0, 0]


@LAWS
@given(
    down=sides(),
    up=sides(),
    contract=CONTRACTS,
    steps=st.lists(_decimals("0", "0.8", 4), min_size=2, max_size=9),
)
def test_deviation_charge__grows_with_the_deviation(
    engine: sa.Engine, down: Side, up: Side, contract: Decimal, steps: list[Decimal]
) -> None:
    for sign in (1, -1):
        charges = _charges(engine, down, up, contract, [contract * (1 + sign * s) for s in sorted(steps)])
        assert charges == sorted(charges)


@LAWS
@given(down=sides(), up=sides(), contract=CONTRACTS)
def test_deviation_charge__does_not_jump_at_a_band_s_edge(
    engine: sa.Engine, down: Side, up: Side, contract: Decimal
) -> None:
    """A watt-hour beyond an edge costs at most a watt-hour's dearest price."""
    step = Decimal("0.000001")
    dearest = max(p for side in (down, up) for p in (side.price, side.second_price or Decimal(0)))
    for sign, side in ((1, up), (-1, down)):
        for band in (side.band, side.second_band):
            if band is not None:
                edge = contract * (1 + sign * band)
                before, beyond = _charges(engine, down, up, contract, [edge, edge + sign * step])
                assert 0 <= beyond - before <= dearest * step + Decimal("0.01")


@LAWS
@given(one=sides(), other=sides(), contract=CONTRACTS, rate=_decimals("0", "0.9", 4))
def test_deviation_charge__treats_the_two_sides_alike(
    engine: sa.Engine, one: Side, other: Side, contract: Decimal, rate: Decimal
) -> None:
    above = _charges(engine, one, other, contract, [contract * (1 + rate)])
    below = _charges(engine, other, one, contract, [contract * (1 - rate)])
    assert above == below


def test_deviation_charge__two_steps_are_d2_and_a_free_side_is_free(engine: sa.Engine) -> None:
    two = Side(Decimal("0.03"), Decimal(20), Decimal("0.06"), Decimal(40))
    assert _charges(engine, two, two, Decimal(1000), [Decimal(1080), Decimal(920)]) == [1400, 1400]
    one = Side(Decimal("0.02"), Decimal(60), None, None)
    assert _charges(engine, one, one, Decimal(1000), [Decimal(940), Decimal(1015)]) == [2400, 0]
