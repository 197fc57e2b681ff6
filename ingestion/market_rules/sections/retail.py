"""What a retail package may be, and what regulators do to its result (domain §3, guards)."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from ingestion.market_rules.values import Count, Item, Month, Number, Price, Rate, Slug, Strict
from ingestion.market_rules.vocabulary import BillStep


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        message = "not a regular expression: {reason}"
        allowed = "such as ^[A-Za-z]{4}[0-9]{6}$"
        raise PydanticCustomError("pattern", message, {"reason": str(error), "allowed": allowed}) from error
    return value


Pattern = Annotated[str, AfterValidator(_pattern)]


class PriceLimit(Strict):
    """Bounds of one priced thing, yuan/MWh, VAT included."""

    priced: Slug
    floor_cny_per_mwh: Price | None = None
    cap_cny_per_mwh: Price | None = None


class ShareLimit(Strict):
    """Bounds of one share of the quantity, 0 … 1."""

    share: Slug
    min_rate: Rate | None = None
    max_rate: Rate | None = None


class Termination(Strict):
    """Fee of an early end: clip(incurred / months done · months total · share, floor, cap)."""

    form: Item[Literal["clip_share_of_expected"]] | None = None
    share_rate: Item[Rate] | None = None
    floor_cny: Item[Number] | None = None
    cap_cny: Item[Number] | None = None
    nothing_incurred: Item[Literal["mean_of_bounds"]] | None = None


class TouBalance(Strict):
    """Levelling of a uniform price over the periods: subsidy q_v·P·(1-f2), charge q_p·P·(f1-1)."""

    price_cny_per_mwh: Item[Price] | None = None
    peak_factor: Item[Number] | None = None
    valley_factor: Item[Number] | None = None


class MonthlyCap(Strict):
    """A cap on the month's average price, from the market's average; above it all periods are scaled."""

    basis: Item[Literal["market_flat_mean"]] | None = None
    factor: Item[Number] | None = None
    sharp_month_factor: Item[Number] | None = None
    sharp_months: Item[list[Month]] | None = None
    adjustment: Item[Literal["scale_all_periods"]] | None = None


class MarginRefund(Strict):
    """Margin beyond a limit that goes back to the customers."""

    above_cny_per_mwh: Item[Price] | None = None
    refund_rate: Item[Rate] | None = None


class Retail(Strict):
    """What a retail package may be (domain §3, regulatory guards)."""

    allowed_types: Item[list[Slug]] | None = None
    price_floor_cny_per_mwh: Item[Price] | None = None
    price_cap_cny_per_mwh: Item[Price] | None = None
    price_limits: Item[list[PriceLimit]] | None = None
    share_limits: Item[list[ShareLimit]] | None = None
    cap_covers: Item[list[Slug]] | None = None
    order_of_operations: Item[list[BillStep]] | None = None
    min_published_packages: Item[Count] | None = None
    min_published_linked: Item[Count] | None = None
    mixed_fixed_share_min: Item[Rate] | None = None
    mixed_fixed_share_max: Item[Rate] | None = None
    clauses: Item[list[Slug]] | None = None
    risk_clause_lower_rate: Item[Number] | None = None
    risk_clause_upper_rate: Item[Number] | None = None
    coal_index_step: Item[Count] | None = None
    """Points of the coal index that move a coal-linked price by one float, whole steps only."""
    term_min_months: Item[Count] | None = None
    term_max_months: Item[Count] | None = None
    may_cross_year: Item[bool] | None = None
    cooling_off_hours: Item[Count] | None = None
    cooling_off_when: Item[Literal["no_cap_chosen", "always"]] | None = None
    peer_price_warning_rate: Item[Rate] | None = None
    package_code_pattern: Item[Pattern] | None = None
    termination: Termination | None = None
    green_volume_max_rate: Item[Number] | None = None
    """Green quantity at most this multiple of the use."""
    green_shortfall_rate: Item[Rate] | None = None
    """Charge for undelivered green energy, share of the environmental value."""
    tou_balance: TouBalance | None = None
    monthly_cap: MonthlyCap | None = None
    margin_refund: MarginRefund | None = None
    float_confirmation_rate: Item[Rate] | None = None
    """A float beyond this share of last year's price needs the signatory's confirmation."""
