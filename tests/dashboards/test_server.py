"""Starting and stopping without Superset: whose process it is, and which settings are refused."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from dashboards import server
from dashboards.errors import SupersetError
from dashboards.runtime import child_environment, superset_version, write_runtime
from dashboards.settings import SupersetSettings, libpq_uri, psycopg2_uri
from dashboards.source import Source


@pytest.fixture
def settings(tmp_path: Path) -> SupersetSettings:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = "postgresql+psycopg://someone:p%40ss@127.0.0.1:1/superset"
    return SupersetSettings(
        Path(sys.executable), tmp_path / "state", tmp_path / "secrets", port, url, url, {"admin": "x"}
    )


def test_stop__leaves_a_stranger_with_our_pid_alone(settings: SupersetSettings) -> None:
    settings.state.mkdir()
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        (settings.state / "superset.pid").write_text(str(stranger.pid))
        try:
            assert server.is_up(settings) is False
            assert server.stop(settings) is False
            assert stranger.poll() is None
            assert not (settings.state / "superset.pid").exists()
        finally:
            stranger.kill()


def test_stop__is_false_when_nothing_was_started(settings: SupersetSettings) -> None:
    assert server.stop(settings) is False


def test_start__refuses_a_taken_port(settings: SupersetSettings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", settings.port))
        taken.listen()
        with pytest.raises(SupersetError, match=rf"port {settings.port} .* is taken .*Remedy"):
            server.start(settings)


def test_start__says_why_the_server_died(settings: SupersetSettings) -> None:
    # the main environment has no gunicorn: the process ends at once and its last words are in the message
    with pytest.raises(SupersetError, match=r"died while starting; log .*superset\.log:\n.*gunicorn"):
        server.start(settings)
    assert not server.is_up(settings)


def test_runtime__keeps_secrets_private_and_the_key_stable(
    settings: SupersetSettings, source: Source
) -> None:
    first = write_runtime(settings, source.platform)
    text = first.read_text()
    assert write_runtime(settings, source.platform).read_text() == text
    for path in settings.secrets.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.secrets.stat().st_mode) == 0o700
    assert "p%40ss" not in repr(child_environment(first, settings.state))


def test_runtime__child_sees_little_of_the_callers_environment(
    settings: SupersetSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPERSET_FEATURE_ALERT_REPORTS", "true")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environment = child_environment(settings.secrets / "r.json", settings.state)
    assert "SUPERSET_FEATURE_ALERT_REPORTS" not in environment
    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert environment["PATH"] == os.environ["PATH"]
    assert environment["SCARF_ANALYTICS"] == "false"


def test_superset_version__names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(SupersetError, match=r"no apache-superset beside .*Remedy"):
        superset_version(tmp_path / "bin" / "python")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"])
def test_settings__normalises_every_postgresql_scheme(scheme: str) -> None:
    assert psycopg2_uri(f"{scheme}://u:p@h:1/d") == "postgresql+psycopg2://u:p@h:1/d"
    assert libpq_uri(f"{scheme}://u:p@h:1/d") == "postgresql://u:p@h:1/d"


def test_settings__refuses_another_database() -> None:
    with pytest.raises(ValueError, match=r"not a PostgreSQL URL: scheme 'sqlite'\. Remedy"):
        libpq_uri("sqlite:///x.db")


def test_settings__never_shows_passwords(settings: SupersetSettings) -> None:
    assert "'x'" not in repr(settings)
    assert "p%40ss" not in repr(settings)
