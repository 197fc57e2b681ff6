"""Where WattLedger keeps its state on this machine, and the secrets in it.

``WATTLEDGER_HOME`` (default: ``.wattledger`` in the checkout) holds the embedded server, Dagster's and
Superset's state, the sample's files and ``secrets.json`` (mode 0600).
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets as random_secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Home:
    """The folders under one ``WATTLEDGER_HOME``."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        """Read ``WATTLEDGER_HOME``; the default is ``.wattledger`` in the checkout."""
        return cls(Path(os.environ.get("WATTLEDGER_HOME") or CHECKOUT / ".wattledger").absolute())

    def folder(self, name: str) -> Path:
        """Return the folder ``name``, made if absent."""
        path = self.root / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    @property
    def log_folder(self) -> Path:
        """Where servers and dbt write their logs."""
        return self.folder("logs")

    def secret(self, name: str) -> str:
        """Return the secret ``name``; it is generated on first use and never changes afterwards."""
        with self.lock("secrets"):
            known = self._secrets()
            if name not in known:
                known[name] = random_secrets.token_urlsafe(18)
                self._write_secrets(known)
            return known[name]

    @contextmanager
    def lock(self, name: str, on_wait: Callable[[], None] | None = None) -> Iterator[None]:
        """Hold an exclusive lock between processes; it is released when the process dies.

        ``on_wait`` is called first if another one holds it.
        """
        with (self.folder("locks") / f"{name}.lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if on_wait is not None:
                    on_wait()
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    @property
    def _secret_file(self) -> Path:
        return self.root / "secrets.json"

    def _secrets(self) -> dict[str, str]:
        if not self._secret_file.exists():
            return {}
        found: dict[str, str] = json.loads(self._secret_file.read_text())
        return found

    def _write_secrets(self, known: dict[str, str]) -> None:
        draft = self._secret_file.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            json.dump(known, handle, indent=1)
        draft.replace(self._secret_file)
