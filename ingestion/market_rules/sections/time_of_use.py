"""Time of use: seasons, what each period costs, and schedules that hold on a condition (domain §5.3)."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from ingestion.market_rules.tou import Grid, GridError, grid_of, overlaid
from ingestion.market_rules.values import Count, Item, Month, Number, Slug, Strict
from ingestion.market_rules.vocabulary import (
    BillComponent,
    ConditionDecider,
    TariffClass,
    TouPeriod,
    VoltageBand,
)

Months = Annotated[list[Month], Field(min_length=1)]
Ranges = dict[TouPeriod, list[str]]


def _grid_error(error: GridError, allowed: str) -> PydanticCustomError:
    return PydanticCustomError("tou_grid", "{problems}", {"problems": str(error), "allowed": allowed})


def _is_partition(periods: Ranges) -> Ranges:
    try:
        grid_of(periods)
    except GridError as error:
        raise _grid_error(error, "15-minute edges, 00:00-24:00 exactly once") from error
    return periods


def _is_overlay(periods: Ranges) -> Ranges:
    try:
        overlaid(("flat",) * 96, periods)
    except GridError as error:
        raise _grid_error(error, "15-minute edges, each quarter hour at most once") from error
    return periods


class Season(Strict):
    """The months that share one cut of the day into periods."""

    months: Months
    periods: Annotated[Ranges, AfterValidator(_is_partition)]

    @property
    def grid(self) -> Grid:
        """Period of slot 1 … 96."""
        return grid_of(self.periods)


class CalendarRule(Strict):
    """Days that the calendar of public holidays decides; a day that meets either key meets the rule."""

    holidays: Annotated[list[Slug], Field(min_length=1)] | None = None
    """Names as in the calendar seed in lower case (spring_festival, labour_day, …), or the one word all."""
    min_days: Count | None = None
    """Only holidays of at least this many days."""
    weekends: bool | None = None
    """Weekend days that are not worked."""


class Condition(Strict):
    """Periods that replace those of the season on days on which a condition holds, for some users or all."""

    code: Slug
    description: str
    months: Months
    decided_by: ConditionDecider
    """feed: somebody says so day by day (feed tou_condition_day); always: on every day of the months."""
    calendar: CalendarRule | None = None
    tariff_class: TariffClass | None = None
    min_capacity_kva: Count | None = None
    periods: Annotated[Ranges, AfterValidator(_is_overlay)]

    @model_validator(mode="after")
    def _is_decidable(self) -> Self:
        if (self.decided_by == "calendar") != (self.calendar is not None):
            raise PydanticCustomError(
                "condition_calendar",
                "decided_by is {decided_by}, and calendar is {given}",
                {
                    "decided_by": self.decided_by,
                    "given": "absent" if self.calendar is None else "given",
                    "allowed": "decided_by: calendar together with calendar: {holidays, min_days, weekends}",
                },
            )
        return self


def _one_per_month(conditions: list[Condition]) -> list[Condition]:
    taken: dict[int, str] = {}
    for condition in conditions:
        for month in condition.months:
            if month in taken:
                raise PydanticCustomError(
                    "condition_month",
                    "{code} and {other} both concern month {month}",
                    {
                        "code": condition.code,
                        "other": taken[month],
                        "month": month,
                        "allowed": "at most one condition per month",
                    },
                )
            taken[month] = condition.code
    return conditions


class MultipleRule(Strict):
    """Multiples of the flat price for some months or users; what is absent does not restrict."""

    months: Months | None = None
    tariff_class: TariffClass | None = None
    voltages: Annotated[list[VoltageBand], Field(min_length=1)] | None = None
    from_kva: Count | None = None
    below_kva: Count | None = None
    multiples: dict[TouPeriod, Number]


class Tou(Strict):
    """Time of use: which slot is which period, and what multiple of the flat price each bears."""

    schedule: Item[list[Season]] | None = None
    conditions: Item[Annotated[list[Condition], AfterValidator(_one_per_month)]] | None = None
    multiples: Item[dict[TouPeriod, Number]] | None = None
    multiple_rules: Item[list[MultipleRule]] | None = None
    floats: Item[dict[BillComponent, bool]] | None = None
    """Which components of the bill the multiples act on (domain §4.4)."""
    published_prices_prevail: Item[bool] | None = None
    price_places_fen_per_kwh: Item[Count] | None = None

    @model_validator(mode="after")
    def _conditions_change_a_schedule(self) -> Self:
        has_conditions = self.conditions is not None and self.conditions.value
        if has_conditions and (self.schedule is None or self.schedule.value is None):
            raise PydanticCustomError(
                "condition_schedule",
                "conditions need a schedule to change",
                {"allowed": "a schedule, or no conditions"},
            )
        return self

    def condition_of(self, month: int) -> Condition | None:
        """The condition that may change a day of this month."""
        found = self.conditions.value if self.conditions is not None else None
        return next((condition for condition in found or [] if month in condition.months), None)
