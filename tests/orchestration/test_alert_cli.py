"""``wattledger alerts``: what a user types, what it prints, and its exit codes."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from orchestration.cli import app
from orchestration.commands import alerts
from tests.orchestration.desk import Desk

pytestmark = pytest.mark.integration


@pytest.fixture
def at_desk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The commands work on the desk's house."""
    monkeypatch.setattr(alerts, "house", lambda: desk.house)
    return desk


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["alerts", *arguments])


def _notify(desk: Desk, url: str) -> None:
    text = f"channels:\n  hook: {{url: '{url}', language: en}}\nroutes:\n  - channels: [hook]\n"
    (desk.house.home.root / "notify.yml").write_text(text)


def test_alerts__from_sync_to_acknowledged(at_desk: Desk) -> None:
    _notify(at_desk, at_desk.receiver.url())
    at_desk.cause("alarm", "0.07")
    synced = _run("sync", "--json")
    assert synced.exit_code == 0
    assert json.loads(synced.stdout)["synced"]["opened"] == 1
    assert json.loads(synced.stdout)["sent"]["sent"] == 1
    (alert,) = json.loads(_run("list", "--json").stdout)
    assert (alert["severity"], alert["value"], alert["messages_sent"]) == ("alarm", "0.070000", 1)
    number = str(alert["alert_id"])
    assert json.loads(_run("ack", number, "--by", "li", "--json").stdout)["is_new"] is True
    assert "was taken on already" in _run("ack", number, "--by", "sun").stdout
    assert "taken on" in _run("list").stdout
    at_desk.gone()
    assert "1 closed" in _run("sync").stdout
    assert json.loads(_run("list", "--json").stdout) == []
    assert len(json.loads(_run("list", "--all", "--json").stdout)) == 1


def test_alerts_ack__of_nothing_is_told(at_desk: Desk) -> None:
    refused = _run("ack", "12", "--by", "li")
    assert refused.exit_code == 1
    assert "no open alert has the number 12" in refused.stderr


def test_alerts_sync__without_a_file_says_so_and_is_no_failure(at_desk: Desk) -> None:
    at_desk.cause("warn")
    done = _run("sync")
    assert done.exit_code == 0
    assert "there is no notify.yml" in done.stdout
    tried = _run("test")
    assert tried.exit_code == 1
    assert "notify.yml does not exist" in " ".join(tried.stderr.split())


def test_alerts_sync__exits_1_on_a_faulty_file_and_2_on_a_channel_that_is_down(at_desk: Desk) -> None:
    at_desk.cause("warn")
    (at_desk.house.home.root / "notify.yml").write_text("channels: 3\n")
    assert _run("sync").exit_code == 1
    _notify(at_desk, at_desk.receiver.url())
    at_desk.receiver.down()
    failed = _run("sync")
    assert failed.exit_code == 2
    assert "hook: " in failed.stdout
    assert _run("test", "--json").exit_code == 2
    at_desk.receiver.up()
    assert json.loads(_run("test", "--json").stdout) == [{"channel": "hook", "sent": True, "reason": None}]
    assert at_desk.receiver.titles == ["[Info] opened: test"]
