"""Laws of the trading-centre simulator and of the retailer's trades."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.sample.config import day_of, index_of, month_days
from ingestion.sample.contracts import autumn_periods
from ingestion.sample.curves import split_exact
from ingestion.sample.deliveries import World, portfolio_wh
from ingestion.sample.supply_stack import CAP_MILLI, FLOOR_MILLI, STACK, clear
from ingestion.sample.system_load import drift

KW = st.integers(0, 130_000_000)
OFFER = st.integers(0, 75_000_000)


def one(value: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([value], dtype=np.int64)


def price(load: int, wind: int, solar: int, outage: int) -> int:
    return int(clear(one(load), one(wind), one(solar), one(outage))[0])


@given(KW, KW, OFFER, OFFER, st.integers(0, 16_000_000))
def test_clear__a_higher_load_never_gives_a_lower_price(
    a: int, b: int, wind: int, solar: int, outage: int
) -> None:
    low, high = sorted((a, b))
    assert price(low, wind, solar, outage) <= price(high, wind, solar, outage)


@given(KW, OFFER, OFFER, OFFER, st.integers(0, 16_000_000))
def test_clear__more_wind_or_sun_never_gives_a_higher_price(
    load: int, wind: int, solar: int, more: int, outage: int
) -> None:
    here = price(load, wind, solar, outage)
    assert price(load, wind + more, solar, outage) <= here
    assert price(load, wind, solar + more, outage) <= here


@given(KW, OFFER, st.integers(0, 16_000_000), st.integers(0, 16_000_000))
def test_clear__an_outage_never_gives_a_lower_price(load: int, wind: int, a: int, b: int) -> None:
    low, high = sorted((a, b))
    assert price(load, wind, 0, low) <= price(load, wind, 0, high)


@given(KW, OFFER, OFFER, st.integers(0, 30_000_000))
def test_clear__stays_within_the_price_limits(load: int, wind: int, solar: int, outage: int) -> None:
    assert FLOOR_MILLI <= price(load, wind, solar, outage) <= CAP_MILLI


@pytest.mark.parametrize(
    ("load", "milli"),
    [
        (0, -100_000),
        (20_000_000, -90_000),
        (23_500_000, 215_000),
        (47_000_000, 352_000),
        (999_000_000, 1_300_000),
    ],
)
def test_clear__known_points_of_the_stack(load: int, milli: int) -> None:
    assert price(load, 0, 0, 0) == milli


def test_stack__blocks_rise_and_do_not_overlap() -> None:
    assert all(block.low <= block.high for block in STACK)
    assert all(a.high <= b.low for a, b in pairwise(STACK))


@given(st.integers(0, 40_000_000), st.lists(st.integers(0, 1_000_000), min_size=1, max_size=60))
def test_split_exact__parts_add_up_and_follow_their_weights(total: int, weights: list[int]) -> None:
    if not any(weights):
        weights[0] = 1
    parts = split_exact(total, np.array(weights, dtype=np.int64))
    assert int(parts.sum()) == total
    exact = [total * w / sum(weights) for w in weights]
    assert all(abs(part - share) < 1.000001 for part, share in zip(parts.tolist(), exact, strict=True))


def test_split_exact__refuses_weights_without_a_positive_one() -> None:
    with pytest.raises(ValueError, match="positive sum"):
        split_exact(10, np.zeros(3, dtype=np.int64))


def test_trades__hours_add_up_to_each_months_quantity_exactly(world: World) -> None:
    for trade in world.trades:
        months = [day_of(index_of(trade.first_on) + i).month for i in range(len(trade.hours))]
        for month, quantity in trade.quantity_kwh.items():
            inside = [hours for m, hours in zip(months, trade.hours, strict=True) if m == month]
            assert int(np.stack(inside).sum()) == quantity, (trade.trade_id, month)
        assert int(trade.hours.sum()) == sum(trade.quantity_kwh.values())
        assert int(trade.hours.min()) >= 0


def test_trades__cover_75_to_95_percent_of_the_settled_months_and_never_go_short(world: World) -> None:
    net = np.zeros((365, 24), dtype=np.int64)
    for trade in world.trades:
        first = index_of(trade.first_on)
        net[first : first + len(trade.hours)] += trade.hours if trade.side == "buy" else -trade.hours
    load_kwh = portfolio_wh(world.points, with_second_site=False).sum(axis=1) // 1000
    assert int(net.min()) >= 0
    for month in (9, 10):
        days = month_days(month)
        covered = net[days.start : days.stop].sum() / load_kwh[days.start : days.stop].sum()
        assert 0.75 <= covered <= 0.95


def test_trades__both_sides_are_there(world: World) -> None:
    assert {t.side for t in world.trades} == {"buy", "sell"}
    assert {t.product for t in world.trades} == {
        "annual_bilateral", "monthly_bilateral", "monthly_auction", "listing", "rolling",
    }  # fmt: skip


def test_contracts__packages_and_prices(world: World) -> None:
    first = [c for c in world.contracts if c.contract_id.endswith("-1")]
    assert len(first) == 40
    assert sum(c.customer.package == "fixed" for c in first) == 22
    assert sum(c.customer.package == "tou_fixed" for c in first) == 18
    for contract in world.contracts:
        wanted = (
            ["all"]
            if contract.customer.package == "fixed"
            else ["sharp", "peak", "flat", "valley", "deep_valley"]
        )
        assert list(contract.prices) == wanted
        assert all(price > 0 for price in contract.prices.values())


def test_contracts__no_account_is_in_two_at_once(world: World) -> None:
    by_account: dict[str, list[tuple[str, str]]] = {}
    for c in world.contracts:
        by_account.setdefault(c.account_id, []).append((str(c.from_on), str(c.to_on)))
    for terms in by_account.values():
        assert all(earlier[1] < later[0] for earlier, later in pairwise(sorted(terms)))
    assert sum(len(terms) for terms in by_account.values()) == 41


def test_autumn_periods__shandong_september_to_november() -> None:
    letters = {"sharp": "S", "peak": "P", "flat": "F", "valley": "V", "deep_valley": "D"}
    assert "".join(letters[p] for p in autumn_periods()) == "FFFFFFFFFFVDDDVFPSSPPFFF"


def test_drift__is_the_same_every_time_and_of_the_asked_spread() -> None:
    first, again, other = (
        drift(91, 20_000, 0.9, 0.05),
        drift(91, 20_000, 0.9, 0.05),
        drift(92, 20_000, 0.9, 0.05),
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert float(first.std()) == pytest.approx(0.05, rel=0.15)
    assert float(np.corrcoef(first[1:], first[:-1])[0, 1]) == pytest.approx(0.9, abs=0.03)
