"""Wholesale settlement of a month (domain §4.1, §4.2, §4.5)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from ingestion.market_rules.values import Count, Item, Month, Price, Rate, Slug, Strict
from ingestion.market_rules.vocabulary import (
    BalancePrice,
    Direction,
    MeterDifference,
    MidMonthChange,
    ReferencePoint,
    SettlementForm,
    SuspendedPrice,
)


class SecondaryCap(Strict):
    """A lower price cap that starts after prices stayed high."""

    reduction_rate: Item[Rate] | None = None
    after_days: Item[Count] | None = None
    node_share: Item[Rate] | None = None
    after_hours: Item[Count] | None = None


class DeviationBand(Strict):
    """One step of the monthly balance: from this share of the contract energy on, this price per MWh.

    A step ends where the next one of its direction begins. Without a direction it holds for both; without a
    price the month's is announced (feed market_parameter).
    """

    direction: Direction | None = None
    from_rate: Rate
    price_cny_per_mwh: Price | None = None


def _steps_rise(bands: list[DeviationBand]) -> list[DeviationBand]:
    """The steps of a direction begin at rising shares, so that each has an end."""
    for direction in ("over", "under"):
        starts = [band.from_rate for band in bands if band.direction in (None, direction)]
        if starts != sorted(set(starts)):
            listed = ", ".join(str(start) for start in starts)
            raise PydanticCustomError(
                "bands",
                "the steps of direction {direction} begin at {listed}",
                {"direction": direction, "listed": listed, "allowed": "from_rate rising within a direction"},
            )
    return bands


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
    month_end_meter_difference: Item[MeterDifference] | None = None
    """Month total less the sum of the days: a line at the real-time mean, or levelled into the curves."""
    deviation_bands: Item[Annotated[list[DeviationBand], AfterValidator(_steps_rise)]] | None = None
    """What the deviation of a monthly balance costs (domain §4.2); an empty list = nothing."""
    balance_energy_price: Item[BalancePrice] | None = None
    """Price of the energy of a monthly balance that differs from the contracts."""
    required_items: Item[list[Slug]] | None = None
    """Codes of the market items without which a month is not settled."""
    purchase_cost_basis: Item[Literal["portfolio", "allocated"]] | None = None
    correction_method: Item[Literal["full", "mean_price", "price_difference"]] | None = None
    correction_reach_months: Item[Count] | None = None
    retrace_below_rate: Item[Rate] | None = None
    suspended_price: Item[SuspendedPrice] | None = None
    """What deviation settles at while spot is suspended (domain §4.2)."""
    trading_seasons: Item[dict[Slug, list[Month]]] | None = None
    retailer_pay: Item[Literal["retail_minus_wholesale"]] | None = None
    is_operation_share_revenue: Item[bool] | None = None
    """Whether operation items add to the retailer's revenue instead of its cost (domain §4.6)."""
