"""What the grid company adds: transmission, distribution, losses, demand, power factor (domain §4.4)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from ingestion.market_rules.values import Count, Item, KwhPrice, MonthPrice, Number, Rate, Strict
from ingestion.market_rules.vocabulary import BillComponent, PricedClass, VoltageBand


class GridPrice(Strict):
    """One row of the price table, VAT included: a class at a voltage, and at a use where that counts."""

    tariff_class: PricedClass
    voltage: VoltageBand
    metered_side: Literal["high", "low"] | None = None
    use_up_to: Count | None = None
    """Only up to this use per month: kWh per kVA, in class_2 kWh per kW."""
    use_above: Count | None = None
    energy_cny_per_kwh: KwhPrice
    demand_cny_per_kw_month: MonthPrice | None = None
    capacity_cny_per_kva_month: MonthPrice | None = None


def _each_once(rows: list[GridPrice]) -> list[GridPrice]:
    seen: set[tuple[object, ...]] = set()
    for row in rows:
        key = (row.tariff_class, row.voltage, row.metered_side, row.use_up_to, row.use_above)
        if key in seen:
            raise PydanticCustomError(
                "grid_price_twice",
                "{tariff_class} at {voltage} is priced twice",
                {
                    "tariff_class": row.tariff_class,
                    "voltage": row.voltage,
                    "allowed": "one row per class, voltage, metered side and use",
                },
            )
        seen.add(key)
    return rows


class ClassBounds(Strict):
    """Which accounts a class of the price table is for, by capacity in kVA, both ends included."""

    tariff_class: PricedClass
    from_kva: Count | None = None
    to_kva: Count | None = None


class DemandRules(Strict):
    """Basic charge by demand: what may be declared, what excess costs, and a discount for high use."""

    declared_share_min: Item[Rate] | None = None
    tolerance_factor: Item[Number] | None = None
    excess_factor: Item[Number] | None = None
    discount_from_kwh_per_kva: Item[Count] | None = None
    discount_factor: Item[Number] | None = None


class PfStep(Strict):
    """From this power factor on (better than the standard) the whole adjustment is ``rate`` of the base."""

    from_pf: Rate
    rate: Number


class PfSlope(Strict):
    """Each 0.01 below the standard, down to ``to_pf``, adds ``rate`` of the base."""

    to_pf: Rate
    rate: Number


class PfTable(Strict):
    """Adjustment of one power-factor standard."""

    standard: Rate
    users: str
    above: Annotated[list[PfStep], Field(min_length=1)]
    below: Annotated[list[PfSlope], Field(min_length=1)]


class Tariff(Strict):
    """What the grid company adds (domain §4.4); monthly prices come with the tariff feed."""

    transmission_distribution: Item[Annotated[list[GridPrice], AfterValidator(_each_once)]] | None = None
    class_bounds: Item[list[ClassBounds]] | None = None
    line_loss_rate: Item[Rate] | None = None
    line_loss_cny_per_kwh: Item[KwhPrice] | None = None
    line_loss_fallback: Item[Literal["price_times_r_over_1_minus_r"]] | None = None
    system_operation_cny_per_kwh: Item[KwhPrice] | None = None
    funds_cny_per_kwh: Item[KwhPrice] | None = None
    demand: DemandRules | None = None
    power_factor_standard: Item[Rate] | None = None
    power_factor_tables: Item[list[PfTable]] | None = None
    power_factor_base: Item[list[BillComponent]] | None = None
