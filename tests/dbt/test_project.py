"""The dbt project's own unit tests, and laws of single macros on drawn numbers."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.transform import PROJECT
from orchestration.warehouse import Warehouse
from tests.dbt.warm import run_warm

pytestmark = pytest.mark.integration

DAY = {"province": "x", "delivery_on": "2026-06-01"}
POSITION_INPUTS = {
    "intermediate.int_settlement_scope_day": DAY,
    "intermediate.int_settlement_day": DAY,
    "intermediate.int_day_ahead_day": DAY,
    "intermediate.int_mlt_day": DAY,
    "intermediate.int_position_day_value": DAY,
    "staging.stg_market_price_day": {**DAY, "price_series": "rt_unified"},
}

quotas = st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=30)


def test_dbt__unit_tests_pass(warehouse: Warehouse, dbt_target: Path) -> None:
    """On an empty warehouse, which also shows that every model builds without a single record."""
    # an option of its own, because the environment that `run_warm` sets leaves unit tests out of other runs
    everything = ["build", "--exclude-resource-type", "snapshot"]
    output = run_warm(everything, url=warehouse.url("wl_transform"), target=dbt_target)
    found = re.search(r"(\d+) unit tests", output)
    assert found
    assert output.count("START unit_test") == int(found[1]) > 0
    assert "ERROR=0" in output


def test_position_inputs__refuse_a_day_twice(warehouse: Warehouse, dbt_target: Path) -> None:
    """Two writers at once must fail rather than double the position of a day."""
    relations = ["--resource-type", "model", "--resource-type", "seed"]
    run_warm(
        ["build", "--quiet", *relations, "--select", "+int_position_day_value"],
        url=warehouse.url("wl_transform"),
        target=dbt_target,
    )
    for relation, key in POSITION_INPUTS.items():
        columns, values = ", ".join(key), ", ".join(f"'{value}'" for value in key.values())
        twice = f"insert into {relation} ({columns}) values ({values}), ({values})"
        with warehouse.admin.connect() as connection, pytest.raises(sa.exc.IntegrityError, match="unique"):
            connection.execute(sa.text(twice))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(numerators=quotas, denominator=st.integers(1, 10**12))
def test_largest_remainder__shares_every_unit_near_its_quota(
    engine: sa.Engine, numerators: list[int], denominator: int
) -> None:
    total = sum(numerators) // denominator
    values = ", ".join(f"({place}, {numerator})" for place, numerator in enumerate(numerators))
    share = _macro("largest_remainder", "numerator", str(denominator), str(total), "true", "place")
    query = f"select numerator, {share} as share from (values {values}) as quotas (place, numerator)"
    with engine.connect() as connection:
        shares = connection.execute(sa.text(query)).all()
    assert sum(row.share for row in shares) == total
    for row in shares:
        assert row.share * denominator - row.numerator <= denominator
        assert row.numerator - row.share * denominator < denominator


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gross=st.integers(-(10**13), 10**13), rate=st.integers(0, 10_000))
def test_net_of_vat__is_the_nearest_fen(engine: sa.Engine, gross: int, rate: int) -> None:
    amount = f"cast({gross} as numeric) / 100"
    net = _macro("net_of_vat", amount, f"cast({rate} as numeric) / 10000")
    with engine.connect() as connection:
        fen = int(connection.execute(sa.text(f"select {net} * 100")).scalar_one())
    assert abs(2 * (fen * (10_000 + rate) - gross * 10_000)) <= 10_000 + rate


def _macro(name: str, *arguments: str) -> str:
    """The SQL of a macro of macros/money.sql; these need nothing of dbt."""
    source = (PROJECT / "macros" / "money.sql").read_text(encoding="utf-8")
    module = jinja2.Environment(autoescape=False).from_string(source).module
    return str(getattr(module, name)(*arguments))
