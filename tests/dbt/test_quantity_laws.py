"""Laws of power quantity distribution on drawn templates: the SQL of the models against a plain yardstick."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.warehouse import Warehouse
from tests.dbt.compiled import Chain, Rows
from tests.dbt.quantity_yardstick import (
    DAY_TYPES,
    HOURS,
    Template,
    Term,
    day_hours,
    exceptions,
    month_days,
    month_quantities,
)

pytestmark = pytest.mark.integration

CHAIN = (
    "int_quantity_agreed",
    "int_quantity_adjustment",
    "int_contract_quantity_month",
    "int_quantity_pattern_day",
    "int_quantity_shape",
    "int_quantity_pattern",
    "int_quantity_class",
    "int_quantity_month_key",
    "sales_quantity_day",
)
KNOWN = exceptions()
YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
# few different weights make ties likely, six decimals make them unlikely
WEIGHTS = st.one_of(
    st.integers(0, 3).map(Fraction),
    st.integers(0, 10**9).map(lambda millionths: Fraction(millionths, 10**6)),
)
QUANTITIES = st.one_of(st.integers(0, 2000), st.integers(0, 10**9))


def _weights(number: int) -> st.SearchStrategy[list[Fraction]]:
    return st.lists(WEIGHTS, min_size=number, max_size=number)


@st.composite
def templates(draw: st.DrawFn) -> Template:
    """Weights of every part; the hours of a day type are never all 0."""
    hours = _weights(24).filter(any)
    own = draw(st.booleans())
    everyday = draw(hours)
    return Template(
        draw(_weights(12)),
        dict(zip(DAY_TYPES, draw(_weights(4)), strict=True)),
        {kind: draw(hours) if own else everyday for kind in DAY_TYPES},
    )


@st.composite
def terms(draw: st.DrawFn) -> list[Term]:
    """One to three contracts of one to three months each, some beginning or ending inside a month."""
    drawn = []
    for number in range(draw(st.integers(1, 3))):
        first = draw(st.integers(0, 300))
        last = min(364, first + draw(st.integers(0, 64)))
        template = draw(templates())
        drawn.append(Term(f"c{number}", draw(QUANTITIES), YEAR[first], YEAR[last], template))
    return drawn


def _decimal(weight: Fraction) -> Decimal:
    return Decimal(weight.numerator) / weight.denominator


def _lines(term: Term) -> list[dict[str, object]]:
    """The contract's templates, version 1, as lines of stg_curve_template."""
    name, template = term.contract_id, term.template
    cells = [("Y", "all", month, weight) for month, weight in enumerate(template.months, 1)]
    cells += [("M", kind, 0, weight) for kind, weight in template.days.items()]
    if len({id(hours) for hours in template.hours.values()}) == 1:
        cells += [("custom", "all", hour, template.hours["workday"][hour - 1]) for hour in HOURS]
    else:
        cells += [
            ("custom", kind, hour, template.hours[kind][hour - 1]) for kind in DAY_TYPES for hour in HOURS
        ]
    return [
        {
            "template_id": f"{kind}-{name}", "template_version": "1", "template_kind": kind,
            "day_type": day, "part": part, "weight": _decimal(weight),
        }
        for kind, day, part, weight in cells
    ]  # fmt: skip


def _staged(drawn: Sequence[Term]) -> dict[str, Rows]:
    distribution = [
        {
            "contract_id": term.contract_id, "delivery_year": 2026,
            "annual_mwh": Decimal(term.annual_kwh) / 1000,
            "year_template_id": f"Y-{term.contract_id}", "year_template_version": "1",
            "month_template_id": f"M-{term.contract_id}", "month_template_version": "1",
            "day_template_kind": "custom", "day_template_id": f"custom-{term.contract_id}",
            "day_template_version": "1",
        }
        for term in drawn
    ]  # fmt: skip
    contracts = [
        {
            "contract_id": term.contract_id, "province": "x",
            "effective_from": term.from_on, "effective_to": term.to_on,
        }
        for term in drawn
    ]  # fmt: skip
    return {
        "stg_contract": contracts,
        "stg_contract_distribution": distribution,
        "stg_curve_template": [line for term in drawn for line in _lines(term)],
    }


def _result(connection: sa.Connection) -> tuple[list[Any], list[Any]]:
    months = connection.exec_driver_sql(
        "select contract_id, delivery_month, base_mwh * 1000 as kwh from intermediate.int_quantity_agreed"
        " order by contract_id, delivery_month"
    )
    days = connection.exec_driver_sql(
        "select * from marts_sales.sales_quantity_day order by contract_id, delivery_on"
    )
    return list(months.mappings()), list(days.mappings())


@pytest.fixture
def chain(warehouse: Warehouse, dbt_target: Path) -> Chain:
    """The models from agreed quantities to hours."""
    return Chain(warehouse, dbt_target, CHAIN)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=terms(), seed=st.integers(0, 2**32))
def test_quantities__add_up_equal_the_yardstick_and_do_not_depend_on_order(
    chain: Chain, engine: sa.Engine, drawn: list[Term], seed: int
) -> None:
    staged = _staged(drawn)
    with engine.connect() as connection:
        chain.run(connection, staged)
        months, days = _result(connection)
        shuffle = random.Random(seed)
        chain.run(connection, {name: shuffle.sample(rows, len(rows)) for name, rows in staged.items()})
        assert _result(connection) == (months, days)
        connection.rollback()

    by_month: dict[tuple[str, date], int] = {
        (row["contract_id"], row["delivery_month"]): row["kwh"] for row in months
    }
    hours: dict[tuple[str, date], dict[date, list[int]]] = defaultdict(dict)
    for row in days:
        cells = [row[f"h{hour:02d}"] for hour in HOURS]
        hours[row["contract_id"], row["delivery_month"]][row["delivery_on"]] = cells
    wanted_days: dict[tuple[str, date], dict[date, list[int]]] = {}
    for term in drawn:
        quantities = month_quantities(term)
        found = {month: kwh for (name, month), kwh in by_month.items() if name == term.contract_id}
        assert set(found) == {date(2026, m, 1) for m in range(1, 13) if month_days(term, m)}
        if quantities is None:
            assert set(found.values()) == {None}
            continue
        assert sum(found.values()) == term.annual_kwh
        assert found == {date(2026, month, 1): kwh for month, kwh in quantities.items()}
        for month, kwh in quantities.items():
            cells_of = day_hours(term, month, kwh, KNOWN)
            if cells_of is not None:
                wanted_days[term.contract_id, date(2026, month, 1)] = cells_of
                assert sum(map(sum, cells_of.values())) == kwh
    assert hours == wanted_days
