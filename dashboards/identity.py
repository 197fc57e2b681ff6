"""Stable identities: a key gives the same UUID on every machine, so an import updates and never doubles."""

from __future__ import annotations

from uuid import NAMESPACE_DNS, UUID, uuid5

_NAMESPACE = uuid5(NAMESPACE_DNS, "wattledger.cockpit")


def asset_uuid(kind: str, key: str, language: str | None = None) -> UUID:
    """UUID of one asset; `kind` is database, dataset, chart or dashboard."""
    return uuid5(_NAMESPACE, f"{kind}/{key}/{language or '-'}")


def chart_number(keys: list[str], key: str) -> int:
    """Number that stands for a chart inside one dashboard file; Superset maps it to its own id by UUID."""
    return 1001 + keys.index(key)
