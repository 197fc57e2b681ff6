"""The cockpit as people meet it: every role, both languages, the marts' numbers, own customers only.

Needs the session fixture `cockpit`, of the shape of `Cockpit` below. A user logs in once for all tests.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, Request, Response

from dashboards.source import load

CHARTS = 12
ROLES = {
    "executive": "Executive",
    "trader": "Trader",
    "settlement": "Settlement",
    "analyst": "Analyst",
    "manager_zhao": "CustomerManager",
}
MANAGERS = [user.username for user in load().platform.users if user.roles == ["CustomerManager"]][:2]
TITLES: dict[str, str] = {"zh": "经营驾驶舱", "en": "Operations cockpit"}
# what every chart of the page shows right now; a chart is done when it has drawn, or has failed
STATE = """() => [...document.querySelectorAll('[data-test="chart-grid-component"]')].map(card => {
  const body = card.querySelector('#chart-id-' + card.getAttribute('data-test-chart-id'));
  const error = card.querySelector('[role="alert"], .ant-alert-error, [data-test="error-message"]');
  const busy = !!card.querySelector('[data-test="loading-indicator"], .loading, .ant-skeleton');
  const empty = !!card.querySelector('.ant-empty, [data-test="empty-state"]');
  const text = (body?.innerText || '').trim(), canvas = card.querySelectorAll('canvas').length;
  return {name: card.getAttribute('data-test-chart-name'), text, empty, error: error?.innerText ?? null,
          done: !!error || empty || (!busy && !!body && (canvas > 0 || text.length > 0))}; })"""


class Cockpit(Protocol):
    """What the fixture of the running demo offers."""

    url: str
    passwords: Mapping[str, str]
    engine: sa.Engine


@dataclass
class Visit:
    """A page and what went over the wire while it was used."""

    page: Page
    url: str
    refused: list[str] = field(default_factory=list)
    answered_elsewhere: list[str] = field(default_factory=list)
    queries: list[Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen to every response."""
        self.page.on("response", self._on_response)

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.refused.append(f"{response.status} {response.request.method} {response.url}")
        if urlsplit(response.url).scheme.startswith("http") and not response.url.startswith(self.url):
            self.answered_elsewhere.append(response.url)
        if "/api/v1/chart/data" in response.url:
            self.queries.append(response)

    def log_in(self, user: str, password: str) -> None:
        """Log in through the form and wait to be let in."""
        self.page.goto(f"{self.url}/login/", wait_until="networkidle")
        self.page.fill('[data-test="username-input"]', user)
        self.page.fill('[data-test="password-input"]', password)
        self.page.click('[data-test="login-button"]')
        self.page.wait_for_url(lambda url: "/login" not in url, timeout=30_000)

    def charts(self, seconds: float = 60) -> dict[str, dict[str, Any]]:
        """Wait until every chart has drawn or failed; title → state."""
        deadline = time.monotonic() + seconds
        while True:
            states = self.page.evaluate(STATE)
            if len(states) >= CHARTS and all(state["done"] for state in states):
                return {state["name"]: state for state in states}
            waiting = [state["name"] for state in states if not state["done"]]
            assert time.monotonic() < deadline, (
                f"after {seconds} s: {len(states)} charts, waiting for {waiting}"
            )
            # charts out of sight are not drawn; the wheel would scroll a table under the mouse instead
            self.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
            self.page.wait_for_timeout(150)

    def rows(self, column: str) -> list[dict[str, Any]]:
        """Rows of the newest chart query that returned `column`."""
        for response in reversed(self.queries):
            for result in response.json()["result"]:
                if column in result.get("colnames", []):
                    rows: list[dict[str, Any]] = result["data"]
                    return rows
        raise AssertionError(f"no chart asked for {column}")

    def picture(self, path: Path) -> None:
        """Keep the whole page, after the charts' opening animation."""
        self.page.mouse.move(0, 0)
        self.page.evaluate("window.scrollTo(0, 0)")
        self.page.wait_for_timeout(1500)
        self.page.screenshot(path=path, full_page=True)

    def call(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        """Call Superset's API as the logged-in user; status and text."""
        script = """async ([method, path, body]) => {
          const token = (await (await fetch('/api/v1/security/csrf_token/')).json()).result;
          const headers = {'Content-Type': 'application/json', 'X-CSRFToken': token};
          const answer = await fetch(path, {method, headers, body: body && JSON.stringify(body)});
          return [answer.status, await answer.text()]; }"""
        status, text = self.page.evaluate(script, [method, path, body])
        return int(status), str(text)


@pytest.fixture(scope="session")
def visit(cockpit: Cockpit, new_page: Callable[[], Page]) -> Callable[[str], Visit]:
    """A user at his landing page, as he left it; he logs in the first time."""
    seated: dict[str, Visit] = {}

    def seat(user: str) -> Visit:
        if user not in seated:
            desk = Visit(new_page(), cockpit.url)
            desk.log_in(user, cockpit.passwords[user])
            seated[user] = desk
        return seated[user]

    return seat


def healthy(visit: Visit) -> dict[str, dict[str, Any]]:
    """Every chart has drawn, none failed or is empty, nothing was refused, nothing came from elsewhere."""
    charts = visit.charts()
    assert {name: state["error"] for name, state in charts.items() if state["error"]} == {}
    assert [name for name, state in charts.items() if state["empty"]] == []
    assert visit.refused == []
    assert visit.answered_elsewhere == []
    return charts


@pytest.mark.parametrize("user", ROLES)
def test_cockpit__every_role_lands_on_a_whole_page(user: str, visit: Callable[[str], Visit]) -> None:
    desk = visit(user)
    assert "/superset/dashboard/operations-zh/" in desk.page.url
    charts = healthy(desk)
    assert len(charts) == CHARTS


def test_cockpit__speaks_both_languages(visit: Callable[[str], Visit], screenshots: Path) -> None:
    desk = visit("executive")
    for language, other in (("zh", "English"), ("en", "中文")):
        charts = healthy(desk)
        titles = [chart.title for chart in load().charts.values()]
        assert set(charts) == {title.zh if language == "zh" else title.en for title in titles}
        assert desk.page.title() == TITLES[language]
        desk.picture(screenshots / f"operations-{language}.png")
        desk.page.get_by_role("link", name=other, exact=True).click()
        desk.page.wait_for_url(re.compile(r"/operations-(zh|en)/"))
        desk.page.wait_for_load_state("networkidle")
    assert "/operations-zh/" in desk.page.url


def shown(value: Decimal, divisor: int) -> str:
    """A number as the cards show it: scaled, two decimals, half away from zero like PostgreSQL's to_char."""
    scaled = (abs(value) / divisor).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{scaled:,}"


def sign(value: Decimal) -> str:
    """The minus of a card, before the currency."""
    return "−" if value < 0 else ""


def test_cockpit__cards_show_the_marts_values(cockpit: Cockpit, visit: Callable[[str], Visit]) -> None:
    with cockpit.engine.connect() as connection:
        month = connection.execute(
            sa.text("select * from marts_settlement.settlement_month order by delivery_month desc limit 1")
        ).one()
        rate = connection.execute(
            sa.text(
                "select value from marts_operations.operations_kpi_month "
                "where kpi_code = 'deviation_rate' and delivery_month = :m"
            ),
            {"m": month.delivery_month},
        ).scalar_one()
    charts = healthy(visit("executive"))
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


@pytest.mark.parametrize("manager", MANAGERS)
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
    desk.charts()
    rows = desk.rows("contract_id")
    assert {row["manager_username"] for row in rows} == {manager}
    assert {row["customer"] for row in rows} == own


def dataset_id(visit: Visit, table: str) -> int:
    """Superset's number of a dataset, found as the logged-in user sees it."""
    query = json.dumps({"filters": [{"col": "table_name", "opr": "eq", "value": table}]})
    status, text = visit.call("GET", f"/api/v1/dataset/?q={query}")
    found = json.loads(text)["result"] if status == 200 else []
    assert found, f"{table}: {status} {text[:200]}"
    return int(found[0]["id"])


def question(dataset: int, columns: list[str]) -> dict[str, Any]:
    """A raw chart query, as anybody can send it past the dashboard."""
    query = {"columns": columns, "metrics": [], "filters": [], "row_limit": 5000, "orderby": []}
    return {"datasource": {"id": dataset, "type": "table"}, "queries": [query], "result_type": "full"}


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
