"""The files Superset's processes start from: the 0600 secrets, and the environment of a child process."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from dashboards.errors import SupersetError
from dashboards.models import Platform
from dashboards.settings import SupersetSettings, psycopg2_uri

SUPERSET_APP = Path(__file__).parent / "superset_app"
_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "USER", "SYSTEMROOT")


def write_runtime(settings: SupersetSettings, platform: Platform) -> Path:
    """Write `superset_runtime.json` (0600: secret key, addresses, pages) and return its path."""
    settings.state.mkdir(parents=True, exist_ok=True)
    settings.secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
    body: dict[str, Any] = {
        "state": str(settings.state.resolve()),
        "secret_key": _secret_key(settings.secrets / "superset_secret_key"),
        "metadata_uri": psycopg2_uri(settings.metadata_url),
        "language": settings.language,
        "homes": {name: role.home for name, role in platform.roles.items()},
        "dashboards": list(platform.dashboards),
    }
    path = settings.secrets / "superset_runtime.json"
    _write_private(path, json.dumps(body, ensure_ascii=False, indent=1))
    return path


def child_environment(runtime: Path, state: Path) -> dict[str, str]:
    """Environment of a Superset process: little of the caller's, nothing that phones home."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return kept | {
        "PYTHONPATH": str(SUPERSET_APP),
        "WATTLEDGER_SUPERSET_RUNTIME": str(runtime),
        "SUPERSET_HOME": str(state),
        "SCARF_ANALYTICS": "false",
        "DO_NOT_TRACK": "1",
        "PYTHONUNBUFFERED": "1",
    }


def superset_version(python: Path) -> str:
    """Version of apache-superset in its environment, read from the folder name (no process, no import)."""
    # python is a symlink to the base interpreter: its own bin folder, unresolved, is the environment's
    found = sorted(python.absolute().parent.parent.glob("lib*/**/site-packages/apache_superset-*.dist-info"))
    if not found:
        raise SupersetError(
            f"no apache-superset beside {python}. Remedy: install its locked environment (make)"
        )
    return found[-1].name.removeprefix("apache_superset-").removesuffix(".dist-info")


def _secret_key(path: Path) -> str:
    """Made once: it encrypts the warehouse password inside Superset's database."""
    if not path.exists():
        _write_private(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8")


def _write_private(path: Path, text: str) -> None:
    """Write a 0600 file whole or not at all."""
    part = path.with_suffix(f".{os.getpid()}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    part.replace(path)
