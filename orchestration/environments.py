"""The second Python environment: Superset pins other versions than everything else, so it has its own."""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

from orchestration.home import CHECKOUT

LOCK = CHECKOUT / "requirements" / "superset.lock"
FOLDER = CHECKOUT / ".venv-superset"


class EnvironmentFailure(RuntimeError):
    """Superset's environment could not be made; the message holds what uv said."""


def superset_python() -> Path:
    """The interpreter of Superset's environment; the environment is made or updated when its lock changed.

    A second process that asks meanwhile waits and finds it made.
    """
    python, stamp = FOLDER / "bin" / "python", FOLDER / ".lock-digest"
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    with FOLDER.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not python.exists() or not stamp.exists() or stamp.read_text() != digest:
            _make(python)
            stamp.write_text(digest)
    return python


def _make(python: Path) -> None:
    uv = str(Path(sys.executable).parent / "uv")
    if not python.exists():
        _run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(FOLDER))
    options = ("--quiet", "--require-hashes", "--compile-bytecode", "--python", str(python))
    _run(uv, "pip", "sync", *options, str(LOCK))


def _run(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise EnvironmentFailure(f"`{' '.join(command)}` failed:\n{done.stderr[-3000:]}")
