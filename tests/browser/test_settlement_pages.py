"""The settlement pages: whole for every role, the marts' and the ledger's numbers, own customers only.

Right with no closed month and no correction as well as with some: nothing here names a month.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dashboards.models import Language
from dashboards.render import dataset_sql
from tests.browser.visits import (
    MANAGERS,
    SOURCE,
    Cockpit,
    Visit,
    answers,
    asked,
    asked_visits,
    dataset_id,
    drawn_visits,
    healthy,
    leave_no_role_out,
    lines,
    one,
    question,
    shown,
    sign,
    whole,
)

PAGES = ("settlement", "income", "grid_comparison", "ledger", "reconciliation")
# lists of exceptions: empty when nothing is missing, nothing was corrected and nothing differs
EXCEPTIONS = (
    "month_blocker_table",
    "grid_blocker_table",
    "ledger_correction_by_month",
    "ledger_correction_sums",
    "ledger_correction_table",
    "ledger_proposal_table",
    "dispute_table",
    "reconciled_by_month",
    "reconciled_by_party",
    "reconciled_table",
)
SIDES = {
    "retail": "零售收入",
    "wholesale": "批发成本",
    "recovery": "偏差回收",
    "operation": "市场运行",
    "income": "其他收益",
}
CUSTOMERS_OF = "select customer_id from marts_sales.sales_contract_month where manager_username = :who"


def rows_for(cockpit: Cockpit, user: str, chart: str) -> int:
    """How many rows a chart may show a user: all that it asks for, or what the row rule leaves a manager."""
    dataset, asks = SOURCE.charts[chart].dataset, SOURCE.charts[chart].where
    wheres = [f"({column} = '{value}')" for column, value in asks.items()]
    wheres += [
        f"({clause.where.replace('{{ current_username() }}', user)})"
        for rule in SOURCE.platform.row_rules.values()
        for clause in rule.clauses
        if user in MANAGERS and dataset in clause.datasets
    ]
    count = f"select count(*) from ({dataset_sql(SOURCE, dataset, 'zh')}) as seen"
    with cockpit.engine.connect() as connection:
        statement = f"{count} where {' and '.join(wheres) or 'true'}".replace("%", "%%")
        return int(connection.exec_driver_sql(statement).scalar_one())


def nothing_to_show(cockpit: Cockpit, user: str, key: str, language: Language) -> set[str]:
    """Titles of the page's lists that are rightly empty for a user."""
    placed = {tile.chart for row in SOURCE.dashboards[key].rows for tile in row.tiles}
    return {
        SOURCE.charts[chart].title.in_language(language)
        for chart in EXCEPTIONS
        if chart in placed and rows_for(cockpit, user, chart) == 0
    }


def exact(value: object) -> Decimal:
    """A number of a chart's answer."""
    return Decimal(str(value))


def province_zh(code: str) -> str:
    """A province as the Chinese pages name it."""
    label = SOURCE.labels["province"].get(code)
    return label.zh if label else code


def total(rows: Iterable[dict[str, Any]], column: str) -> Decimal:
    """Sum of what a column of a table shows."""
    return sum((exact(row[column]) for row in rows), Decimal(0))


def ten_thousands(value: Decimal) -> str:
    """An amount as the Chinese cards show it."""
    return f"{sign(value)}¥{shown(value, 10_000)} 万元"


def test_visits__leave_no_role_out() -> None:
    leave_no_role_out(PAGES)


@pytest.mark.parametrize(("user", "key", "language"), asked_visits(PAGES))
def test_settlement_page__answers_its_other_readers(
    user: str, key: str, language: Language, visit: Callable[[str], Visit]
) -> None:
    answers(visit(user), key, language)


@pytest.mark.parametrize(("user", "key", "language"), drawn_visits(PAGES))
def test_settlement_page__is_whole(
    user: str,
    key: str,
    language: Language,
    cockpit: Cockpit,
    visit: Callable[[str], Visit],
    screenshots: Path,
) -> None:
    empty = nothing_to_show(cockpit, user, key, language)
    whole(visit(user), key, language, empty, screenshots if user == "executive" else None)


def test_settlement__cards_are_the_newest_months_marts(
    cockpit: Cockpit, visit: Callable[[str], Visit]
) -> None:
    month = one(
        cockpit,
        "select delivery_month, sum(retail_cny) as retail, sum(wholesale_cny) as wholesale, "
        "sum(recovery_cny) as recovery, sum(operation_cny) as operation, sum(income_cny) as income, "
        "sum(margin_cny) as margin, sum(spread_cny_per_mwh * energy_mwh) / sum(energy_mwh) as spread, "
        "count(*) filter (where is_closed) as closed, count(*) as months "
        "from marts_settlement.settlement_month group by delivery_month order by delivery_month desc limit 1",
    )
    desk = visit("executive")
    desk.open("settlement", "zh")
    charts = healthy(desk, nothing_to_show(cockpit, "executive", "settlement", "zh"))
    for side in (*SIDES, "margin"):
        assert ten_thousands(month._mapping[side]) in lines(charts, f"month_card_{side}"), side
    assert f"{sign(month.spread)}¥{shown(month.spread, 1)} /MWh" in lines(charts, "month_card_spread")
    counted = f"已关账 {month.closed} · 未关账 {month.months - month.closed}"
    assert counted in lines(charts, "month_card_status")
    parts = {row["part"][:1]: exact(row["part_amount"]) * 10_000 for row in desk.rows("part")}
    assert parts == {
        "1": month.retail - month.wholesale,
        "2": -month.recovery,
        "3": -month.operation,
        "4": month.income,
    }
    # lines over all components make the margin, to the fen
    assert total(desk.rows("line_effect"), "line_effect") == month.margin


def test_settlement__months_are_the_marts_and_closed_ones_the_ledgers(
    cockpit: Cockpit, visit: Callable[[str], Visit]
) -> None:
    columns = [f"{side}_cny" for side in (*SIDES, "margin")] + ["spread_cny_per_mwh", "energy_mwh"]
    months = asked(
        cockpit,
        f"select province, to_char(delivery_month, 'YYYY-MM') as month, {', '.join(columns)} "
        "from marts_settlement.settlement_month",
    )
    in_ledger = asked(
        cockpit,
        "select to_char(booked_month, 'YYYY-MM') as month, side, sum(amount_cny) as amount "
        "from ledger.settlement_line where side <> 'pass_through' and (province, booked_month) in "
        "(select province, origin_month from ledger.settlement_run where kind = 'settlement') "
        "group by booked_month, side",
    )
    desk = visit("executive")
    desk.open("settlement", "zh")
    healthy(desk, nothing_to_show(cockpit, "executive", "settlement", "zh"))
    rows = desk.rows("correction_cny")
    told = {(row["province"], row["month"]): [exact(row[column]) for column in columns] for row in rows}
    assert told == {(province_zh(row.province), row.month): list(row)[2:] for row in months}
    for month, side, amount in in_ledger:
        closed = [row for row in rows if row["month"] == month and "已关账" in row["status"]]
        assert total(closed, f"{side}_cny") == amount, (month, side)


def test_settlement__deviation_adds_up_to_the_mart(cockpit: Cockpit, visit: Callable[[str], Visit]) -> None:
    newest = one(
        cockpit,
        "select sum(deviation_mwh) as mwh, sum(deviation_fee_cny) as fee, count(distinct contract_id) as "
        "contracts from marts_settlement.settlement_deviation where delivery_month = "
        "(select max(delivery_month) from marts_settlement.settlement_month)",
    )
    desk = visit("executive")
    desk.open("settlement", "zh")
    healthy(desk, nothing_to_show(cockpit, "executive", "settlement", "zh"))
    rows = desk.rows("fee_sum")
    assert len(rows) == newest.contracts
    known = [row for row in rows if row["deviation_sum"] is not None]
    assert total(known, "deviation_sum") == newest.mwh
    assert total(rows, "fee_sum") == newest.fee


def test_income__shows_the_marts_values(cockpit: Cockpit, visit: Callable[[str], Visit]) -> None:
    all_months = one(
        cockpit,
        "select sum(i.margin_cny) as margin, sum(i.retail_cny) as retail, sum(i.commission_cny) as "
        "commission, sum(i.margin_cny) / sum(i.energy_mwh) as unit, count(distinct i.contract_id) as "
        "contracts, sum(a.trader_alpha_cny) as trader, sum(a.sales_alpha_cny) as sales "
        "from marts_settlement.settlement_income as i left join marts_settlement.settlement_alpha as a "
        "on i.contract_id = a.contract_id and i.delivery_month = a.delivery_month",
    )
    best = one(
        cockpit,
        "select customer_id, sum(margin_cny) as margin from marts_settlement.settlement_income "
        "group by customer_id order by margin desc limit 1",
    )
    desk = visit("executive")
    desk.open("income", "zh")
    charts = healthy(desk)
    for name in ("margin", "retail", "commission", "trader", "sales"):
        assert ten_thousands(all_months._mapping[name]) in lines(charts, f"income_card_{name}"), name
    assert f"度电 {sign(all_months.unit)}¥{shown(all_months.unit, 1)}/MWh" in lines(
        charts, "income_card_margin"
    )
    rows = desk.rows("income_services")
    assert len({row["contract_id"] for row in rows}) == all_months.contracts
    assert total(rows, "income_margin") == all_months.margin
    assert total(rows, "income_retail") == all_months.retail
    customers = [
        row
        for response in desk.queries
        for result in response.json()["result"]
        if result.get("colnames", [])[:2] == ["customer_id", "customer"]
        for row in result["data"]
    ]
    assert max(exact(row["income_margin"]) for row in customers) == best.margin


def test_grid_comparison__shows_the_marts_values(cockpit: Cockpit, visit: Callable[[str], Visit]) -> None:
    compared = one(
        cockpit,
        "select sum(agency_cny) as agency, sum(market_cny) as market, sum(saving_cny) as saving, "
        "sum(saving_cny) / sum(agency_cny) as rate, count(*) filter (where saving_cny < 0) as more, "
        "count(distinct customer_id) as customers from marts_settlement.settlement_grid_comparison",
    )
    desk = visit("executive")
    desk.open("grid_comparison", "zh")
    charts = healthy(desk, nothing_to_show(cockpit, "executive", "grid_comparison", "zh"))
    for name in ("agency", "market", "saving"):
        assert ten_thousands(compared._mapping[name]) in lines(charts, f"grid_card_{name}"), name
    assert f"{sign(compared.rate)}{shown(compared.rate * 100, 1)}%" in lines(charts, "grid_card_rate")
    assert f"{compared.more} 户·月" in lines(charts, "grid_card_paying_more")
    rows = desk.rows("compared_rate")
    assert len(rows) == compared.customers
    assert total(rows, "compared_saving") == compared.saving


def test_ledger__shows_what_is_closed_and_corrected(cockpit: Cockpit, visit: Callable[[str], Visit]) -> None:
    closed = one(
        cockpit,
        "select count(*) as months from ledger.settlement_run where kind = 'settlement' and exists "
        "(select from ledger.settlement_run_state as s where s.run_id = settlement_run.run_id "
        "and s.state = 'closed')",
    )
    margin = asked(
        cockpit,
        "select run_id, sum(case when side in ('retail', 'income') then amount_cny "
        "when side = 'pass_through' then 0 else -amount_cny end) as margin, count(*) as lines "
        "from ledger.settlement_line where reason_code is null group by run_id",
    )
    corrected = one(cockpit, "select count(*) as lines from ledger.settlement_line where reason_code <> ''")
    proposed = asked(
        cockpit,
        "select status, count(*) from marts_settlement.settlement_correction_proposal group by status",
    )
    desk = visit("executive")
    desk.open("ledger", "zh")
    charts = healthy(desk, nothing_to_show(cockpit, "executive", "ledger", "zh"))
    assert f"{closed.months} 个省·月" in lines(charts, "ledger_card_closed")
    assert f"{corrected.lines} 条" in lines(charts, "ledger_card_corrections")
    counts = dict(proposed)
    assert f"{counts.get('proposed', 0)} 条" in lines(charts, "ledger_card_proposed")
    assert f"{counts.get('refused', 0)} 条" in lines(charts, "ledger_card_refused")
    rows = [row for row in desk.rows("last_batch") if row["run"] != "—"]
    assert {int(row["run"]): (exact(row["closed_margin_cny"]), row["lines"]) for row in rows} == {
        run: (amount, count) for run, amount, count in margin
    }


def test_reconciliation__shows_what_differs(cockpit: Cockpit, visit: Callable[[str], Visit]) -> None:
    compared = one(
        cockpit,
        "select count(*) filter (where is_stated) as lines, coalesce(sum(amount_difference_cny) filter "
        "(where is_stated and difference_kind not in ('agrees', 'within_tolerance')), 0) as difference "
        "from marts_settlement.settlement_reconciliation",
    )
    disputes = one(
        cockpit,
        "select count(*) as all, count(*) filter (where status = 'open') as open, "
        "count(*) filter (where is_overdue) as overdue from marts_settlement.settlement_dispute",
    )
    empty = nothing_to_show(cockpit, "executive", "reconciliation", "zh")
    desk = visit("executive")
    desk.open("reconciliation", "zh")
    charts = healthy(desk, empty)
    assert f"{compared.lines} 条" in lines(charts, "reconciled_card_lines")
    difference = f"{sign(compared.difference)}¥{shown(compared.difference, 1)} 元"
    assert difference in lines(charts, "reconciled_card_difference")
    assert f"{disputes.open} 条" in lines(charts, "dispute_card_open")
    assert f"{disputes.overdue} 条" in lines(charts, "dispute_card_overdue")
    assert (len(desk.rows("addressee")) if disputes.all else 0) == disputes.all


@pytest.mark.parametrize("manager", MANAGERS[:2])
def test_row_rule__income_shows_a_manager_his_contracts(
    manager: str, cockpit: Cockpit, visit: Callable[[str], Visit]
) -> None:
    own = one(
        cockpit,
        "select sum(margin_cny) as margin from marts_settlement.settlement_income "
        "where manager_username = :who",
        who=manager,
    )
    desk = visit(manager)
    desk.open("income", "zh")
    charts = desk.charts()
    rows = desk.rows("income_services")
    assert {row["manager_username"] for row in rows} == {manager}
    assert ten_thousands(own.margin) in lines(charts, "income_card_margin")


@pytest.mark.parametrize(
    ("key", "chart"),
    [
        ("settlement", "month_line_table"),
        ("settlement", "month_deviation_table"),
        ("income", "income_table"),
        ("grid_comparison", "grid_customer_table"),
        ("grid_comparison", "grid_parts"),
        ("grid_comparison", "grid_bill_table"),
    ],
)
def test_row_rule__holds_for_whatever_a_manager_asks_a_settlement_page(
    key: str, chart: str, visit: Callable[[str], Visit]
) -> None:
    """The dashboard lets him in; the question is his own: everybody's rows, no filter."""
    dataset = dataset_id(visit("analyst"), f"{SOURCE.charts[chart].dataset}_zh")
    question_of_all = question(dataset, ["manager_username"])
    assert len(managers_in(visit("analyst"), question_of_all)) > 1
    manager = visit(MANAGERS[0])
    asked_by_him = question_of_all | {"form_data": manager.admission(key, chart)}
    assert managers_in(manager, asked_by_him) == {MANAGERS[0]}


def managers_in(desk: Visit, asked_of: dict[str, Any]) -> set[str]:
    """The managers of an answered question."""
    return {row["manager_username"] for row in desk.answer(asked_of)}


@pytest.mark.parametrize("chart", ["ledger_correction_table", "ledger_proposal_table"])
def test_row_rule__corrections_of_other_managers_customers_stay_hidden(
    chart: str, cockpit: Cockpit, visit: Callable[[str], Visit]
) -> None:
    """Lines that the contracts share have no customer: they are hidden, too."""
    dataset = dataset_id(visit("analyst"), f"{SOURCE.charts[chart].dataset}_zh")
    manager = visit(MANAGERS[0])
    every = question(dataset, ["line_id", "customer_id"])
    seen = manager.answer(every | {"form_data": manager.admission("ledger", chart)})
    own = {row[0] for row in asked(cockpit, CUSTOMERS_OF, who=MANAGERS[0])}
    assert {row["customer_id"] for row in seen} <= own
    assert len(seen) == rows_for(cockpit, MANAGERS[0], chart)
    everybody = rows_for(cockpit, "executive", chart)
    assert len(visit("analyst").answer(every)) == everybody
