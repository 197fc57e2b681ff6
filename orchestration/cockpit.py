"""The Superset cockpit of one house: its settings and its users' passwords."""

from __future__ import annotations

from dashboards.server import SupersetSettings, usernames
from orchestration.environments import FOLDER, superset_python
from orchestration.house import House


def user_passwords(house: House) -> dict[str, str]:
    """Every cockpit user's generated password."""
    return {name: house.home.secret(f"cockpit user {name}") for name in usernames()}


def superset_settings(house: House, *, make: bool = True) -> SupersetSettings:
    """How Superset runs here; with ``make``, its environment is created if it is absent."""
    return SupersetSettings(
        python=superset_python() if make else FOLDER / "bin" / "python",
        state=house.home.folder("superset"),
        secrets=house.home.folder("superset/secrets"),
        port=house.settings.port("superset"),
        metadata_url=house.warehouse.url("wl_superset", database="superset", driver="postgresql+psycopg2"),
        warehouse_url=house.warehouse.url("wl_bi", driver="postgresql+psycopg2"),
        passwords=user_passwords(house),
    )
