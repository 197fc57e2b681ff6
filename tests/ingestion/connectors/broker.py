"""Mosquitto, really: started, killed and restarted on one port with one store."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

BINARY = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
needs_mosquitto = pytest.mark.skipif(
    BINARY is None,
    reason="mosquitto is absent: run 'apt-get install --no-install-recommends mosquitto' as root",
)


class Broker:
    """One broker with a store in ``folder``."""

    def __init__(self, folder: Path, anonymous: bool = True) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._store = folder / "mosquitto.db"
        self._config = folder / "mosquitto.conf"
        self._config.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous {str(anonymous).lower()}\n"
            "user root\npersistence true\n"
            f"persistence_location {folder}/\nmax_queued_messages 0\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it listens."""
        assert BINARY
        self._process = subprocess.Popen([BINARY, "-c", str(self._config)], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("mosquitto does not listen")

    def save(self) -> None:
        """Have the broker write its store, and wait for it."""
        assert self._process
        before = self._store.stat().st_mtime_ns if self._store.exists() else 0
        self._process.send_signal(signal.SIGUSR1)
        deadline = time.monotonic() + 10
        while not self._store.exists() or self._store.stat().st_mtime_ns == before:
            assert time.monotonic() < deadline, "mosquitto does not save its store"
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
