"""Laws of the grid bill on drawn accounts and price tables: the models against a plain yardstick."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.warehouse import Warehouse
from tests.dbt.compiled import Chain, Rows
from tests.dbt.grid_yardstick import (
    PERIODS,
    SYSTEM,
    Account,
    Key,
    Tariff,
    agency_lines,
    market_lines,
    period_prices,
    quantities,
)

pytestmark = pytest.mark.integration

CHAIN = (
    "int_grid_tariff",
    "int_grid_period",
    "int_grid_price",
    "int_grid_blocker",
    "int_grid_clear",
    "int_grid_period_price",
    "int_grid_charge",
    "int_grid_line",
    "settlement_grid_bill_line",
    "settlement_grid_bill",
    "settlement_grid_comparison",
    "settlement_grid_blocker",
)
MONTH, PROVINCE, PACK = date(2026, 2, 1), "x", "p"
COMPONENTS = ("energy", "line_loss", *SYSTEM, "funds")
PRICES = st.integers(-50_000, 900_000).map(lambda millionths: Decimal(millionths).scaleb(-6))
WH = st.one_of(st.just(0), st.integers(1, 5_000), st.integers(0, 10**10))
KW = st.integers(0, 30_000_000).map(lambda tenths_of_w: Decimal(tenths_of_w).scaleb(-4))


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    """Prices of either sign; energy always floats, as it does in every pack."""
    floats = {"energy"} | draw(st.sets(st.sampled_from([*COMPONENTS[1:], "transmission_distribution"])))
    base = draw(st.sets(st.sampled_from([*COMPONENTS, "transmission_distribution", "basic_charge"])))
    prices = {name: draw(PRICES) for name in COMPONENTS}
    multiples = {name: Decimal(draw(st.integers(10, 2500))).scaleb(-3) for name in PERIODS}
    printed = draw(st.dictionaries(st.sampled_from(PERIODS), PRICES, max_size=3))
    # the parts of system operation go with it, as a pack says that names it alone
    for chosen in (floats, base):
        if "system_operation" in chosen:
            chosen.update(SYSTEM)
    return Tariff(prices, abs(draw(PRICES)), frozenset(floats), frozenset(base), multiples, printed)


@st.composite
def accounts(draw: st.DrawFn) -> list[Account]:
    """One to three accounts, one of which may have no energy, or no retail lines yet."""
    return [
        Account(
            f"a{number}",
            {period: draw(WH) for period in PERIODS},
            draw(st.integers(1, 50_000)),
            draw(KW).quantize(Decimal("0.001")),
            draw(KW),
            Decimal(draw(st.integers(-130, 9_000))).scaleb(-4),
            tuple(draw(st.lists(st.integers(-(10**9), 10**11), max_size=3))),
        )
        for number in range(draw(st.integers(1, 3)))
    ]


def _staged(drawn: Sequence[Account], tariff: Tariff) -> dict[str, Rows]:
    month: dict[str, object] = {"province": PROVINCE, "delivery_month": MONTH}
    named = sorted(tariff.floats - {"transmission_distribution"} - set(SYSTEM[:2]))
    floats = dict.fromkeys(named, True) | {name: name in tariff.floats for name in SYSTEM}
    if "transmission_distribution" in tariff.floats:
        floats["transmission_distribution"] = True
    uses = [
        month
        | {
            "account_id": one.account_id, "customer_id": "k", "pack_hash": PACK, "tariffs": 1,
            "contract_days": 28, "month_days": 28, "incomplete_days": 0, "voltage_level": "10kV",
            "tariff_class": "two_part", "capacity_kva": one.capacity_kva, "pf_standard": Decimal("0.90"),
            "energy_wh": sum(one.wh.values()), "is_tou_illustrative": False,
        }
        | {f"{period}_wh": wh for period, wh in one.wh.items()}
        for one in drawn
    ]  # fmt: skip
    power = [
        month
        | {
            "account_id": one.account_id, "charge_basis": "demand", "declared_kw": one.declared_kw,
            "max_demand_kw": one.max_demand_kw, "reactive_wh": 1, "reactive_source": "meter_day",
            "pf_standard": Decimal("0.90"), "power_factor": Decimal("0.90"), "pf_rate": one.pf_rate,
        }
        for one in drawn
    ]  # fmt: skip
    pack = {
        "pack_hash": PACK, "province": PROVINCE, "vat_rate": Decimal("0.13"), "has_grid_prices": True,
        "has_power_factor_tables": True, "declared_share_min": Decimal("0.4"), "price_places": 6,
        "tolerance_factor": Decimal("1.05"), "excess_factor": 2, "discount_from_kwh_per_kva": 260,
        "discount_factor": Decimal("0.9"), "floats": json.dumps(floats), "is_illustrative": False,
        "power_factor_base": json.dumps(sorted(tariff.base)), "do_published_prices_prevail": True,
    }  # fmt: skip
    lines = [
        month
        | {"line_id": f"{one.account_id}-{number}", "side": "retail", "account_id": one.account_id,
           "amount_cny": Decimal(fen) / 100, "is_open_month": False, "is_illustrative": False}
        for one in drawn
        for number, fen in enumerate(one.retail_fen)
    ]  # fmt: skip
    return {
        "stg_pack_tariff": [pack],
        "stg_pack_grid_price": [
            {"pack_hash": PACK, "tariff_class": "two_part", "voltage": "1-10(20)kV",
             "energy_cny_per_kwh": tariff.grid_price, "demand_cny_per_kw_month": tariff.demand_price,
             "capacity_cny_per_kva_month": Decimal("26.3")}
        ],
        "stg_pack_multiple": [
            {"pack_hash": PACK, "rule_no": 9999, "tou_period": period, "multiple": multiple}
            for period, multiple in tariff.multiples.items()
        ],
        "stg_agency_tariff": [
            month
            | {"component": name, "item": "all", "price_cny_per_kwh": price, "document": "d",
               "basis": "published"}
            for name, price in tariff.prices.items()
        ],
        "stg_agency_period_price": [
            month
            | {"tariff_class": "two_part", "voltage": "1-10(20)kV", "tou_period": period,
               "price_cny_per_kwh": price, "basis": "published"}
            for period, price in tariff.printed.items()
        ],
        "intermediate.int_grid_use": uses,
        "intermediate.int_grid_power": power,
        "intermediate.int_settlement_line": lines,
    }  # fmt: skip


def _result(connection: sa.Connection) -> tuple[list[Any], ...]:
    query = "select * from marts_settlement.settlement_grid_{} order by 1, 2, 3, 4"
    return tuple(
        list(connection.exec_driver_sql(query.format(name)).mappings())
        for name in ("bill_line", "bill", "comparison", "blocker")
    )


@pytest.fixture
def chain(warehouse: Warehouse, dbt_target: Path) -> Chain:
    """The models from accounts and price tables to the bills."""
    return Chain(warehouse, dbt_target, CHAIN)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=accounts(), tariff=tariffs(), seed=st.integers(0, 2**32))
def test_grid_bills__add_up_equal_the_yardstick_and_do_not_depend_on_order(
    chain: Chain, engine: sa.Engine, drawn: list[Account], tariff: Tariff, seed: int
) -> None:
    staged = _staged(drawn, tariff)
    with engine.connect() as connection:
        chain.run(connection, staged)
        found = _result(connection)
        shuffle = random.Random(seed)
        chain.run(connection, {name: shuffle.sample(rows, len(rows)) for name, rows in staged.items()})
        assert _result(connection) == found
        connection.rollback()

    lines, bills, comparisons, blockers = found
    assert blockers == []
    amounts: dict[tuple[str, str], dict[Key, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in lines:
        amounts[line["account_id"], line["bill"]][line["component"], line["tou_period"]] += line["amount_cny"]
    for one in drawn:
        wanted = {"agency": agency_lines(one, tariff)}
        if one.retail_fen:
            wanted["market"] = market_lines(one, tariff)
        assert {bill for name, bill in amounts if name == one.account_id} == set(wanted)
        for bill, expected in wanted.items():
            assert amounts[one.account_id, bill] == expected, bill
            (total,) = (row for row in bills if (row["account_id"], row["bill"]) == (one.account_id, bill))
            assert total["amount_cny"] == sum(expected.values())
            assert total["net_cny"] + total["vat_cny"] == total["amount_cny"]
            assert total["energy_kwh"] == sum(quantities(one).values())
    totals = {(row["account_id"], row["bill"]): row["amount_cny"] for row in bills}
    assert {row["account_id"]: row["saving_cny"] for row in comparisons} == {
        one.account_id: totals[one.account_id, "agency"] - totals[one.account_id, "market"]
        for one in drawn
        if one.retail_fen
    }


@given(tariff=tariffs(), period=st.sampled_from(PERIODS))
def test_period_prices__of_the_yardstick_add_up_to_the_printed_price(tariff: Tariff, period: str) -> None:
    if period in tariff.printed:
        level = sum((price for name, price in tariff.prices.items() if name not in tariff.floats), Decimal(0))
        level += 0 if "transmission_distribution" in tariff.floats else tariff.grid_price
        assert sum(period_prices(tariff, period).values()) + level == tariff.printed[period]
