"""The energy and early-warning pages: whole for every role, the marts' numbers, own customers only."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page

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
    question,
    shown,
    whole,
)

PAGES = ("energy", "deviation")
OWN_CUSTOMERS = (
    "select distinct customer_id from marts_sales.sales_contract_month where manager_username = :who"
)
# lists of exceptions: a manager whose customers gave no reason has an empty one
EXCEPTIONS = {
    "energy_abnormal_table": "select count(*) from marts_energy.energy_abnormal_day "
    f"where delivery_on >= :month and customer_id in ({OWN_CUSTOMERS})",
    "alert_list": "select count(*) from marts_operations.operations_alert "
    "where kind = 'deviation' and state <> 'closed' and owner = :who",
}


def values(cockpit: Cockpit, sql: str, **parameters: object) -> list[Any]:
    """Rows of a statement on the warehouse; plain values when it returns one column."""
    with cockpit.engine.connect() as connection:
        rows = connection.execute(sa.text(sql), parameters).all()
    return [row[0] if len(row) == 1 else row for row in rows]


def newest_month(cockpit: Cockpit) -> date:
    """The open month, which the pages show first."""
    month: date = values(cockpit, "select max(delivery_month) from marts_energy.energy_load_index_month")[0]
    return month


def nothing_to_show(cockpit: Cockpit, user: str, language: Language) -> set[str]:
    """Titles of the lists that are rightly empty for a manager."""
    if user not in MANAGERS:
        return set()
    month = newest_month(cockpit)
    return {
        SOURCE.charts[key].title.in_language(language)
        for key, sql in EXCEPTIONS.items()
        if values(cockpit, sql, who=user, month=month) == [0]
    }


def test_visits__leave_no_role_out() -> None:
    leave_no_role_out(PAGES)


@pytest.mark.parametrize(("user", "key", "language"), asked_visits(PAGES))
def test_page__answers_its_other_readers(
    user: str, key: str, language: Language, visit: Callable[[str], Visit]
) -> None:
    answers(visit(user), key, language)


@pytest.mark.parametrize(("user", "key", "language"), drawn_visits(PAGES))
def test_page__is_whole(
    user: str,
    key: str,
    language: Language,
    cockpit: Cockpit,
    visit: Callable[[str], Visit],
    screenshots: Path,
) -> None:
    empty = nothing_to_show(cockpit, user, language)
    whole(visit(user), key, language, empty, screenshots if user == "executive" else None)


def test_switch__keeps_the_page_and_leads_to_the_others(visit: Callable[[str], Visit]) -> None:
    desk = visit("analyst")
    desk.open("energy", "zh")
    for link, place in (
        ("English", ("energy", "en")),
        ("Deviation early warning", ("deviation", "en")),
        ("中文", ("deviation", "zh")),
        ("经营驾驶舱", ("operations", "zh")),
    ):
        desk.page.get_by_role("link", name=link, exact=True).click()
        desk.page.wait_for_url(f"**/superset/dashboard/{'-'.join(place)}/**")
        assert desk.here() == place


@pytest.mark.parametrize(
    "asked", ["nothing", "energy-zh", "%2F%2Fexample.org", "https:%2F%2Fexample.org", "%5Cexample.org"]
)
def test_switch__leads_nowhere_else(asked: str, visit: Callable[[str], Visit]) -> None:
    desk = visit("analyst")
    answer = desk.page.request.get(f"{desk.url}/cockpit/en/{asked}/")
    ends = urlsplit(answer.url)
    assert f"{ends.scheme}://{ends.netloc}" == desk.url
    assert ends.path == "/superset/dashboard/operations-en/" or answer.status == 404


def test_energy__shows_the_marts_values(cockpit: Cockpit, visit: Callable[[str], Visit]) -> None:
    month = newest_month(cockpit)
    energy = values(
        cockpit,
        "select value from marts_operations.operations_kpi_month "
        "where kpi_code = 'energy_mwh' and delivery_month = :m order by value desc limit 1",
        m=month,
    )[0]
    indices = dict(
        values(
            cockpit,
            "select subject_name_zh, load_rate from marts_energy.energy_load_index_month "
            "where subject_kind = 'customer' and delivery_month = :m",
            m=month,
        )
    )
    # the page adds customers up; the mart's own sum of the portfolio must be the same
    curve = values(
        cockpit,
        "select sum(actual_kwh) * 4, sum(day_before_kwh) * 4, sum(week_before_kwh) * 4 "
        "from marts_energy.energy_group_slot where group_kind = 'portfolio' "
        "and delivery_on = (select max(delivery_on) from marts_energy.energy_customer_day) "
        "group by slot order by slot",
    )
    desk = visit("executive")
    desk.open("energy", "zh")
    charts = healthy(desk)
    assert f"{shown(energy, 10)} 万kWh" in charts["月电量"]["text"].splitlines()
    assert {row["customer"]: number(row["load_rate"]) for row in desk.rows("load_rate")} == indices
    drawn = [
        tuple(number(row[name]) for name in ("actual", "day_before", "week_before"))
        for row in sorted(desk.rows("week_before"), key=lambda row: str(row["slot_start_at"]))
    ]
    assert len(drawn) == 96
    assert drawn == [tuple(row) for row in curve]


def test_deviation__shows_the_marts_values(cockpit: Cockpit, visit: Callable[[str], Visit]) -> None:
    outlook = values(
        cockpit,
        "select contract_id, projected_mwh, projected_deviation_rate, projected_charge_cny, level "
        "from marts_energy.energy_deviation_outlook where scope = 'contract'",
    )
    alerts = values(
        cockpit,
        "select message_zh from marts_operations.operations_alert "
        "where kind = 'deviation' and state <> 'closed'",
    )
    rate = values(
        cockpit,
        "select deviation_rate from marts_trading.trading_position_month where province = 'shandong' "
        "order by delivery_month desc limit 1",
    )[0]
    desk = visit("executive")
    desk.open("deviation", "zh")
    charts = healthy(desk)
    assert f"{shown(rate * 100, 1)} %" in charts["本月偏差率"]["text"].splitlines()
    alarms = sum(row.level == "alarm" for row in outlook)
    assert f"{alarms} 份" in charts["告警合同"]["text"].splitlines()
    columns = ("projected_mwh", "projected_deviation_rate", "projected_charge_cny")
    assert {
        row["contract_id"]: tuple(number(row[name]) for name in columns) for row in desk.rows("projected_mwh")
    } == {row.contract_id: tuple(row[1:4]) for row in outlook}
    assert sorted(row["message"] for row in desk.rows("message")) == sorted(alerts)


def number(shown_value: object) -> Decimal | None:
    """A number of a chart's answer as the mart holds it."""
    return None if shown_value is None else Decimal(str(shown_value))


@pytest.mark.parametrize("manager", MANAGERS[:2])
def test_row_rule__pages_show_a_manager_his_customers(
    manager: str, cockpit: Cockpit, visit: Callable[[str], Visit]
) -> None:
    names = (
        "select distinct customer_name from marts_sales.sales_contract_month where manager_username = :who"
    )
    own = set(values(cockpit, names, who=manager))
    every = set(values(cockpit, "select customer_name from marts_customers.customers_customer"))
    assert own < every
    desk = visit(manager)
    desk.open("energy", "zh")
    desk.charts()
    assert {row["customer"] for row in desk.rows("load_rate")} == own
    for column in ("reason", "sentence"):
        assert {row["customer"] for row in desk.rows(column)} <= own
    desk.open("deviation", "zh")
    desk.charts()
    assert {row["customer"] for row in desk.rows("projected_mwh")} <= own
    assert {row["owner_name"] for row in desk.rows("message")} <= {manager}


@pytest.mark.parametrize(
    ("key", "chart"),
    [
        ("energy", "energy_curve"),
        ("energy", "energy_by_day"),
        ("energy", "energy_tou"),
        ("energy", "energy_index_table"),
        ("energy", "energy_abnormal_table"),
        ("energy", "energy_hint_table"),
        ("deviation", "outlook_table"),
    ],
)
def test_row_rule__holds_for_whatever_a_manager_asks_a_page(
    key: str, chart: str, cockpit: Cockpit, visit: Callable[[str], Visit]
) -> None:
    """The dashboard lets him in; the question is his own: all customers, no filter."""
    own = set(values(cockpit, OWN_CUSTOMERS, who=MANAGERS[0]))
    dataset = dataset_id(visit("analyst"), f"{SOURCE.charts[chart].dataset}_zh")
    asked = question(dataset, ["customer_id"])
    seen = customers_in(visit("analyst").call("POST", "/api/v1/chart/data", asked))
    assert own < seen | own
    assert seen - own
    manager = visit(MANAGERS[0])
    answer = manager.call("POST", "/api/v1/chart/data", asked | {"form_data": manager.admission(key, chart)})
    assert customers_in(answer) <= own


def customers_in(answer: tuple[int, str]) -> set[str]:
    """The customers of an answered question."""
    status, text = answer
    assert status == 200, text[:300]
    return {row["customer_id"] for row in json.loads(text)["result"][0]["data"]}


@pytest.fixture(scope="module")
def stranger(cockpit: Cockpit, new_page: Callable[[], Page]) -> Iterator[Visit]:
    """A user of Superset whom nobody gave a business role."""
    name, password = f"stranger_{uuid.uuid4().hex[:8]}", "not-a-desk"
    derived = hashlib.pbkdf2_hmac("sha256", password.encode(), b"salt", 1000).hex()
    engine = sa.create_engine(cockpit.engine.url.set(database="superset"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        user = connection.execute(
            sa.text(
                "insert into ab_user (id, first_name, last_name, username, password, active, email) values "
                "((select max(id) + 100 from ab_user), 'No', 'Desk', :name, :password, true, "
                ":email) returning id"
            ),
            {
                "name": name,
                "password": f"pbkdf2:sha256:1000$salt${derived}",
                "email": f"{name}@wattledger.invalid",
            },
        ).scalar_one()
        connection.execute(
            sa.text(
                "insert into ab_user_role (id, user_id, role_id) "
                "select (select max(id) + 100 from ab_user_role), :user, id from ab_role where name = 'Gamma'"
            ),
            {"user": user},
        )
        visit = Visit(new_page(), cockpit.url)
        visit.log_in(name, password)
        yield visit
        connection.execute(sa.text("delete from ab_user_role where user_id = :user"), {"user": user})
        connection.execute(sa.text("update ab_user set active = false where id = :user"), {"user": user})
    engine.dispose()


@pytest.mark.parametrize("key", SOURCE.dashboards)
def test_page__is_refused_without_a_business_role(
    key: str, stranger: Visit, visit: Callable[[str], Visit]
) -> None:
    stranger.page.goto(f"{stranger.url}/cockpit/zh/{key}/", wait_until="networkidle")
    assert stranger.page.locator('[data-test="chart-grid-component"]').count() == 0
    assert stranger.call("GET", f"/api/v1/dashboard/{key}-zh")[0] in (403, 404)
    chart = next(tile.chart for row in SOURCE.dashboards[key].rows for tile in row.tiles if tile.chart)
    dataset = dataset_id(visit("analyst"), f"{SOURCE.charts[chart].dataset}_zh")
    admission = visit("executive").admission(key, chart)
    status, text = stranger.call(
        "POST", "/api/v1/chart/data", question(dataset, ["province"]) | {"form_data": admission}
    )
    assert status == 403, text[:300]
