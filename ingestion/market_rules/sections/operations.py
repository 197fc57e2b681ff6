"""Deadlines, tolerances, rounding, metering validation and credit of a province (domain §1.3, §4.5 to §7)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ingestion.market_rules.values import Clock, Count, Item, Number, Price, Rate, Strict
from ingestion.market_rules.vocabulary import VeeRule


class Deadlines(Strict):
    """When results are due: days after delivery, and working days of the following month."""

    metering_days_after: Item[Count] | None = None
    daily_statement_days_after: Item[Count] | None = None
    daily_statement_at: Item[Clock] | None = None
    daily_objection_days_after: Item[Count] | None = None
    daily_formal_days_after: Item[Count] | None = None
    monthly_metering_working_day: Item[Count] | None = None
    monthly_check_working_day: Item[Count] | None = None
    monthly_objection_working_days: Item[Count] | None = None
    monthly_formal_working_day: Item[Count] | None = None
    grid_bill_working_day: Item[Count] | None = None
    dispute_working_days: Item[Count] | None = None
    answer_working_days: Item[Count] | None = None
    day_ahead_gate_at: Item[Clock] | None = None
    day_ahead_result_at: Item[Clock] | None = None


class Reconciliation(Strict):
    """Within what the statements of grid company and trading centre may differ from ours, per line."""

    quantity_tolerance_mwh: Item[Annotated[Price, Field(ge=0)]] | None = None
    price_tolerance_cny_per_mwh: Item[Annotated[Price, Field(ge=0)]] | None = None
    amount_tolerance_cny: Item[Annotated[Number, Field(ge=0, decimal_places=2, max_digits=12)]] | None = None


class Rounding(Strict):
    """Decimal places and how residues are placed (domain §4.5, §6)."""

    energy_mwh_places: Item[Count] | None = None
    energy_kwh_places: Item[Count] | None = None
    money_places: Item[Count] | None = None
    price_cny_per_mwh_places: Item[Count] | None = None
    price_cny_per_kwh_places: Item[Count] | None = None
    mode: Item[Literal["half_up"]] | None = None
    residue: Item[Literal["largest_remainder"]] | None = None
    hour_to_slots: Item[Literal["equal_residue_first"]] | None = None


class Vee(Strict):
    """Validation, estimation and editing of metering (domain §6)."""

    estimation_basis: Item[Literal["register_series", "energy"]] | None = None
    effects: Item[dict[VeeRule, Literal["failed", "suspect", "off"]]] | None = None
    capacity_factor: Item[Number] | None = None
    spike_factor: Item[Number] | None = None
    spike_days: Item[Count] | None = None
    zero_run_slots: Item[Count] | None = None
    freeze_tolerance_rate: Item[Rate] | None = None
    meter_day_error_rate: Item[Rate] | None = None
    sub_above_main_rate: Item[Rate] | None = None
    typical_weeks: Item[Count] | None = None
    levelling_limit_rate: Item[Rate] | None = None


class Grade(Strict):
    """A credit grade, from this many points on."""

    grade: str
    from_points: Count


class Credit(Strict):
    """Credit of retailers and the guarantee they give (domain §7)."""

    off_market_points: Item[Count] | None = None
    in_market_points: Item[Count] | None = None
    grades: Item[list[Grade]] | None = None
    guarantee_factor_min: Item[Number] | None = None
    guarantee_factor_max: Item[Number] | None = None
    guarantee_year_cny_per_mwh: Item[Price] | None = None
    """At least this much per MWh of the last twelve months' wholesale quantity."""
    guarantee_peak_cny_per_mwh: Item[Price] | None = None
    """At least this much per MWh of the larger of two months' wholesale and the retail quantity."""
    default_supply_price_factor: Item[Number] | None = None
