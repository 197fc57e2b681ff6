"""The lists of a pack as rows of ``reference``: steps of the monthly balance, recoveries and their bounds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table

from ingestion.market_rules.library import PackFile
from ingestion.market_rules.reference import DEVIATION_BAND, RECOVERY_BAND, RECOVERY_RULE
from ingestion.market_rules.values import Item

Row = dict[str, object]

_RULE_ITEMS = (
    "period", "quantity", "direction", "price_a", "price_b", "price_a_factor", "coefficient", "aggregate",
    "sign_rule", "net_group", "price_places", "payees",
)  # fmt: skip


def list_rows(table: Table, file: PackFile) -> list[Row]:
    """Rows of one of the three list tables for one pack."""
    rows = {DEVIATION_BAND: _deviation_bands, RECOVERY_RULE: _recovery_rules, RECOVERY_BAND: _recovery_bands}
    return [{"pack_hash": file.pack_hash, **row} for row in rows[table](file)]


def _deviation_bands(file: PackFile) -> list[Row]:
    """The steps of each direction, each with the share at which the next one begins."""
    settlement = file.pack.settlement
    bands = (settlement and settlement.deviation_bands and settlement.deviation_bands.value) or []
    rows: list[Row] = []
    for direction in ("over", "under"):
        steps = [band for band in bands if band.direction in (None, direction)]
        ends = [*(band.from_rate for band in steps), None][1:]
        rows += [
            {
                "direction": direction,
                "step": number,
                "from_rate": band.from_rate,
                "to_rate": end,
                "price_cny_per_mwh": band.price_cny_per_mwh,
            }
            for number, (band, end) in enumerate(zip(steps, ends, strict=True), start=1)
        ]
    return rows


def _recovery_rules(file: PackFile) -> list[Row]:
    return [
        {
            "kind": recovery.kind,
            **{name: _value(getattr(recovery, name)) for name in _RULE_ITEMS},
            "announced": recovery.announced,
        }
        for recovery in file.pack.recovery or []
    ]


def _recovery_bands(file: PackFile) -> list[Row]:
    return [
        {"kind": recovery.kind, "delivery_month": month, "hour": hour, "band_rate": rate}
        for recovery in file.pack.recovery or []
        for (month, hour), rate in recovery.band_rates().items()
    ]


def _value(item: Item[Any] | None) -> object:
    return None if item is None else item.value
