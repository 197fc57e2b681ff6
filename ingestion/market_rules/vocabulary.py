"""The closed word lists of rule packs, shared by the YAML schema and the reference tables."""

from __future__ import annotations

from typing import Final, Literal, get_args

PackStatus = Literal["sourced", "illustrative"]
Confidence = Literal["S", "N", "2", "G", "illustrative"]
SettlementForm = Literal["two_settlement", "difference", "monthly_balance"]
ReferencePoint = Literal["da_unified", "rt_unified", "node"]
MidMonthChange = Literal["split_by_day", "whole_month"]
TouPeriod = Literal["sharp", "peak", "flat", "valley", "deep_valley"]
VeeRule = Literal[
    "ABOVE_CAPACITY",
    "SPIKE",
    "ZERO_RUN",
    "ROLLBACK",
    "SUB_ABOVE_MAIN",
    "FREEZE_MISMATCH",
    "METER_DAY_ERROR",
    "MONTH_DIFFERENCE",
]

PACK_STATUSES: Final[tuple[str, ...]] = get_args(PackStatus)
CONFIDENCES: Final[tuple[str, ...]] = get_args(Confidence)
SETTLEMENT_FORMS: Final[tuple[str, ...]] = get_args(SettlementForm)
REFERENCE_POINTS: Final[tuple[str, ...]] = get_args(ReferencePoint)
MID_MONTH_CHANGES: Final[tuple[str, ...]] = get_args(MidMonthChange)
TOU_PERIODS: Final[tuple[str, ...]] = get_args(TouPeriod)
