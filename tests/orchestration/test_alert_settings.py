"""notify.yml: what is wrong is named with file, line, place, value and remedy; and laws of a sync's plan."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.alert_settings import NotifyError, QuietHours, load_notify
from orchestration.alerts import plan
from orchestration.home import CHECKOUT
from orchestration.runs import MARKET_TIME

GOOD = """\
channels:
  room: {url: "json://127.0.0.1:9/"}
routes:
  - channels: [room]
"""


def _fault(tmp_path: Path, text: str) -> str:
    path = tmp_path / "notify.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NotifyError) as caught:
        load_notify(path)
    return str(caught.value).removeprefix(str(path))


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", ", the file: Input should be"),
        ("channels: [", ", line 1, the file: not readable as YAML"),
        (
            GOOD.replace("channels: [room]", "channels: [rom]"),
            ", line 4, routes[0].channels[0]: 'rom' is no channel",
        ),
        (GOOD + "    severities: [panic]\n", ", line 5, routes[0].severities[0]: 'panic' Input should be"),
        (GOOD + "quiet: 1\n", ", line 5, quiet: 1 Extra inputs"),
        (
            GOOD + "value_steps: {deviation: 0}\n",
            ", line 5, value_steps.deviation: 0 Input should be greater",
        ),
        (
            GOOD.replace("json://127.0.0.1:9/", "secret-token"),
            ", line 2, channels.room.url: String should match",
        ),
        (GOOD + "routes: []\n", ", line 5, routes: 'routes' key is written twice"),
    ],
)
def test_load_notify__names_line_place_value_and_remedy(tmp_path: Path, text: str, where: str) -> None:
    fault = _fault(tmp_path, text)
    assert fault.startswith(where)
    assert fault.endswith("Remedy: see docs/alerts.md for a file to copy.")
    assert "secret-token" not in fault


def test_load_notify__no_file_is_no_settings(tmp_path: Path) -> None:
    assert load_notify(tmp_path / "notify.yml") is None


def test_load_notify__the_file_of_the_docs_can_be_copied(tmp_path: Path) -> None:
    page = (CHECKOUT / "docs" / "alerts.md").read_text(encoding="utf-8")
    block = page.split("```yaml\n")[1].split("```")[0]
    (tmp_path / "notify.yml").write_text(block, encoding="utf-8")
    settings = load_notify(tmp_path / "notify.yml")
    assert settings is not None
    assert set(settings.channels) == {name for route in settings.routes for name in route.channels}


@pytest.mark.parametrize(
    ("begin", "end", "now", "free"),
    [
        ("22:00", "07:00", "21:59", "12 21:59"),
        ("22:00", "07:00", "22:00", "13 07:00"),
        ("22:00", "07:00", "06:59", "12 07:00"),
        ("12:00", "13:30", "12:15", "12 13:30"),
        ("12:00", "13:30", "13:30", "12 13:30"),
    ],
)
def test_quiet_hours__end_when_they_say(begin: str, end: str, now: str, free: str) -> None:
    hours = QuietHours.model_validate({"from": begin, "to": end})
    moment = datetime.fromisoformat(f"2026-11-12 {now}").replace(tzinfo=MARKET_TIME)
    assert f"{hours.first_moment(moment, 'warn'):%d %H:%M}" == free
    assert hours.first_moment(moment, "alarm") == moment


_CAUSE = st.fixed_dictionaries(
    {
        "cause_key": st.sampled_from("abcdef"),
        "kind": st.sampled_from(["deviation", "metering_gap"]),
        "severity": st.sampled_from(["warn", "alarm"]),
        "value": st.none() | st.integers(-100, 100).map(lambda n: Decimal(n) / 1000),
    }
)
_CAUSES = st.lists(_CAUSE, unique_by=lambda cause: cause["cause_key"])
_TAKEN_ON = st.sampled_from([None, datetime(2026, 11, 12, tzinfo=UTC)])
_STEPS = {"deviation": Decimal("0.01")}


def _after(alerts: list[dict[str, Any]], causes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The open alerts after a plan was carried out."""
    made = plan(alerts, causes, _STEPS)
    opened = [{**cause, "reported_value": cause["value"], "acknowledged_at": None} for cause in made.opening]
    stood = [
        {
            **alert,
            **cause,
            "reported_value": cause["value"] if event else alert["reported_value"],
            "acknowledged_at": None if event == "escalated" else alert["acknowledged_at"],
        }
        for alert, cause, event in made.standing
    ]
    return opened + stood


@given(st.lists(_CAUSES, max_size=4), st.data())
def test_plan__ends_where_the_causes_are_and_says_nothing_twice(
    days: list[list[dict[str, Any]]], data: st.DataObject
) -> None:
    alerts: list[dict[str, Any]] = []
    for causes in days:
        alerts = _after(alerts, causes)
        assert {a["cause_key"]: a["severity"] for a in alerts} == {
            c["cause_key"]: c["severity"] for c in causes
        }
        again = plan(alerts, causes, _STEPS)
        assert not again.opening
        assert not again.closing
        assert all(event is None for _, _, event in again.standing)
        # whoever takes an alert on makes it silent, not chatty
        for alert in alerts:
            alert["acknowledged_at"] = alert["acknowledged_at"] or data.draw(_TAKEN_ON)
        assert all(event is None for _, _, event in plan(alerts, causes, _STEPS).standing)
