"""Long-running servers that WattLedger starts and, by the pid it noted, stops again."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STOP_SECONDS = 15
START_SECONDS = 90
# The server notes its own pid and birth before it begins, so that a starter killed here leaves none behind.
_NOTE_AND_RUN = """
note="$1"; shift
printf '%s %s' "$$" "$(cut -d' ' -f22 "/proc/$$/stat")" > "$note.draft" && mv "$note.draft" "$note" || exit 1
exec "$@"
"""


class ServiceError(RuntimeError):
    """A server did not come up; the message holds the end of its log."""


@dataclass(frozen=True)
class Service:
    """One background server: its command, its note of the pid, its log, and how to ask whether it answers."""

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    health_url: str | None = None

    @property
    def log(self) -> Path:
        """The log file, begun anew at every start."""
        return self.folder / f"{self.name}.log"

    @property
    def _note(self) -> Path:
        return self.folder / f"{self.name}.pid"

    def pid(self) -> int | None:
        """The pid, if the process that we started under it still lives (a reused pid is not ours)."""
        if not self._note.exists():
            return None
        pid, _, born = self._note.read_text().partition(" ")
        return int(pid) if born and _birth(int(pid)) == born else None

    def start(self) -> None:
        """Start the server unless it runs; one that runs by another command (its port) is stopped first.

        Does not wait; see :meth:`wait`.
        """
        pid = self.pid()
        if pid is not None and _command(pid)[-len(self.command) :] == list(self.command):
            return
        self.stop()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._note.unlink(missing_ok=True)
        with self.log.open("wb") as log:
            subprocess.Popen(
                ["/bin/sh", "-c", _NOTE_AND_RUN, "sh", str(self._note), *self.command],
                env={**os.environ, **self.environment},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_heed_termination,
            )
        end = time.monotonic() + STOP_SECONDS
        while not self._note.exists() and time.monotonic() < end:
            time.sleep(0.01)

    def wait(self) -> None:
        """Wait until the server answers.

        Raises:
            ServiceError: when it died or stayed silent, with the end of its log.
        """
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.answers():
                return
            if self.pid() is None:
                break
            time.sleep(0.2)
        tail = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else "(no log)"
        raise ServiceError(
            f"{self.name} did not come up within {START_SECONDS} s; end of {self.log}:\n{tail}"
        )

    def answers(self) -> bool:
        """Whether the health URL answers; a server without one answers while it lives."""
        if self.pid() is None or self.health_url is None:
            return self.pid() is not None
        try:
            with urllib.request.urlopen(self.health_url, timeout=2) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> bool:
        """Stop the server and the processes of its session; return False if it was not running."""
        pid = self.pid()
        if pid is None:
            self._note.unlink(missing_ok=True)
            return False
        _signal_session(pid, signal.SIGTERM)
        end = time.monotonic() + STOP_SECONDS
        while self.pid() is not None and time.monotonic() < end:
            _reap(pid)
            time.sleep(0.05)
        if self.pid() is not None:
            _signal_session(pid, signal.SIGKILL)
            _reap(pid)
        self._note.unlink(missing_ok=True)
        return True


def _heed_termination() -> None:
    """Undo an inherited SIG_IGN: Dagster maps SIGTERM to SIGINT, which background shells ignore."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _birth(pid: int) -> str:
    """When the process started, in clock ticks since boot; empty when there is none (or only a zombie)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if fields[0] == "Z" else fields[19]


def _command(pid: int) -> list[str]:
    """The command line of a process, the interpreter of a script included; empty when there is none."""
    try:
        return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).split("\0")[:-1]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _signal_session(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return


def _reap(pid: int) -> None:
    """Collect our own child, so that it does not stay a zombie."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return
