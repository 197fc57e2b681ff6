"""The sections of a rule pack beside its head (domain §5.1): settlement, TOU, recovery, retail, calendar, …

Every leaf is an ``Item`` and may be absent. No leaf has a default other than None: a later release may add
leaves, and an old pack must keep its hash.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from ingestion.market_rules.tou import Grid, GridError, grid_of
from ingestion.market_rules.values import Item, Number, Price, Rate, Strict
from ingestion.market_rules.vocabulary import (
    MidMonthChange,
    ReferencePoint,
    SettlementForm,
    TouPeriod,
    VeeRule,
)

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Count = Annotated[int, Field(ge=0)]


class SecondaryCap(Strict):
    """A lower price cap that starts after prices stayed high."""

    reduction_rate: Item[Rate] | None = None
    after_days: Item[Count] | None = None
    node_share: Item[Rate] | None = None
    after_hours: Item[Count] | None = None


class Settlement(Strict):
    """How a month is settled at wholesale (domain §4.1, §4.2, §4.5)."""

    granularity: Item[Literal[24, 96]] | None = None
    label: Item[Literal["end", "begin"]] | None = None
    form: Item[SettlementForm] | None = None
    reference_point: Item[ReferencePoint] | None = None
    reference_side: Item[Literal["user", "generator"]] | None = None
    price_floor_cny_per_mwh: Item[Price] | None = None
    price_cap_cny_per_mwh: Item[Price] | None = None
    secondary_cap: SecondaryCap | None = None
    vat_rate: Item[Rate] | None = None
    mid_month_change: Item[MidMonthChange] | None = None
    month_end_meter_difference: Item[Literal["priced_line", "levelled"]] | None = None
    purchase_cost_basis: Item[Literal["portfolio", "allocated"]] | None = None
    correction_method: Item[Literal["full", "mean_price", "price_difference"]] | None = None
    correction_reach_months: Item[Count] | None = None
    retrace_below_rate: Item[Rate] | None = None


class Clearing(Strict):
    """Switches of the medium- and long-term trading methods (domain §2)."""

    auction_method: Item[Literal["uniform", "high_low"]] | None = None
    price_rule: Item[Literal["cross", "pair"]] | None = None
    k: Item[Rate] | None = None
    rolling_deal_price: Item[Literal["resting", "mean"]] | None = None
    tie: Item[list[Slug]] | None = None


class PositionLimits(Strict):
    """Limits on what one entity may hold (domain §1.1)."""

    k1: Item[Number] | None = None
    is_hourly_net_non_negative: Item[bool] | None = None


class Recovery(Strict):
    """One deviation-revenue recovery: [band·Q − Q]⁺ · (price A − price B)⁺ · coefficient (domain §4.3)."""

    kind: Slug
    period: Item[Literal["slot", "hour", "day", "month"]] | None = None
    upper_rate: Item[Number] | None = None
    lower_rate: Item[Number] | None = None
    coefficient: Item[Number] | None = None
    price_places: Item[Count] | None = None


def _is_partition(periods: dict[TouPeriod, list[str]]) -> dict[TouPeriod, list[str]]:
    try:
        grid_of(periods)
    except GridError as error:
        raise PydanticCustomError(
            "tou_grid",
            "{problems}",
            {"problems": str(error), "allowed": "15-minute edges, 00:00-24:00 exactly once"},
        ) from error
    return periods


class Season(Strict):
    """The months that share one cut of the day into periods."""

    months: Annotated[list[Annotated[int, Field(ge=1, le=12)]], Field(min_length=1)]
    periods: Annotated[dict[TouPeriod, list[str]], AfterValidator(_is_partition)]

    @property
    def grid(self) -> Grid:
        """Period of slot 1 … 96."""
        return grid_of(self.periods)


class Tou(Strict):
    """Time of use: which slot is which period, and what multiple of the flat price each bears."""

    schedule: Item[list[Season]] | None = None
    multiples: Item[dict[TouPeriod, Number]] | None = None
    floating_components: Item[list[Slug]] | None = None


class Retail(Strict):
    """What a retail package may be (domain §3, regulatory guards)."""

    allowed_types: Item[list[Slug]] | None = None
    price_floor_cny_per_mwh: Item[Price] | None = None
    price_cap_cny_per_mwh: Item[Price] | None = None
    cap_covers: Item[list[Slug]] | None = None
    min_published_packages: Item[Count] | None = None
    mixed_fixed_share_min: Item[Rate] | None = None
    mixed_fixed_share_max: Item[Rate] | None = None
    term_min_months: Item[Count] | None = None
    term_max_months: Item[Count] | None = None
    may_cross_year: Item[bool] | None = None
    cooling_off_hours: Item[Count] | None = None


class Tariff(Strict):
    """What the grid company adds (domain §4.4); published price tables come with the tariff feed."""

    line_loss_rate: Item[Rate] | None = None
    power_factor_standard: Item[Rate] | None = None
    power_factor_base: Item[list[Slug]] | None = None


class Deadlines(Strict):
    """When results are due: days after delivery, and working days of the following month."""

    metering_days_after: Item[Count] | None = None
    daily_statement_days_after: Item[Count] | None = None
    daily_statement_at: Item[Clock] | None = None
    daily_objection_days_after: Item[Count] | None = None
    monthly_metering_working_day: Item[Count] | None = None
    monthly_check_working_day: Item[Count] | None = None
    monthly_formal_working_day: Item[Count] | None = None
    grid_bill_working_day: Item[Count] | None = None
    dispute_working_days: Item[Count] | None = None
    answer_working_days: Item[Count] | None = None


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
