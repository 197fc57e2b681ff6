"""Medium- and long-term trading: clearing methods and position limits (domain §1.1, §2)."""

from __future__ import annotations

from typing import Literal

from ingestion.market_rules.values import Count, Item, Number, Rate, Slug, Strict
from ingestion.market_rules.vocabulary import AuctionMethod, TieRule, TradeMethod


class Clearing(Strict):
    """Switches of the medium- and long-term trading methods (domain §2)."""

    auction_method: Item[AuctionMethod] | None = None
    auction_methods: Item[list[AuctionMethod]] | None = None
    """Where the announcement of a session chooses between several."""
    price_rule: Item[Literal["cross", "pair"]] | None = None
    k: Item[Rate] | None = None
    high_low_k: Item[Rate] | None = None
    rolling_deal_price: Item[Literal["resting", "mean"]] | None = None
    tie: Item[list[TieRule]] | None = None
    spot_price_rule: Item[Literal["cross", "pair"]] | None = None
    spot_tie: Item[list[TieRule]] | None = None
    listing_tie: Item[list[TieRule]] | None = None
    agency_listing_tie: Item[list[TieRule]] | None = None
    pro_rata: Item[Literal["declared_quantity"]] | None = None
    """By what equal prices share the last quantity."""
    cap_rule: Item[Literal["coal_cap", "spot_declared_range", "near_spot_range", "spot_cap"]] | None = None
    """Where the limits of short products come from; coal_cap: a period above it clears at the cap."""
    opening_price: Item[Literal["mean_of_admissible"]] | None = None
    opening_min_participants: Item[Count] | None = None
    continuous_price: Item[Literal["median_of_last_bid_ask"]] | None = None
    rolling_sessions: Item[list[Slug]] | None = None
    bilateral_notice_working_days: Item[Count] | None = None
    auction_notice_working_days: Item[Count] | None = None
    green_methods: Item[list[TradeMethod]] | None = None
    transfer_methods: Item[list[TradeMethod]] | None = None
    transfer_keeps_price: Item[bool] | None = None
    green_transfer_is_whole: Item[bool] | None = None
    """Green energy and its environmental value pass on together only."""
    hour_to_slots: Item[Literal["equal"]] | None = None


class PositionLimits(Strict):
    """Limits on what one entity may hold (domain §1.1)."""

    net_cap_mwh: Item[Number] | None = None
    cumulative_cap_mwh: Item[Number] | None = None
    k1: Item[Number] | None = None
    is_hourly_net_non_negative: Item[bool] | None = None
    is_bound_by_guarantee: Item[bool] | None = None
    investor_share_max: Item[Rate] | None = None
    mlt_signing_share_min: Item[Rate] | None = None
