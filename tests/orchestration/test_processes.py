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


def test_service__of_another_command_is_replaced(tmp_path: Path) -> None:
    service, moved = _sleeper(tmp_path), Service("sleeper", ["/bin/sleep", "60"], tmp_path)
    service.start()
    before = service.pid()
    moved.start()
    assert moved.pid() not in (None, before)
    assert moved.stop()


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


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_dbt_child__dies_with_the_process_that_started_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    dbt = (
        "import os, sys, time, types; from pathlib import Path; fake = types.ModuleType('dbt.cli.main');"
        f"fake.cli = lambda: (Path({str(note)!r}).write_text(str(os.getpid())), time.sleep(60));"
        "sys.modules['dbt.cli.main'] = fake; from orchestration.dbt_child import main; main()"
    )
    starter = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {dbt!r}])"
    process = subprocess.Popen([sys.executable, "-c", starter])
    end = time.monotonic() + 20
    while not (note.exists() and note.read_text()) and time.monotonic() < end:
        time.sleep(0.05)
    pid = int(note.read_text())
    process.kill()
    process.wait()
    while _lives(pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not _lives(pid)


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
