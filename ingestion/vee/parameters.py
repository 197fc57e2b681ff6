"""Parameters of VEE per province and delivery date, from the loaded rule packs (section ``vee``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import psycopg

from ingestion.vee.rules import Parameters

_PACKS: Final = "select pack_hash, body from reference.rule_pack"
_DAYS: Final = "select province, delivery_on, pack_hash from reference.pack_day"
_RATES: Final = (
    "capacity_factor",
    "spike_factor",
    "freeze_tolerance_rate",
    "meter_day_error_rate",
    "sub_above_main_rate",
    "levelling_limit_rate",
)
_COUNTS: Final = ("spike_days", "zero_run_slots", "typical_weeks")
DEFAULT: Final = Parameters()


@dataclass(frozen=True)
class ParameterBook:
    """Parameters of every province and day that a loaded pack rules; elsewhere the defaults."""

    days: Mapping[tuple[str, date], Parameters]

    def of(self, province: str | None, day: date) -> Parameters:
        """Parameters of a delivery day."""
        return self.days.get((province, day), DEFAULT) if province else DEFAULT


def read_parameters(pg: psycopg.Connection[Any]) -> ParameterBook:
    """Read the packs as they are loaded in ``reference``."""
    packs = {pack_hash: parameters_of(body) for pack_hash, body in pg.execute(_PACKS)}
    return ParameterBook({(p, day): packs[pack_hash] for p, day, pack_hash in pg.execute(_DAYS)})


def parameters_of(body: Mapping[str, Any]) -> Parameters:
    """Parameters of a pack's canonical body; what it does not say keeps its default."""
    said = {name: item.get("value") for name, item in body.get("vee", {}).items()}
    found: dict[str, Any] = {name: Decimal(said[name]) for name in _RATES if said.get(name) is not None}
    found |= {name: int(said[name]) for name in _COUNTS if said.get(name) is not None}
    effects = dict(DEFAULT.effects) | (said.get("effects") or {})
    difference = body.get("settlement", {}).get("month_end_meter_difference", {}).get("value")
    return Parameters(effects=effects, levels_months=difference == "levelled", **found)
