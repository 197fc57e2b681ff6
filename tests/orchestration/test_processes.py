"""Servers in the background: started once, stopped by the pid that was noted, never by name."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestration.processes import Service, ServiceError


def _sleeper(folder: Path) -> Service:
    return Service("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"], folder)


def test_service__starts_once_and_stops(tmp_path: Path) -> None:
    service = _sleeper(tmp_path)
    service.start()
    pid = service.pid()
    service.start()
    assert pid is not None
    assert service.pid() == pid
    service.wait()
    assert service.stop()
    assert service.pid() is None
    assert not service.stop()


def test_service__a_stranger_under_a_reused_pid_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        (tmp_path / "sleeper.pid").write_text(f"{stranger.pid} 1")
        assert not _sleeper(tmp_path).stop()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_service__that_dies_shows_the_end_of_its_log(tmp_path: Path) -> None:
    service = Service(
        "broken",
        [sys.executable, "-c", "raise SystemExit('no such option')"],
        tmp_path,
        {},
        "http://127.0.0.1:9/",
    )
    service.start()
    with pytest.raises(ServiceError, match="no such option"):
        service.wait()


def test_service__stops_at_once_even_if_its_starter_ignores_termination(tmp_path: Path) -> None:
    service, before = _sleeper(tmp_path), signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        service.start()
    finally:
        signal.signal(signal.SIGTERM, before)
    began = time.monotonic()
    assert service.stop()
    assert time.monotonic() - began < 5
