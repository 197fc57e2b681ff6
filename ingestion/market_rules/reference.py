"""The tables of schema ``reference``: rule packs exploded per delivery date and slot.

``rule_pack`` keeps every pack body that was ever loaded, so that a statement of long ago can still be read
with its rules. ``pack_day`` and ``tou_day`` say which of them a delivery date gets now, and
``tou_conditional_day`` which schedule takes its place when a condition holds. Downstream SQL joins by
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
    CONDITION_DECIDERS,
    MID_MONTH_CHANGES,
    PACK_STATUSES,
    REFERENCE_POINTS,
    SETTLEMENT_FORMS,
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
    Column("illustrative_items", ARRAY(Text), nullable=False, comment="paths of values without a source"),
    Column("body", JSONB, nullable=False, comment="the whole pack; decimals are JSON strings"),
    _one_of("status", PACK_STATUSES),
    _one_of("settlement_form", SETTLEMENT_FORMS),
    _one_of("reference_point", REFERENCE_POINTS),
    _one_of("mid_month_change", MID_MONTH_CHANGES),
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
