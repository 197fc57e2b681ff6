"""What a user may set: environment variables with a default each, read once per command.

| variable | default | meaning |
|---|---|---|
| ``WATTLEDGER_HOME`` | ``.wattledger`` in the checkout | state, logs, secrets |
| ``WATTLEDGER_DATABASE_URL`` | the embedded server | a superuser URL of your own PostgreSQL >= 15 |
| ``WATTLEDGER_SUPERSET_PORT`` | 8088, or a free one | where the cockpit listens (127.0.0.1) |
| ``WATTLEDGER_DAGSTER_PORT`` | 3000, or a free one | where Dagster listens (127.0.0.1) |
| ``WATTLEDGER_RULE_PACKS`` | none | folders with rule packs of your own, separated by ``:`` |
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from orchestration.home import Home

PROVINCE = "shandong"  # the province whose load and prices are forecast
PREFERRED_PORTS = {"superset": 8088, "dagster": 3000}


@dataclass(frozen=True)
class Settings:
    """The settings of one command."""

    home: Home
    database_url: str | None
    rule_pack_folders: tuple[Path, ...]

    @classmethod
    def from_environment(cls) -> Settings:
        """Read every variable of the table above."""
        folders = os.environ.get("WATTLEDGER_RULE_PACKS", "")
        return cls(
            home=Home.from_environment(),
            database_url=os.environ.get("WATTLEDGER_DATABASE_URL") or None,
            rule_pack_folders=tuple(Path(name) for name in folders.split(":") if name),
        )

    def port(self, service: str) -> int:
        """The port of ``superset`` or ``dagster``: set by the user, else chosen once and remembered.

        Raises:
            ValueError: when the user's variable is no port number.
        """
        variable = f"WATTLEDGER_{service.upper()}_PORT"
        if given := os.environ.get(variable):
            if not given.isdigit() or not 0 < int(given) < 65536:
                raise ValueError(f"{variable}={given!r} is not a port; give a number from 1 to 65535")
            return int(given)
        remembered = self.home.folder("ports") / service
        if not remembered.exists():
            remembered.write_text(str(_free_port(PREFERRED_PORTS[service])))
        return int(remembered.read_text())


def _free_port(preferred: int) -> int:
    for port in (preferred, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free TCP port on 127.0.0.1")
