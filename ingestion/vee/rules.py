"""The rules of VEE by code, and their parameters with documented defaults (docs/vee.md, domain §6).

A province's rule pack (section ``vee``) replaces a default by its own value for its delivery dates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from ingestion.outcome import OWN_SOURCES

Effect = Literal["failed", "suspect", "off"]

MISSING: Final = "MISSING"  # written by the intake with the version
ABOVE_CAPACITY: Final = "ABOVE_CAPACITY"
SPIKE: Final = "SPIKE"
ZERO_RUN: Final = "ZERO_RUN"
ROLLBACK: Final = "ROLLBACK"
SUB_ABOVE_MAIN: Final = "SUB_ABOVE_MAIN"
FREEZE_MISMATCH: Final = "FREEZE_MISMATCH"
METER_DAY_ERROR: Final = "METER_DAY_ERROR"
MONTH_DIFFERENCE: Final = "MONTH_DIFFERENCE"
VALIDATION_RULES: Final = (
    ABOVE_CAPACITY, SPIKE, ZERO_RUN, ROLLBACK, SUB_ABOVE_MAIN, FREEZE_MISMATCH, METER_DAY_ERROR,
    MONTH_DIFFERENCE,
)  # fmt: skip

EST_EQUAL_READINGS: Final = "EST_EQUAL_READINGS"
EST_LEADING_ZERO: Final = "EST_LEADING_ZERO"
EST_METER_CHANGE: Final = "EST_METER_CHANGE"
EST_FREEZE_TOTAL: Final = "EST_FREEZE_TOTAL"
EST_LINEAR_REGISTER: Final = "EST_LINEAR_REGISTER"
EST_NEIGHBOUR_MEAN: Final = "EST_NEIGHBOUR_MEAN"
EST_TYPICAL_DAY: Final = "EST_TYPICAL_DAY"
EST_LINEAR: Final = "EST_LINEAR"
EST_SUB_CAPPED: Final = "EST_SUB_CAPPED"
EST_LEVELLED: Final = "EST_LEVELLED"
ESTIMATION_RULES: Final = (
    EST_EQUAL_READINGS, EST_LEADING_ZERO, EST_METER_CHANGE, EST_FREEZE_TOTAL, EST_LINEAR_REGISTER,
    EST_NEIGHBOUR_MEAN, EST_TYPICAL_DAY, EST_LINEAR, EST_SUB_CAPPED, EST_LEVELLED,
)  # fmt: skip

EDITED: Final = "EDITED"
EDIT_WITHDRAWN: Final = "EDIT_WITHDRAWN"
VEE_SOURCE: Final = OWN_SOURCES[0]
EDIT_SOURCE: Final = OWN_SOURCES[1]

DEFAULT_EFFECTS: Final[Mapping[str, Effect]] = {
    ABOVE_CAPACITY: "failed",
    SPIKE: "suspect",
    ZERO_RUN: "suspect",
    ROLLBACK: "suspect",
    SUB_ABOVE_MAIN: "failed",
    FREEZE_MISMATCH: "suspect",
    METER_DAY_ERROR: "failed",
    MONTH_DIFFERENCE: "suspect",
}


@dataclass(frozen=True)
class Parameters:
    """Thresholds of one province and delivery date; rates are shares of one."""

    effects: Mapping[str, Effect] = field(default_factory=lambda: dict(DEFAULT_EFFECTS))
    capacity_factor: Decimal = Decimal("1.2")
    spike_factor: Decimal = Decimal("3")
    spike_days: int = 7
    zero_run_slots: int = 16
    freeze_tolerance_rate: Decimal = Decimal("0.005")
    meter_day_error_rate: Decimal = Decimal("0.05")
    sub_above_main_rate: Decimal = Decimal("0")
    typical_weeks: int = 4
    levelling_limit_rate: Decimal = Decimal("0.05")
    levels_months: bool = False

    def effect(self, rule_code: str) -> Effect:
        """What it means when a version breaks the rule."""
        return self.effects.get(rule_code, DEFAULT_EFFECTS[rule_code])
