"""The cockpit as people meet it: logging in, the operations page, languages, what is kept from whom.

The other pages are in test_pages.py. Needs the session fixture `cockpit`, of the shape of `visits.Cockpit`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, Request

from dashboards.models import Language
from tests.browser.visits import (
    DESKS,
    MANAGERS,
    SOURCE,
    Cockpit,
    Visit,
    dataset_id,
    healthy,
    question,
    shown,
    sign,
)

LANGUAGES_AND_LINKS: tuple[tuple[Language, str], ...] = (("zh", "English"), ("en", "中文"))


@pytest.mark.parametrize("user", DESKS)
def test_cockpit__every_role_lands_on_a_whole_page(user: str, visit: Callable[[str], Visit]) -> None:
    desk = visit(user)
    assert desk.landed == ("operations", "zh")
    desk.open("operations", "zh")
    healthy(desk)


def test_cockpit__speaks_both_languages(visit: Callable[[str], Visit], screenshots: Path) -> None:
    desk = visit("executive")
    desk.open("operations", "zh")
    for language, other in LANGUAGES_AND_LINKS:
        healthy(desk)
        assert desk.page.title() == SOURCE.dashboards["operations"].title.in_language(language)
        desk.picture(screenshots / f"operations-{language}.png")
        desk.page.get_by_role("link", name=other, exact=True).click()
        desk.page.wait_for_url(re.compile(r"/operations-(zh|en)/"))
        desk.page.wait_for_load_state("networkidle")
    assert "/operations-zh/" in desk.page.url


def test_cockpit__cards_show_the_marts_values(cockpit: Cockpit, visit: Callable[[str], Visit]) -> None:
    with cockpit.engine.connect() as connection:
        month = connection.execute(
            sa.text(
                "select * from marts_settlement.settlement_month "
                "order by delivery_month desc, energy_mwh desc limit 1"
            )
        ).one()
        rate = connection.execute(
            sa.text(
                "select value from marts_operations.operations_kpi_month "
                "where kpi_code = 'deviation_rate' and delivery_month = :m and province = :p"
            ),
            {"m": month.delivery_month, "p": month.province},
        ).scalar_one()
    desk = visit("executive")
    desk.open("operations", "zh")
    charts = healthy(desk)
    expected = {
        "毛利": f"{sign(month.margin_cny)}¥{shown(month.margin_cny, 10_000)} 万元",
        "购销价差": f"{sign(month.spread_cny_per_mwh)}¥{shown(month.spread_cny_per_mwh, 1)} /MWh",
        "偏差率": f"{shown(rate * 100, 1)} %",
        "购电均价": f"¥{shown(month.purchase_mean_cny_per_mwh, 1)} /MWh",
        "售电均价": f"¥{shown(month.sales_mean_cny_per_mwh, 1)} /MWh",
        "结算电量": f"{shown(month.energy_mwh, 10)} 万kWh",
    }
    for title, text in expected.items():
        lines = charts[title]["text"].splitlines()
        assert text in lines, f"{title}: {lines}"
        assert any(f"{month.delivery_month:%Y-%m}" in line for line in lines)


def test_cockpit__month_filter_moves_the_cards(cockpit: Cockpit, visit: Callable[[str], Visit]) -> None:
    with cockpit.engine.connect() as connection:
        earliest = connection.execute(
            sa.text("select min(delivery_month) from marts_settlement.settlement_month")
        ).scalar_one()
    desk = visit("trader")
    desk.open("operations", "zh")
    healthy(desk)
    desk.page.evaluate("window.scrollTo(0, 0)")
    desk.page.locator('[data-test="form-item-value"] .ant-select').nth(1).click()
    desk.page.locator(".ant-select-item-option", has_text=f"{earliest:%Y-%m}").click()
    desk.page.keyboard.press("Escape")
    desk.page.locator('[data-test="filter-bar__apply-button"]').click()
    desk.page.get_by_text(f"{earliest:%Y-%m} · ").first.wait_for(timeout=15_000)
    desk.page.wait_for_load_state("networkidle")  # the table asks after the cards
    desk.charts()
    assert {row["month"] for row in desk.rows("contract_id")} == {f"{earliest:%Y-%m}"}
    desk.page.goto(f"{desk.url}/")


@pytest.mark.parametrize("manager", MANAGERS[:2])
def test_row_rule__a_manager_sees_only_his_customers(
    manager: str, cockpit: Cockpit, visit: Callable[[str], Visit]
) -> None:
    with cockpit.engine.connect() as connection:
        own = set(
            connection.execute(
                sa.text(
                    "select distinct customer_name from marts_settlement.settlement_margin "
                    "where manager_username = :m"
                ),
                {"m": manager},
            ).scalars()
        )
        every = connection.execute(
            sa.text("select count(distinct customer_name) from marts_settlement.settlement_margin")
        ).scalar_one()
    assert 0 < len(own) < every
    desk = visit(manager)
    desk.open("operations", "zh")
    desk.charts()
    rows = desk.rows("contract_id")
    assert {row["manager_username"] for row in rows} == {manager}
    assert {row["customer"] for row in rows} == own


def test_row_rule__holds_past_the_dashboard(visit: Callable[[str], Visit]) -> None:
    analyst = visit("analyst")
    lines = dataset_id(analyst, "settlement_line")
    margins = dataset_id(analyst, "settlement_margin")
    assert analyst.call("POST", "/api/v1/chart/data", question(lines, ["customer_id"]))[0] == 200
    manager = visit(MANAGERS[0])
    for dataset, column in ((lines, "customer_id"), (margins, "customer_id")):
        status, _ = manager.call("POST", "/api/v1/chart/data", question(dataset, [column]))
        assert status == 403


def test_sql_lab__is_for_analysts(visit: Callable[[str], Visit]) -> None:
    statement = {"sql": "select count(*) as n from marts_settlement.settlement_margin", "database_id": 1}
    status, text = visit("analyst").call("POST", "/api/v1/sqllab/execute/", statement)
    assert status == 200, text[:300]
    assert json.loads(text)["data"][0]["n"] > 0
    for user in ("executive", "trader", "settlement", MANAGERS[0]):
        assert visit(user).call("POST", "/api/v1/sqllab/execute/", statement)[0] == 403


def test_login__refuses_a_wrong_password(cockpit: Cockpit, new_page: Callable[[], Page]) -> None:
    page = new_page()
    page.goto(f"{cockpit.url}/login/", wait_until="networkidle")
    page.fill('[data-test="username-input"]', "admin")
    page.fill('[data-test="password-input"]', "admin")
    page.click('[data-test="login-button"]')
    page.wait_for_load_state("networkidle")
    assert "/login" in page.url


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/superset/log/?explode=events", 204), ("GET", "/superset/language_pack/zh/", 200)],
)
def test_login__is_not_undone_by_what_the_page_asks_in_passing(
    method: str, path: str, status: int, cockpit: Cockpit
) -> None:
    """Answered after the login, a cookie of the stranger's would throw the user back to the login page."""
    with httpx.Client(base_url=cockpit.url) as stranger:
        assert "set-cookie" in stranger.get("/login/").headers
        answer = stranger.request(method, path)
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers


def test_page__asks_nothing_of_the_outside(visit: Callable[[str], Visit]) -> None:
    desk = visit("executive")
    desk.open("operations", "zh")
    policy = desk.page.request.get(f"{desk.url}/superset/dashboard/operations-zh/").headers[
        "content-security-policy"
    ]
    assert "http" not in policy.replace(desk.url, "")
    assert "unsafe-eval" not in policy
    blocked: list[Request] = []
    desk.page.on("requestfailed", lambda request: blocked.append(request))
    desk.page.reload(wait_until="networkidle")
    desk.charts()
    assert desk.answered_elsewhere == []
    for request in blocked:  # Superset's own telemetry pixel is in its bundle: the policy stops it
        assert request.url.startswith(desk.url) or (request.failure or "").startswith("csp")
