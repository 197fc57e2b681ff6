"""Secrets, locks and settings."""

from __future__ import annotations

import stat
from contextlib import ExitStack
from pathlib import Path

import pytest

from orchestration.home import Home
from orchestration.settings import Settings


def test_secret__is_made_once_and_kept_private(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first = home.secret("wl_bi")
    assert Home(tmp_path).secret("wl_bi") == first
    assert home.secret("wl_ingest") != first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_lock__tells_who_has_to_wait(tmp_path: Path) -> None:
    home, holder, told = Home(tmp_path), ExitStack(), list[str]()
    holder.enter_context(home.lock("as_of"))

    def waits() -> None:
        told.append("waits")
        holder.close()

    with home.lock("as_of", waits):
        assert told == ["waits"]
    with home.lock("as_of", waits):
        assert told == ["waits"]


def test_port__is_chosen_once_and_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WATTLEDGER_SUPERSET_PORT", raising=False)
    settings = Settings(Home(tmp_path), None, ())
    assert settings.port("superset") == settings.port("superset")


def test_port__of_the_user_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATTLEDGER_SUPERSET_PORT", "18088")
    assert Settings(Home(tmp_path), None, ()).port("superset") == 18088


def test_port__refuses_nonsense_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATTLEDGER_SUPERSET_PORT", "http")
    with pytest.raises(ValueError, match=r"WATTLEDGER_SUPERSET_PORT='http' is not a port"):
        Settings(Home(tmp_path), None, ()).port("superset")
