"""Settings of connectors: one YAML file, checked before anything connects.

A connector's settings class has ``connector`` (its kind) and ``build()``. Kinds are found through the
entry-point group ``wattledger.connectors`` (name = kind, object = settings class); the built-in ones are
known without it. Secrets are never in the file: it names environment variables.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingestion.connectors.running import Connector

ENTRY_POINT_GROUP = "wattledger.connectors"
_BUILT_IN = {
    "dlt645": "ingestion.connectors.dlt645:Dlt645Settings",
    "http_pull": "ingestion.connectors.http_pull:HttpPullSettings",
    "mqtt": "ingestion.connectors.mqtt:MqttSettings",
    "modbus_tcp": "ingestion.connectors.modbus_tcp:ModbusTcpSettings",
}

Channel = Literal["active_import", "active_export", "reactive_import", "reactive_export"]
Kind = Literal["daily_freeze", "monthly_freeze", "live"]
Port = Annotated[int, Field(ge=1, le=65535)]


class SettingsError(ValueError):
    """A settings file that cannot be used; each line names file, path, value and remedy."""


class StrictModel(BaseModel):
    """A part of the settings: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ConnectorSettings(StrictModel):
    """What every connector has. ``every_s``: seconds from one poll to the next while it is watched."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)
    every_s: float = Field(default=60, ge=0.1, le=86_400)

    def build(self) -> Connector:
        """The connector; connects to nothing yet."""
        raise NotImplementedError

    def build_watching(self, stop: threading.Event) -> Connector:
        """The connector for a watch that ends with ``stop``; one that is pushed to may then listen on."""
        return self.build()


def kinds() -> dict[str, type[ConnectorSettings]]:
    """Settings class of every kind that is installed."""
    found: dict[str, type[ConnectorSettings]] = {}
    for kind, target in _BUILT_IN.items():
        module, _, name = target.partition(":")
        found[kind] = getattr(import_module(module), name)
    for point in entry_points(group=ENTRY_POINT_GROUP):
        settings = point.load()
        if found.setdefault(point.name, settings) is not settings:
            raise RuntimeError(f"two distributions offer the connector {point.name}; uninstall one of them")
    return found


def load_settings(path: Path) -> list[ConnectorSettings]:
    """Settings of every connector of a file. Raises SettingsError with every fault of the file."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            f"{path}: is not there. Remedy: copy a block of docs/connectors.md into it."
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}. Remedy: write it as YAML in UTF-8.") from error
    items = content.get("connectors") if isinstance(content, dict) else None
    if not isinstance(items, list) or not items:
        raise SettingsError(f"{path}: has no connector. Remedy: begin it with 'connectors:' and a list.")
    known = kinds()
    faults: list[str] = []
    settings: list[ConnectorSettings] = []
    for number, item in enumerate(items):
        where = f"connectors[{number}]"
        kind = item.get("connector") if isinstance(item, Mapping) else None
        if not isinstance(kind, str) or kind not in known:
            faults.append(
                f"{path}, {where}.connector: {kind!r} is no connector. Remedy: use one of {', '.join(known)}."
            )
            continue
        try:
            settings.append(known[kind].model_validate(_placed(item, path.parent)))
        except ValidationError as error:
            faults += [_fault(path, where, dict(part)) for part in error.errors()]
    names = [one.name for one in settings]
    for name in sorted({name for name in names if names.count(name) > 1}):
        faults.append(f"{path}, name: {name!r} is there twice. Remedy: give each connector its own name.")
    if faults:
        raise SettingsError("\n".join(faults))
    return settings


def missing_secrets(settings: BaseModel) -> list[str]:
    """Environment variables that these settings name (fields ``…_env``) and that are not set."""
    return [variable for variable in _variables(settings.model_dump()) if not os.environ.get(variable)]


def _variables(part: object) -> Iterator[str]:
    """Values of every field whose name ends in ``_env``."""
    if isinstance(part, Mapping):
        for name, value in part.items():
            if isinstance(value, str) and str(name).endswith("_env"):
                yield value
            else:
                yield from _variables(value)


def _placed(item: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Settings whose relative checkpoint lies beside the file, wherever the program is started."""
    checkpoint = item.get("checkpoint")
    return {**item, **({"checkpoint": folder / checkpoint} if isinstance(checkpoint, str) else {})}


def secret(variable: str) -> str:
    """Value of an environment variable that holds a secret. Raises SettingsError when it is not set."""
    value = os.environ.get(variable, "")
    if not value:
        raise SettingsError(f"environment variable {variable} is not set. Remedy: export it before starting.")
    return value


def _fault(path: Path, where: str, part: dict[str, Any]) -> str:
    """One fault of pydantic in the house's words."""
    place = where + "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in part["loc"])
    given = "" if part["type"] == "missing" else f"{part['input']!r}: "
    return f"{path}, {place}: {given}{part['msg']}. Remedy: see docs/connectors.md."
