"""The closed word lists of rule packs, shared by the YAML schema and the reference tables."""

from __future__ import annotations

from typing import Final, Literal, get_args

PackStatus = Literal["sourced", "illustrative"]
Confidence = Literal["S", "N", "2", "G", "illustrative"]
SettlementForm = Literal["two_settlement", "difference", "monthly_balance"]
ReferencePoint = Literal["da_unified", "rt_unified", "node"]
MidMonthChange = Literal["split_by_day", "whole_month"]
MeterDifference = Literal["priced_line", "levelled"]
SuspendedPrice = Literal["mlt_period_mean", "agency_tou"]
BalancePrice = Literal["mlt_own_mean", "announced"]
Direction = Literal["over", "under"]
RecoveryPeriod = Literal["slot", "hour", "day", "month"]
RecoveryQuantity = Literal["mlt", "declared"]
Aggregate = Literal["period", "day", "month"]
SignRule = Literal["positive_part", "net_if_positive"]
TouPeriod = Literal["sharp", "peak", "flat", "valley", "deep_valley"]
ConditionDecider = Literal["feed", "calendar", "always"]
TariffClass = Literal["single", "two_part"]
PricedClass = Literal["single", "two_part", "class_1", "class_2", "class_3"]
"""Classes of a transmission and distribution price table; class_1 … class_3 are Shenzhen's own."""
VoltageBand = Literal[
    "<1kV",
    "1-10(20)kV",
    "10kV",
    "20kV",
    "35kV",
    "35-110kV",
    "66-110kV",
    "110(66)kV",
    "110kV",
    ">=220kV",
]
"""Voltage bands as the price tables print them; areas differ in number and edges."""
BillComponent = Literal[
    "energy",
    "line_loss",
    "transmission_distribution",
    "system_operation",
    "capacity_compensation",
    "pumped_storage",
    "coal_capacity",
    "ancillary",
    "funds",
    "basic_charge",
]
"""Parts of a grid bill (domain §4.4); pumped_storage … ancillary are parts of system operation."""
AuctionMethod = Literal["uniform", "high_low"]
TradeMethod = Literal["bilateral", "auction", "listing", "rolling"]
TieRule = Literal["time", "pro_rata", "renewables_first"]
PriceRef = Literal[
    "mlt_own_mean",
    "mlt_market_mean",
    "mlt_reference",
    "da_unified",
    "da_mean",
    "rt_unified",
    "rt_mean",
]
"""Prices that a recovery compares: of the participant's own contracts, of the market, of the spot market."""
BillStep = Literal[
    "period_fee",
    "month_end_balancing",
    "deviation",
    "cap_floor",
    "green",
    "pass_through",
    "refund",
]
"""Steps of a retail statement whose order a pack fixes (domain §3)."""
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
METER_DIFFERENCES: Final[tuple[str, ...]] = get_args(MeterDifference)
SUSPENDED_PRICES: Final[tuple[str, ...]] = get_args(SuspendedPrice)
BALANCE_PRICES: Final[tuple[str, ...]] = get_args(BalancePrice)
DIRECTIONS: Final[tuple[str, ...]] = get_args(Direction)
RECOVERY_PERIODS: Final[tuple[str, ...]] = get_args(RecoveryPeriod)
RECOVERY_QUANTITIES: Final[tuple[str, ...]] = get_args(RecoveryQuantity)
PRICE_REFS: Final[tuple[str, ...]] = get_args(PriceRef)
AGGREGATES: Final[tuple[str, ...]] = get_args(Aggregate)
SIGN_RULES: Final[tuple[str, ...]] = get_args(SignRule)
TOU_PERIODS: Final[tuple[str, ...]] = get_args(TouPeriod)
CONDITION_DECIDERS: Final[tuple[str, ...]] = get_args(ConditionDecider)
TARIFF_CLASSES: Final[tuple[str, ...]] = get_args(TariffClass)
PRICED_CLASSES: Final[tuple[str, ...]] = get_args(PricedClass)
VOLTAGE_BANDS: Final[tuple[str, ...]] = get_args(VoltageBand)
