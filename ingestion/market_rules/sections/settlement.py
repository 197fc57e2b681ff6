"""Wholesale settlement of a month (domain §4.1, §4.2, §4.5)."""

from __future__ import annotations

from typing import Literal

from ingestion.market_rules.values import Count, Item, Month, Price, Rate, Slug, Strict
from ingestion.market_rules.vocabulary import MidMonthChange, ReferencePoint, SettlementForm


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
    suspended_price: Item[Literal["mlt_period_mean", "agency_tou"]] | None = None
    """What deviation settles at while spot is suspended (domain §4.2)."""
    trading_seasons: Item[dict[Slug, list[Month]]] | None = None
    retailer_pay: Item[Literal["retail_minus_wholesale"]] | None = None
    is_operation_share_revenue: Item[bool] | None = None
    """Whether operation items add to the retailer's revenue instead of its cost (domain §4.6)."""
