"""Recovery of deviation revenue (domain §4.3): one engine, its parameters as data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from ingestion.market_rules.values import Count, Hour, Item, Month, Number, Rate, Slug, Strict
from ingestion.market_rules.vocabulary import PriceRef


class Threshold(Strict):
    """Share of the use that may deviate freely, in some months or hours; without them in all."""

    months: Annotated[list[Month], Field(min_length=1)] | None = None
    hours: Annotated[list[Hour], Field(min_length=1)] | None = None
    free_rate: Rate


def _whole_day_and_year(rows: list[Threshold]) -> list[Threshold]:
    """Every month and hour has exactly one threshold: neither is the rest assumed, nor does one row win."""
    problems = []
    for month in range(1, 13):
        for hour in range(1, 25):
            found = sum(month in (row.months or [month]) and hour in (row.hours or [hour]) for row in rows)
            if found != 1:
                problems.append(f"month {month} hour {hour} has {found} thresholds")
    if problems:
        raise PydanticCustomError(
            "thresholds",
            "{problem}",
            {"problem": problems[0], "allowed": "each month 1-12 and hour 1-24 in exactly one row"},
        )
    return rows


class Recovery(Strict):
    """One deviation-revenue recovery: [band·Q - Q]⁺ · (price A - price B)⁺ · coefficient (domain §4.3)."""

    kind: Slug
    period: Item[Literal["slot", "hour", "day", "month"]] | None = None
    quantity: Item[Literal["mlt", "declared"]] | None = None
    """What is held against the use: contracts, or the day-ahead declaration."""
    direction: Item[Literal["over", "under"]] | None = None
    upper_rate: Item[Number] | None = None
    lower_rate: Item[Number] | None = None
    thresholds: Item[Annotated[list[Threshold], AfterValidator(_whole_day_and_year)]] | None = None
    price_a: Item[PriceRef] | None = None
    price_b: Item[PriceRef] | None = None
    price_a_factor: Item[Number] | None = None
    """Price A counts as this multiple when the two are compared."""
    coefficient: Item[Number] | None = None
    aggregate: Item[Literal["period", "day", "month"]] | None = None
    sign_rule: Item[Literal["positive_part", "net_if_positive"]] | None = None
    """positive_part: each period for itself; net_if_positive: signed periods add up, charged above 0."""
    price_places: Item[Count] | None = None
    payees: Item[list[Slug]] | None = None
