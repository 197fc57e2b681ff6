"""The five sales pages: whole for every role, the marts' numbers, own customers only."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dashboards.models import Language
from tests.browser.visits import (
    MANAGERS,
    SOURCE,
    Cockpit,
    Visit,
    answers,
    asked_visits,
    dataset_id,
    drawn_visits,
    healthy,
    leave_no_role_out,
    lines,
    one,
    question,
    shown,
    whole,
)

PAGES = ("pipeline", "contract_book", "execution", "expiring", "package_mix")
# lists of exceptions: a manager whose customers gave no reason has an empty one
EXCEPTIONS = {
    "book_overdue_table": "select count(*) from marts_sales.sales_contract "
    "where overdue_level <> 'ok' and manager_username = :who",
    "execution_outside_table": "select count(*) from marts_sales.sales_contract_month "
    "where execution_level in ('low', 'high') and manager_username = :who",
}
# charts whose answer names the manager of every row, with a column that no other chart of the page asks for
PER_MANAGER = {
    "pipeline": "next_step",
    "contract_book": "state_tag",
    "execution": "deviation_rate",
    "expiring": "successor",
}


def nothing_to_show(cockpit: Cockpit, user: str, language: Language) -> set[str]:
    """Titles of the lists that are rightly empty for a manager."""
    return {
        SOURCE.charts[key].title.in_language(language)
        for key, sql in EXCEPTIONS.items()
        if user in MANAGERS and one(cockpit, sql, who=user)[0] == 0
    }


def test_visits__leave_no_role_out() -> None:
    leave_no_role_out(PAGES)


@pytest.mark.parametrize(("user", "key", "language"), asked_visits(PAGES))
def test_sales_page__answers_its_other_readers(
    user: str, key: str, language: Language, visit: Callable[[str], Visit]
) -> None:
    answers(visit(user), key, language)


@pytest.mark.parametrize(("user", "key", "language"), drawn_visits(PAGES))
def test_sales_page__is_whole(
    user: str,
    key: str,
    language: Language,
    cockpit: Cockpit,
    visit: Callable[[str], Visit],
    screenshots: Path,
) -> None:
    empty = nothing_to_show(cockpit, user, language)
    whole(visit(user), key, language, empty, screenshots if user == "executive" else None)


def test_pipeline__shows_the_marts_values(cockpit: Cockpit, visit: Callable[[str], Visit]) -> None:
    (year,) = one(cockpit, "select max(delivery_year) from marts_sales.sales_contract_step")
    book = one(
        cockpit,
        "select count(*) as contracts, count(*) filter (where waits_for in ('account_manager', 'reviewer')) "
        "as ours, max(days_in_state) as longest from marts_sales.sales_pipeline where delivery_year = :year",
        year=year,
    )
    (signed,) = one(
        cockpit,
        "select signed_rate from marts_sales.sales_signed_year where delivery_year = :year",
        year=year,
    )
    desk = visit("executive")
    desk.open("pipeline", "zh")
    charts = healthy(desk)
    assert f"{book.contracts} 份" in lines(charts, "pipeline_open")
    assert f"{book.ours} 份" in lines(charts, "pipeline_ours")
    assert f"{book.longest} 天" in lines(charts, "pipeline_wait")
    assert f"{rounded(signed * 100, 1)}%" in lines(charts, "pipeline_signed_rate")
    rows = desk.rows("next_step")
    assert len(rows) == book.contracts
    assert [row["state"] for row in rows] == sorted(row["state"] for row in rows)


def test_contract_book__shows_the_marts_values(cockpit: Cockpit, visit: Callable[[str], Visit]) -> None:
    book = one(
        cockpit,
        "select count(*) as contracts, count(*) filter (where phase = 'running') as running, "
        "sum(overdue_cny) as overdue, sum(received_cny) / sum(invoiced_cny) as collected "
        "from marts_sales.sales_contract",
    )
    desk = visit("executive")
    desk.open("contract_book", "zh")
    charts = healthy(desk)
    assert f"{book.running} 份" in lines(charts, "book_contracts")
    assert f"¥{rounded(book.overdue / 10_000, 1):,} 万元" in lines(charts, "book_overdue")
    assert f"{shown(book.collected * 100, 1)}%" in lines(charts, "book_received")
    assert len(desk.rows("state_tag")) == book.contracts
    overdue = desk.rows("overdue_tag")
    assert sum(Decimal(str(row["overdue_cny"])) for row in overdue) == book.overdue


def test_execution__shows_the_marts_values(cockpit: Cockpit, visit: Callable[[str], Visit]) -> None:
    months = one(
        cockpit,
        "select count(*) filter (where execution_level in ('low', 'high')) as outside, "
        "sum(actual_mwh) filter (where is_finished and execution_rate is not null) "
        "/ sum(contract_mwh) filter (where is_finished and execution_rate is not null) as rate "
        "from marts_sales.sales_contract_month",
    )
    contracts = one(
        cockpit,
        "select count(*) filter (where execution_level in ('low', 'high')) as outside, "
        "sum(margin_cny) as margin from marts_sales.sales_contract",
    )
    desk = visit("executive")
    desk.open("execution", "zh")
    charts = healthy(desk)
    assert f"{shown(months.rate * 100, 1)}%" in lines(charts, "execution_rate_card")
    assert f"{contracts.outside} 份" in lines(charts, "execution_outside")
    assert f"{months.outside} 合同·月" in lines(charts, "execution_outside_months")
    assert f"¥{rounded(contracts.margin / 10_000, 1):,} 万元" in lines(charts, "execution_margin")
    assert len(desk.rows("purchased_mwh")) == months.outside


def test_expiring__shows_the_marts_values(cockpit: Cockpit, visit: Callable[[str], Visit]) -> None:
    levels = one(
        cockpit,
        "select count(*) as ending, count(*) filter (where renewal_urgency = 'alarm') as last, "
        "count(*) filter (where manager_username is null) as unassigned "
        "from marts_sales.sales_contract where renewal_level is not null",
    )
    to_do = one(
        cockpit,
        "select count(*) as contracts, sum(book.contract_mwh) as mwh from marts_sales.sales_renewal as due "
        "inner join marts_sales.sales_contract as book on due.contract_id = book.contract_id",
    )
    desk = visit("executive")
    desk.open("expiring", "zh")
    charts = healthy(desk)
    assert f"{levels.last} 份" in lines(charts, "expiring_last")
    assert f"{levels.unassigned} 份" in lines(charts, "expiring_unassigned")
    assert f"{rounded(to_do.mwh / 10, 1):,} 万kWh" in lines(charts, "expiring_at_stake")
    assert f"{to_do.contracts} 份合同" in lines(charts, "expiring_at_stake")
    rows = desk.rows("successor")
    assert len(rows) == levels.ending
    assert [row["days_to_expiry"] for row in rows] == sorted(row["days_to_expiry"] for row in rows)


def test_package_mix__shows_the_marts_values(cockpit: Cockpit, visit: Callable[[str], Visit]) -> None:
    settled = one(
        cockpit,
        "select sum(energy_mwh) as mwh, sum(margin_cny) as margin from marts_settlement.settlement_margin",
    )
    top5, hhi = one(
        cockpit,
        "select top5_rate, hhi from marts_sales.sales_concentration_month "
        "order by delivery_month desc, energy_mwh desc limit 1",
    )
    desk = visit("executive")
    desk.open("package_mix", "zh")
    charts = healthy(desk)
    assert f"{rounded(settled.mwh / 10, 1):,} 万kWh" in lines(charts, "mix_energy")
    assert f"¥{shown(settled.margin, 10_000)} 万元" in lines(charts, "mix_margin")
    assert f"{shown(top5 * 100, 1)}%" in lines(charts, "mix_top5")
    assert f"{rounded(hhi, 0):,}" in lines(charts, "mix_hhi")
    packages = desk.rows("package_plan")
    assert sum(rounded(Decimal(str(row["package_energy"])), 3) for row in packages) == settled.mwh


def rounded(value: Decimal, places: int) -> Decimal:
    """Half away from zero, as PostgreSQL's to_char."""
    return value.quantize(Decimal(1).scaleb(-places), "ROUND_HALF_UP")


@pytest.mark.parametrize("manager", MANAGERS[:2])
@pytest.mark.parametrize("key", PER_MANAGER)
def test_row_rule__sales_pages_show_a_manager_his_contracts(
    manager: str, key: str, visit: Callable[[str], Visit]
) -> None:
    desk = visit(manager)
    desk.open(key, "zh")
    desk.charts()
    rows = desk.rows(PER_MANAGER[key])
    assert {row.get("manager") or row["manager_tag"] for row in rows} == {manager}


@pytest.mark.parametrize(
    ("key", "chart"),
    [
        ("pipeline", "pipeline_table"),
        ("pipeline", "pipeline_steps"),
        ("pipeline", "pipeline_events"),
        ("contract_book", "book_table"),
        ("contract_book", "book_price_table"),
        ("execution", "execution_table"),
        ("execution", "execution_outside_table"),
        ("execution", "purchase_by_product"),
        ("expiring", "expiring_table"),
        ("package_mix", "mix_customer_table"),
    ],
)
def test_row_rule__holds_for_whatever_a_manager_asks_a_sales_page(
    key: str, chart: str, visit: Callable[[str], Visit]
) -> None:
    """The dashboard lets him in; the question is his own: everybody's rows, no filter."""
    dataset = dataset_id(visit("analyst"), f"{SOURCE.charts[chart].dataset}_zh")
    asked = question(dataset, ["manager_username"])
    assert len(managers_in(visit("analyst"), asked)) > 1
    manager = visit(MANAGERS[0])
    assert managers_in(manager, asked | {"form_data": manager.admission(key, chart)}) == {MANAGERS[0]}


def managers_in(desk: Visit, asked: dict[str, Any]) -> set[str]:
    """The managers of an answered question."""
    return {row["manager_username"] for row in desk.answer(asked)}


def test_colours__a_reader_saves_none(visit: Callable[[str], Visit]) -> None:
    """Superset offers to save the colours it chose when a page is left: answered, and nothing is saved."""
    desk = visit("executive")

    def saved() -> dict[str, Any]:
        board: dict[str, Any] = json.loads(desk.call("GET", "/api/v1/dashboard/package_mix-zh")[1])["result"]
        # "3 minutes ago" grows without a change
        return {name: value for name, value in board.items() if name != "changed_on_delta_humanized"}

    before = saved()
    number = before["id"]
    status, _ = desk.call("PUT", f"/api/v1/dashboard/{number}/colors", {"label_colors": {"x": "#000000"}})
    assert status == 200
    assert saved() == before
