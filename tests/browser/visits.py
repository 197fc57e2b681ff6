"""A user at the cockpit in a real browser: pages, charts, what went over the wire, calls past the page."""

from __future__ import annotations

import itertools
import json
import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import sqlalchemy as sa
from playwright.sync_api import CDPSession, Page, Response

from dashboards.layout import chart_keys
from dashboards.models import LANGUAGES, Language
from dashboards.source import load

SOURCE = load()
ROLES = {user.username: user.roles[0] for user in SOURCE.platform.users if user.username != "admin"}
DESKS = ["executive", "trader", "settlement", "analyst", "manager_zhao"]  # one user of every business role
MANAGERS = [user for user, role in ROLES.items() if role == "CustomerManager"]
PAGE = re.compile(r"/superset/dashboard/(?P<key>[a-z_]+)-(?P<language>zh|en)/")
# what every chart of the page shows right now; a chart is done when it has drawn, or has failed
STATE = """() => [...document.querySelectorAll('[data-test="chart-grid-component"]')].map(card => {
  const body = card.querySelector('#chart-id-' + card.getAttribute('data-test-chart-id'));
  const error = card.querySelector('[role="alert"], .ant-alert-error, [data-test="error-message"]');
  const busy = !!card.querySelector('[data-test="loading-indicator"], .loading, .ant-skeleton');
  const empty = !!card.querySelector('.ant-empty, [data-test="empty-state"]');
  const text = (body?.innerText || '').trim(), canvas = card.querySelectorAll('canvas').length;
  return {name: card.getAttribute('data-test-chart-name'), text, empty, error: error?.innerText ?? null,
          done: !!error || empty || (!busy && !!body && (canvas > 0 || text.length > 0))}; })"""


SCROLL = """step => { const height = Math.max(document.body.scrollHeight - innerHeight, 1);
  scrollTo(0, Math.min(height, (step * innerHeight * 0.7) % (height + innerHeight * 0.7))); }"""


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
    landed: tuple[str, str] = ("", "")

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

    @cached_property
    def _devtools(self) -> CDPSession:
        return self.page.context.new_cdp_session(self.page)

    def rest(self) -> None:
        """Stop the page's clocks: one that nobody looks at animates on, at a fifth of a core for each."""
        self._devtools.send("Page.setWebLifecycleState", {"state": "frozen"})

    def wake(self) -> None:
        """Let the page go on."""
        self._devtools.send("Page.setWebLifecycleState", {"state": "active"})

    def log_in(self, user: str, password: str) -> None:
        """Log in through the form and wait to be let in."""
        self.page.goto(f"{self.url}/login/", wait_until="networkidle")
        self.page.fill('[data-test="username-input"]', user)
        self.page.fill('[data-test="password-input"]', password)
        self.page.click('[data-test="login-button"]')
        self.page.wait_for_url(lambda url: "/login" not in url, timeout=30_000)
        self.landed = self.here()

    def open(self, key: str, language: Language) -> None:
        """Go to a dashboard in a language, unless the page is there already."""
        if self.here() != (key, language):
            self.queries.clear()
            self.refused.clear()
            self.page.goto(f"{self.url}/cockpit/{language}/{key}/", wait_until="domcontentloaded")
        assert self.here() == (key, language), self.page.url

    def here(self) -> tuple[str, str]:
        """Key and language of the dashboard in the browser; empty texts on another page."""
        found = PAGE.search(self.page.url)
        return (found["key"], found["language"]) if found else ("", "")

    def titles(self) -> set[str]:
        """Titles of the charts that the dashboard in the browser must have."""
        key, language = self.here()
        titles = [SOURCE.charts[chart].title for chart in chart_keys(SOURCE.dashboards[key])]
        return {title.zh if language == "zh" else title.en for title in titles}

    def charts(self, seconds: float = 60) -> dict[str, dict[str, Any]]:
        """Walk down the page until every chart has drawn or failed; title → state when it had."""
        expected, deadline = self.titles(), time.monotonic() + seconds
        seen: dict[str, dict[str, Any]] = {}
        for step in itertools.count():
            states = {state["name"]: state for state in self.page.evaluate(STATE)}
            seen |= {name: state for name, state in states.items() if state["done"]}
            if expected <= set(seen):
                return seen
            assert time.monotonic() < deadline, f"after {seconds} s still waiting for {expected - set(seen)}"
            # charts out of sight are not drawn; the wheel would scroll a table under the mouse instead
            self.page.evaluate(SCROLL, step)
            self.page.wait_for_timeout(120)
        raise AssertionError  # count() has no end

    def rows(self, column: str) -> list[dict[str, Any]]:
        """Rows of the newest chart query that returned `column`."""
        for response in reversed(self.queries):
            for result in response.json()["result"]:
                if column in result.get("colnames", []):
                    rows: list[dict[str, Any]] = result["data"]
                    return rows
        raise AssertionError(f"no chart asked for {column}")

    def admission(self, key: str, chart: str) -> dict[str, int]:
        """What lets a chart of a Chinese page ask for its data: its own number and the dashboard's."""
        title, place = SOURCE.charts[chart].title.zh, f"/api/v1/dashboard/{key}-zh"
        board, charts = [
            json.loads(self.call("GET", path)[1])["result"] for path in (place, f"{place}/charts")
        ]
        (number,) = [item["form_data"]["slice_id"] for item in charts if item["slice_name"] == title]
        return {"slice_id": number, "dashboardId": board["id"]}

    def picture(self, path: Path) -> None:
        """Keep the whole page, after the charts' opening animation."""
        self.page.mouse.move(0, 0)
        self.page.evaluate("window.scrollTo(0, 0)")
        window = self.page.viewport_size or {"width": 1440, "height": 1000}
        # in another window the page is laid out anew; a picture taken meanwhile would be blank
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": window["width"], "height": height})
        self.page.wait_for_timeout(1500)
        self.charts()
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(1500)
        self.page.screenshot(path=path, full_page=True)
        self.page.set_viewport_size(window)

    def call(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        """Call Superset's API as the logged-in user; status and text."""
        script = """async ([method, path, body]) => {
          const token = (await (await fetch('/api/v1/security/csrf_token/')).json()).result;
          const headers = {'Content-Type': 'application/json', 'X-CSRFToken': token};
          const answer = await fetch(path, {method, headers, body: body && JSON.stringify(body)});
          return [answer.status, await answer.text()]; }"""
        status, text = self.page.evaluate(script, [method, path, body])
        return int(status), str(text)

    def answer(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        """Rows of a chart query that must be answered."""
        status, text = self.call("POST", "/api/v1/chart/data", asked)
        assert status == 200, text[:300]
        rows: list[dict[str, Any]] = json.loads(text)["result"][0]["data"]
        return rows


def healthy(visit: Visit, may_be_empty: Collection[str] = ()) -> dict[str, dict[str, Any]]:
    """Every chart has drawn, none failed or is empty, nothing was refused, nothing came from elsewhere."""
    charts = visit.charts()
    assert set(charts) == visit.titles()
    assert {name: state["error"] for name, state in charts.items() if state["error"]} == {}
    assert {name for name, state in charts.items() if state["empty"]} <= set(may_be_empty)
    assert visit.refused == []
    assert visit.answered_elsewhere == []
    return charts


def every_visit(pages: Sequence[str]) -> list[tuple[str, str, Language]]:
    """User, page and language that must be right: every role, both languages with and without row rule."""
    return [
        *((user, key, to) for user in ("executive", "manager_zhao") for key in pages for to in LANGUAGES),
        *((user, key, "zh") for user in ("trader", "settlement") for key in pages),
        *(("analyst", key, "en") for key in pages),
    ]


def drawn_visits(pages: Sequence[str]) -> list[tuple[str, str, Language]]:
    """Those that are drawn: two of who sees all, one under the row rule, and the other roles by turns."""
    others: list[tuple[str, Language]] = [("trader", "zh"), ("settlement", "zh"), ("analyst", "en")]
    drawn: list[tuple[str, str, Language]] = []
    for turn, key in enumerate(pages):
        user, language = others[turn % len(others)]
        drawn += [("executive", key, "zh"), ("executive", key, "en"), (user, key, language)]
        drawn.append(("manager_zhao", key, LANGUAGES[turn % 2]))
    return drawn


def asked_visits(pages: Sequence[str]) -> list[tuple[str, str, Language]]:
    """The others: what a page asks for is asked without drawing it (``answers``)."""
    drawn = drawn_visits(pages)
    return [visit for visit in every_visit(pages) if visit not in drawn]


def leave_no_role_out(pages: Sequence[str]) -> None:
    """Every role that may open a page does so in one of the visits, and nobody else."""
    admitted = {(role, key) for key in pages for role in SOURCE.platform.dashboards[key]}
    assert {(ROLES[user], key) for user, key, _ in every_visit(pages)} == admitted


def answers(visit: Visit, key: str, language: Language) -> None:
    """The page tells the user its charts, and the data behind each of them."""
    place = f"/api/v1/dashboard/{key}-{language}"
    board, charts = [json.loads(visit.call("GET", path)[1])["result"] for path in (place, f"{place}/charts")]
    forms = {chart["slice_name"]: chart["form_data"] for chart in charts}
    for chart in chart_keys(SOURCE.dashboards[key]):
        form = forms[SOURCE.charts[chart].title.in_language(language)]
        column = SOURCE.datasets[SOURCE.charts[chart].dataset].columns[0].name
        query = question(int(form["datasource"].split("__")[0]), [column])
        query["queries"][0]["row_limit"] = 1
        visit.answer(query | {"form_data": {"slice_id": form["slice_id"], "dashboardId": board["id"]}})


def whole(visit: Visit, key: str, language: Language, empty: set[str], pictures: Path | None) -> None:
    """Open a page: all charts are healthy, exactly the lists of ``empty`` are so, all cards have a number."""
    visit.open(key, language)
    charts = healthy(visit, empty)
    assert {title for title, state in charts.items() if state["empty"]} == empty
    for title, state in charts.items():
        assert "N/A" not in state["text"].splitlines()[:1], f"{title} has no number"
    assert visit.page.title() == SOURCE.dashboards[key].title.in_language(language)
    if pictures is not None:
        visit.picture(pictures / f"{key}-{language}.png")


def asked(cockpit: Cockpit, sql: str, **parameters: object) -> list[Any]:
    """Rows of a statement on the warehouse."""
    with cockpit.engine.connect() as connection:
        return list(connection.execute(sa.text(sql), parameters).all())


def one(cockpit: Cockpit, sql: str, **parameters: object) -> Any:  # noqa: ANN401  (a row)
    """The only row of a statement on the warehouse."""
    (row,) = asked(cockpit, sql, **parameters)
    return row


def lines(charts: Mapping[str, dict[str, Any]], chart: str, language: Language = "zh") -> list[str]:
    """What a card says, line by line."""
    text: str = charts[SOURCE.charts[chart].title.in_language(language)]["text"]
    return text.splitlines()


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


def shown(value: Decimal, divisor: int) -> str:
    """A number as the cards show it: scaled, two decimals, half away from zero like PostgreSQL's to_char."""
    scaled = (abs(value) / divisor).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{scaled:,}"


def sign(value: Decimal) -> str:
    """The minus of a card, before the currency."""
    return "−" if value < 0 else ""
