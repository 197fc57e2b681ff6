"""Dagster's own home, its webserver and its daemon."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from orchestration.home import CHECKOUT
from orchestration.house import House
from orchestration.processes import Service

if TYPE_CHECKING:
    from dagster import DagsterInstance

_INSTANCE = {
    "storage": {"postgres": {"postgres_url": {"env": "WATTLEDGER_DAGSTER_URL"}}},
    "concurrency": {"runs": {"max_concurrent_runs": 2}},
    "run_monitoring": {"enabled": True},
    "retention": {"schedule": {"purge_after_days": 30}, "sensor": {"purge_after_days": 7}},
    "telemetry": {"enabled": False},
    "nux": {"enabled": False},
}


def dagster_environment(house: House) -> dict[str, str]:
    """Environment of every Dagster process of this house; its home folder is made."""
    folder = house.home.folder("dagster")
    text = yaml.safe_dump(_INSTANCE, sort_keys=False)
    config = folder / "dagster.yaml"
    if not config.exists() or config.read_text() != text:
        draft = config.with_suffix(".draft")
        draft.write_text(text)
        draft.replace(config)
    return {
        "DAGSTER_HOME": str(folder),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
        "WATTLEDGER_HOME": str(house.home.root),
        # dagster-postgres speaks psycopg2
        "WATTLEDGER_DAGSTER_URL": house.warehouse.url(
            "wl_dagster", database="dagster", driver="postgresql+psycopg2"
        ),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }


def dagster_instance(house: House) -> DagsterInstance:
    """The instance that the command line's runs are recorded in; Dagster's servers show the same one."""
    from dagster import DagsterInstance  # slow to import, and only runs need it

    os.environ.update(dagster_environment(house))
    instance = DagsterInstance.from_config(str(house.home.folder("dagster")))
    # keeps its connections, as Dagster's own webserver does; else each of a run's thousand events opens one
    instance.optimize_for_webserver(statement_timeout=0, pool_recycle=3600, max_overflow=5)
    return instance


def dagster_services(house: House) -> list[Service]:
    """The webserver and the daemon, in the order of starting."""
    port = house.settings.port("dagster")
    binaries, environment = Path(sys.executable).parent, dagster_environment(house)
    workspace = ["-m", "orchestration.definitions", "-d", str(CHECKOUT)]
    return [
        Service(
            "dagster-webserver",
            [str(binaries / "dagster-webserver"), "-h", "127.0.0.1", "-p", str(port), *workspace],
            house.home.log_folder,
            environment,
            f"http://127.0.0.1:{port}/server_info",
        ),
        Service(
            "dagster-daemon",
            [str(binaries / "dagster-daemon"), "run", *workspace],
            house.home.log_folder,
            environment,
        ),
    ]
