"""Recovery of deviation revenue (domain §4.3): one engine, its parameters as data."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from ingestion.market_rules.values import Count, Hour, Item, Month, Number, Rate, Slug, Strict
from ingestion.market_rules.vocabulary import (
    Aggregate,
    Direction,
    PriceRef,
    RecoveryPeriod,
    RecoveryQuantity,
    SignRule,
)


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
    """One deviation-revenue recovery: [band·Q - Q']⁺ · (A·factor - B)⁺ · coefficient (domain §4.3).

    A rate, factor or coefficient that stands here as null is announced per month (feed market_parameter).
    """

    kind: Slug
    period: Item[RecoveryPeriod] | None = None
    quantity: Item[RecoveryQuantity] | None = None
    """What is held against the use: contracts, or the day-ahead declaration."""
    direction: Item[Direction] | None = None
    upper_rate: Item[Number] | None = None
    lower_rate: Item[Number] | None = None
    thresholds: Item[Annotated[list[Threshold], AfterValidator(_whole_day_and_year)]] | None = None
    price_a: Item[PriceRef] | None = None
    price_b: Item[PriceRef] | None = None
    price_a_factor: Item[Number] | None = None
    """Price A counts as this multiple."""
    coefficient: Item[Number] | None = None
    aggregate: Item[Aggregate] | None = None
    sign_rule: Item[SignRule] | None = None
    """positive_part: each period for itself; net_if_positive: signed periods add up, charged above 0."""
    net_group: Item[Slug] | None = None
    """Kinds of one group add up together before net_if_positive asks whether they are above 0."""
    price_places: Item[Count] | None = None
    payees: Item[list[Slug]] | None = None

    @model_validator(mode="after")
    def _hours_need_hours(self) -> Self:
        """A threshold by hours says nothing of a day or a month."""
        rows = (self.thresholds and self.thresholds.value) or []
        if self.period and self.period.value in ("day", "month") and any(row.hours for row in rows):
            raise PydanticCustomError(
                "threshold_hours",
                "thresholds by hours, and period {period}",
                {"period": self.period.value, "allowed": "period slot or hour, or thresholds by months only"},
            )
        return self

    def band_rates(self) -> dict[tuple[int, int], Decimal]:
        """(month, hour) to the share of the use from which, or up to which, the quantity is free.

        Empty where the pack does not know the rate.
        """
        if self.direction is None or self.direction.value is None:
            return {}
        is_over = self.direction.value == "over"
        rate = self.upper_rate if is_over else self.lower_rate
        grid = [(month, hour) for month in range(1, 13) for hour in range(1, 25)]
        if rate is not None and rate.value is not None:
            return dict.fromkeys(grid, rate.value)
        rows = (self.thresholds and self.thresholds.value) or []
        return {
            (month, hour): 1 + row.free_rate if is_over else 1 - row.free_rate
            for month, hour in grid
            for row in rows
            if month in (row.months or [month]) and hour in (row.hours or [hour])
        }

    @property
    def announced(self) -> list[str]:
        """Names of the numbers that the pack leaves to the month's announcement."""
        names = ("upper_rate", "lower_rate", "price_a_factor", "coefficient")
        items = {name: getattr(self, name) for name in names}
        return [name for name, item in items.items() if item is not None and item.value is None]
