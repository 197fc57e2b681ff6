"""Serve Superset on the loopback address: start, stop and ask, by the one process this module started."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from dashboards.deployment import DeployReport, deploy, usernames
from dashboards.errors import SupersetError
from dashboards.runtime import SUPERSET_APP, child_environment, write_runtime
from dashboards.settings import SupersetSettings
from dashboards.source import load

__all__ = ["DeployReport", "SupersetSettings", "deploy", "is_up", "start", "stop", "usernames"]

_START_SECONDS = 90.0
_STOP_SECONDS = 15.0
_LOOPBACK = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never through a proxy


def start(settings: SupersetSettings) -> str:
    """Start Superset unless it already runs with this configuration; return its URL when /health answers.

    Raises SupersetError when the port is taken by someone else, or when the server dies or stays silent.
    """
    runtime = write_runtime(settings, load().platform)
    stamp = _configuration_stamp(settings, runtime)
    if is_up(settings) and _stamp_file(settings).read_text(encoding="utf-8") == stamp:
        return settings.url
    stop(settings)
    _refuse_taken_port(settings.port)
    log = (settings.state / "superset.log").open("a", encoding="utf-8")
    with log:
        process = subprocess.Popen(
            _command(settings), env=child_environment(runtime, settings.state), cwd=settings.state,
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    _stamp_file(settings).write_text(stamp, encoding="utf-8")
    _pid_file(settings).write_text(str(process.pid), encoding="utf-8")
    _await_health(settings, process)
    return settings.url


def stop(settings: SupersetSettings) -> bool:
    """Stop the Superset that `start` started in this state folder; False when none runs."""
    pid = _own_pid(settings)
    if pid is None:
        _pid_file(settings).unlink(missing_ok=True)
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while _own_pid(settings) == pid:
        _reap(pid)
        if time.monotonic() > deadline:
            os.killpg(pid, signal.SIGKILL)  # its own session, so this reaches its workers and nobody else
            deadline += _STOP_SECONDS
        time.sleep(0.05)
    _pid_file(settings).unlink(missing_ok=True)
    return True


def is_up(settings: SupersetSettings) -> bool:
    """Whether the server of this state folder runs and answers /health."""
    return _own_pid(settings) is not None and _healthy(settings)


def _command(settings: SupersetSettings) -> list[str]:
    return [
        str(settings.python), "-m", "gunicorn", "--config", str(SUPERSET_APP / "gunicorn_conf.py"),
        "--no-control-socket", "--bind", f"127.0.0.1:{settings.port}",
        # the worker heartbeat files also mark whose process this is: see _own_pid
        "--worker-tmp-dir", str(settings.state.resolve()), "superset.app:create_app()",
    ]  # fmt: skip


def _pid_file(settings: SupersetSettings) -> Path:
    return settings.state / "superset.pid"


def _stamp_file(settings: SupersetSettings) -> Path:
    return settings.state / "superset.stamp"


def _own_pid(settings: SupersetSettings) -> int | None:
    """Pid of our server, None when the pid file is absent, stale, or its number went to another program."""
    try:
        pid = int(_pid_file(settings).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    command = _command_line(pid)
    return pid if "gunicorn" in command and str(settings.state.resolve()) in command else None


def _command_line(pid: int) -> str:
    """Command line of a process, empty when it is gone (a zombie has none)."""
    proc = Path(f"/proc/{pid}/cmdline")
    if proc.parent.parent.joinpath("self").exists():
        try:
            return proc.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    ps = ["ps", "-o", "command=", "-p", str(pid)]
    shown = subprocess.run(ps, capture_output=True, text=True, check=False)
    return shown.stdout


def _reap(pid: int) -> None:
    """Collect our own child's exit, so that it does not linger as a zombie; another parent's is not ours."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SupersetError(
                f"port {port} of 127.0.0.1 is taken ({error.strerror}). Remedy: free it or choose another"
            ) from error


def _healthy(settings: SupersetSettings) -> bool:
    try:
        with _LOOPBACK.open(f"{settings.url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _await_health(settings: SupersetSettings, process: subprocess.Popen[bytes]) -> None:
    log = settings.state / "superset.log"
    deadline = time.monotonic() + _START_SECONDS
    while not _healthy(settings):
        if process.poll() is not None or time.monotonic() > deadline:
            died = process.poll() is not None
            why = "died while starting" if died else f"is silent after {_START_SECONDS:.0f} s"
            stop(settings)
            tail = log.read_text(encoding="utf-8", errors="replace")[-1500:]
            raise SupersetError(f"Superset {why}; log {log}:\n{tail}")
        time.sleep(0.1)


def _configuration_stamp(settings: SupersetSettings, runtime: Path) -> str:
    """Digest of what a running server has read once: configuration, code, port."""
    digest = hashlib.sha256(runtime.read_bytes() + _command_text(settings))
    for path in sorted(SUPERSET_APP.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _command_text(settings: SupersetSettings) -> bytes:
    return " ".join(_command(settings)).encode()
