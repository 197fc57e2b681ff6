"""What ``wattledger doctor`` looks at. Each finding says what was looked at and, if wrong, the remedy."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from orchestration.alert_settings import FILE_NAME, NOTHING_IS_SENT, NotifyError, load_notify
from orchestration.environments import FOLDER as SUPERSET_FOLDER
from orchestration.home import Home
from orchestration.settings import Settings
from orchestration.warehouse import embedded_server

NEEDED_DISK_BYTES = 3 * 1024**3
OLDEST_SERVER = 150000


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    sound: bool
    remedy: str = ""


def diagnose(settings: Settings) -> list[Finding]:
    """Look at Python, disk, home, database, Superset's environment, notify.yml and ports."""
    return [
        _python(),
        _disk(settings.home),
        _secrets(settings.home),
        _database(settings),
        Finding(
            f"Superset's environment in {SUPERSET_FOLDER}",
            (SUPERSET_FOLDER / "bin" / "python").exists(),
            "run `wattledger up`, which makes it from requirements/superset.lock",
        ),
        _notify(settings.home),
        _fonts(),
        *(_port(settings, service) for service in ("superset", "dagster")),
    ]


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    return Finding(f"Python {found}", sys.version_info >= (3, 11), "use Python 3.11 or newer")


def _disk(home: Home) -> Finding:
    nearest = next(path for path in (home.root, *home.root.parents) if path.exists())
    free = shutil.disk_usage(nearest).free
    return Finding(
        f"{free / 1024**3:.1f} GB free below {nearest}",
        free >= NEEDED_DISK_BYTES,
        "free some space, or set WATTLEDGER_HOME to a larger disk; 3 GB are needed",
    )


def _secrets(home: Home) -> Finding:
    path = home.root / "secrets.json"
    if not path.exists():
        return Finding(f"no secrets yet in {path}; they are made when first needed", True)
    mode = path.stat().st_mode & 0o777
    return Finding(f"{path} has mode {mode:04o}", mode & 0o077 == 0, f"run `chmod 600 {path}`")


def _database(settings: Settings) -> Finding:
    if settings.database_url is None:
        server = embedded_server(settings.home)
        return Finding(f"embedded PostgreSQL in {server.root}", server.is_up(), "run `wattledger up`")
    url = make_url(settings.database_url).set(drivername="postgresql+psycopg")
    try:
        with sa.create_engine(url).connect() as connection:
            version = int(connection.exec_driver_sql("show server_version_num").scalar_one())
            is_superuser = connection.exec_driver_sql("show is_superuser").scalar_one() == "on"
    except sa.exc.OperationalError as error:
        return Finding(
            f"your PostgreSQL at {url}: {error.orig}", False, "check WATTLEDGER_DATABASE_URL and the server"
        )
    sound = version >= OLDEST_SERVER and is_superuser
    return Finding(
        f"your PostgreSQL {version // 10000} at {url.host}:{url.port}",
        sound,
        "PostgreSQL 15 or newer and a superuser are needed",
    )


def _notify(home: Home) -> Finding:
    path = home.root / FILE_NAME
    try:
        settings = load_notify(path)
    except NotifyError as error:
        return Finding(str(error), False, "repair the file; until then no alert is sent")
    if settings is None:
        return Finding(f"no {path}; {NOTHING_IS_SENT}", True)
    return Finding(f"{path} names {len(settings.channels)} channels", True)


def _fonts() -> Finding:
    folders = [Path("/usr/share/fonts"), Path.home() / ".fonts", Path.home() / ".local/share/fonts"]
    found = any(name for folder in folders if folder.exists() for name in folder.rglob("*CJK*"))
    return Finding(
        "a Chinese font for screenshots", found, "install fonts-noto-cjk (browsers of users bring their own)"
    )


def _port(settings: Settings, service: str) -> Finding:
    port = settings.port(service)
    notes = settings.home.root / "logs"
    ours = any(notes.glob(f"{service}*.pid")) if notes.exists() else False
    with socket.socket() as probe:
        taken = probe.connect_ex(("127.0.0.1", port)) == 0
    state = "free" if not taken else "in use by WattLedger" if ours else "in use"
    return Finding(
        f"port {port} for {service} is {state}",
        not taken or ours or os.environ.get(f"WATTLEDGER_{service.upper()}_PORT") is not None,
        f"set WATTLEDGER_{service.upper()}_PORT to another port",
    )
