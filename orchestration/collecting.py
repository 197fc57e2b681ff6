"""The background collector: which file it reads, where it keeps its health, how it is started and stopped."""

from __future__ import annotations

import sys
from pathlib import Path

from ingestion.connectors.health import Health, read_health
from orchestration.home import Home
from orchestration.processes import Service

FILE_NAME = "connectors.yml"
COMMAND = "collect"


def connectors_file(home: Home) -> Path:
    """The settings of every connector of this installation; it need not exist."""
    return home.root / FILE_NAME


def health_folder(home: Home) -> Path:
    """Where each connector keeps its health, made if absent."""
    return home.folder("connectors")


def connector_health(home: Home) -> list[Health]:
    """Health of every connector that ever ran here."""
    return read_health(health_folder(home))


def collector_service(home: Home) -> Service:
    """``wattledger collect --watch`` in the background; it heeds SIGTERM after the batch in hand."""
    return Service(
        "collector",
        [sys.executable, "-m", "orchestration.cli", COMMAND, str(connectors_file(home)), "--watch"],
        home.log_folder,
        {"WATTLEDGER_HOME": str(home.root), "PYTHONUNBUFFERED": "1"},
    )
