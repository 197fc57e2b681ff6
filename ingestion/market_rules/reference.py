"""The tables of schema ``reference``: rule packs exploded per delivery date and slot.

``rule_pack`` keeps every pack body that was ever loaded, so that a statement of long ago can still be read
with its rules. ``pack_day`` and ``tou_day`` say which of them a delivery date gets now, and
``tou_conditional_day`` which schedule takes its place when a condition holds. ``deviation_band``,
``recovery_rule`` and ``recovery_band`` hold the lists of a pack by its hash. Downstream SQL joins by
(province, delivery_on) and never parses a pack, but for what the grid bill needs: dbt's staging reads that
from ``rule_pack.body``. Created by Alembic (orchestration/migrations).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from ingestion.market_rules.vocabulary import (
    AGGREGATES,
    BALANCE_PRICES,
    CONDITION_DECIDERS,
    DIRECTIONS,
    METER_DIFFERENCES,
    MID_MONTH_CHANGES,
    PACK_STATUSES,
    PRICE_REFS,
    RECOVERY_PERIODS,
    RECOVERY_QUANTITIES,
    REFERENCE_POINTS,
    SETTLEMENT_FORMS,
    SIGN_RULES,
    SUSPENDED_PRICES,
    TARIFF_CLASSES,
    TOU_PERIODS,
)

SCHEMA: Final = "reference"

METADATA: Final = MetaData(
    schema=SCHEMA,
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    },
)


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A check that lets NULL pass: a pack may lack a value, and then blocks only what needs it."""
    return CheckConstraint(f"{column} in ({', '.join(repr(value) for value in values)})", name=column)


RULE_PACK: Final = Table(
    "rule_pack",
    METADATA,
    Column("pack_hash", Text, primary_key=True, comment="sha256 of the pack's canonical content"),
    Column("province", Text, nullable=False),
    Column("pack_version", Text, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date, comment="last day of validity, inclusive; NULL = until replaced"),
    Column("status", Text, nullable=False),
    Column("settlement_form", Text),
    Column("reference_point", Text),
    Column("price_floor_cny_per_mwh", Numeric(12, 3)),
    Column("price_cap_cny_per_mwh", Numeric(12, 3)),
    Column("vat_rate", Numeric(5, 4)),
    Column("mid_month_change", Text),
    Column("granularity", SmallInteger, comment="24: settled by the hour, 96: by the quarter hour"),
    Column("month_end_meter_difference", Text),
    Column("suspended_price", Text, comment="what deviation settles at while spot is suspended"),
    Column("balance_energy_price", Text, comment="price of a monthly balance's deviation"),
    Column("deviation_bands", SmallInteger, comment="steps in deviation_band; NULL = the pack does not say"),
    Column("required_items", ARRAY(Text), comment="market items without which no month settles"),
    Column("illustrative_items", ARRAY(Text), nullable=False, comment="paths of values without a source"),
    Column("body", JSONB, nullable=False, comment="the whole pack; decimals are JSON strings"),
    _one_of("status", PACK_STATUSES),
    _one_of("settlement_form", SETTLEMENT_FORMS),
    _one_of("reference_point", REFERENCE_POINTS),
    _one_of("mid_month_change", MID_MONTH_CHANGES),
    _one_of("month_end_meter_difference", METER_DIFFERENCES),
    _one_of("suspended_price", SUSPENDED_PRICES),
    _one_of("balance_energy_price", BALANCE_PRICES),
    CheckConstraint("granularity in (24, 96)", name="granularity"),
    CheckConstraint("effective_to is null or effective_to >= effective_from", name="effective_range"),
)

PACK_DAY: Final = Table(
    "pack_day",
    METADATA,
    Column("province", Text, nullable=False),
    Column("delivery_on", Date, nullable=False),
    Column("pack_hash", Text, ForeignKey(RULE_PACK.c.pack_hash), nullable=False),
    PrimaryKeyConstraint("province", "delivery_on"),
)

TOU_SCHEDULE_SLOT: Final = Table(
    "tou_schedule_slot",
    METADATA,
    Column("schedule_id", Text, nullable=False, comment="province-firstmonth-hash8 of the 96 periods"),
    Column("slot", SmallInteger, nullable=False, comment="1 = 00:00-00:15 … 96 = 23:45-24:00, UTC+8"),
    Column("tou_period", Text, nullable=False),
    PrimaryKeyConstraint("schedule_id", "slot"),
    CheckConstraint("slot between 1 and 96", name="slot"),
    _one_of("tou_period", TOU_PERIODS),
)

TOU_DAY: Final = Table(
    "tou_day",
    METADATA,
    Column("province", Text, nullable=False),
    Column("delivery_on", Date, nullable=False),
    Column("schedule_id", Text, nullable=False),
    Column("pack_hash", Text, ForeignKey(RULE_PACK.c.pack_hash), nullable=False),
    Column("is_illustrative", Boolean, nullable=False),
    PrimaryKeyConstraint("province", "delivery_on"),
)

TOU_CONDITIONAL_DAY: Final = Table(
    "tou_conditional_day",
    METADATA,
    Column("province", Text, nullable=False),
    Column("delivery_on", Date, nullable=False),
    Column("condition_code", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column(
        "decided_by",
        Text,
        nullable=False,
        comment="feed: landing.tou_condition_day says so; calendar: public holidays; always: every day",
    ),
    Column("schedule_id", Text, nullable=False, comment="the schedule of the day when the condition holds"),
    Column("tariff_class", Text, comment="only accounts of this class; NULL = every class"),
    Column("min_capacity_kva", Integer, comment="only accounts from this capacity on; NULL = every capacity"),
    Column(
        "holidays",
        Text,
        comment="holidays on which a calendar condition holds, separated by commas; all = each",
    ),
    Column("min_holiday_days", Integer, comment="only holidays of at least this many days"),
    Column("is_on_weekends", Boolean, nullable=False),
    Column("pack_hash", Text, ForeignKey(RULE_PACK.c.pack_hash), nullable=False),
    Column("is_illustrative", Boolean, nullable=False),
    PrimaryKeyConstraint("province", "delivery_on"),
    _one_of("decided_by", CONDITION_DECIDERS),
    _one_of("tariff_class", TARIFF_CLASSES),
    comment="A schedule that takes the place of the day's when a condition holds, for some accounts or all",
)

DEVIATION_BAND: Final = Table(
    "deviation_band",
    METADATA,
    Column("pack_hash", Text, ForeignKey(RULE_PACK.c.pack_hash), nullable=False),
    Column("direction", Text, nullable=False, comment="over: used more than contracted; under: less"),
    Column("step", SmallInteger, nullable=False, comment="1, 2, ... from the contract energy outwards"),
    Column("from_rate", Numeric(7, 4), nullable=False, comment="begins at this share of the contract energy"),
    Column("to_rate", Numeric(7, 4), comment="where the next step begins; NULL = it does not end"),
    Column("price_cny_per_mwh", Numeric(12, 3), comment="NULL = announced per month"),
    PrimaryKeyConstraint("pack_hash", "direction", "step"),
    _one_of("direction", DIRECTIONS),
    comment="What the deviation of a monthly balance costs, by direction and step",
)

RECOVERY_RULE: Final = Table(
    "recovery_rule",
    METADATA,
    Column("pack_hash", Text, ForeignKey(RULE_PACK.c.pack_hash), nullable=False),
    Column("kind", Text, nullable=False),
    Column("period", Text),
    Column(
        "quantity", Text, comment="what is held against the use: mlt contracts, or the declared day-ahead"
    ),
    Column("direction", Text),
    Column("price_a", Text),
    Column("price_b", Text),
    Column("price_a_factor", Numeric(12, 6), comment="NULL = 1, or announced"),
    Column("coefficient", Numeric(12, 6), comment="NULL = 1, or announced"),
    Column("aggregate", Text, comment="within which signed periods add up; NULL = each for itself"),
    Column("sign_rule", Text),
    Column("net_group", Text, comment="kinds that add up together; NULL = the kind alone"),
    Column("price_places", SmallInteger, comment="decimals of the price difference; NULL = not rounded"),
    Column("payees", ARRAY(Text), comment="to whom the recovered money is returned"),
    Column("announced", ARRAY(Text), nullable=False, comment="numbers that are announced per month"),
    PrimaryKeyConstraint("pack_hash", "kind"),
    _one_of("period", RECOVERY_PERIODS),
    _one_of("quantity", RECOVERY_QUANTITIES),
    _one_of("direction", DIRECTIONS),
    _one_of("price_a", PRICE_REFS),
    _one_of("price_b", PRICE_REFS),
    _one_of("aggregate", AGGREGATES),
    _one_of("sign_rule", SIGN_RULES),
    comment="Recoveries of deviation revenue that a pack has in force (domain §4.3)",
)

RECOVERY_BAND: Final = Table(
    "recovery_band",
    METADATA,
    Column("pack_hash", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("delivery_month", SmallInteger, nullable=False, comment="month of the year, 1 to 12"),
    Column("hour", SmallInteger, nullable=False, comment="hour by its end, 1 to 24"),
    Column("band_rate", Numeric(12, 6), nullable=False, comment="share of the use that bounds what is free"),
    PrimaryKeyConstraint("pack_hash", "kind", "delivery_month", "hour"),
    ForeignKeyConstraint(["pack_hash", "kind"], [RECOVERY_RULE.c.pack_hash, RECOVERY_RULE.c.kind]),
    comment="Bounds of a recovery per month of the year and hour, where the pack knows them",
)
