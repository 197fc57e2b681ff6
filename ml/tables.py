"""The tables of the schema ``forecast``: what was forecast, from what knowledge, and how well it scored.

Append-only: a run is written once, in one transaction with its rows. The migrations of
``orchestration`` create these tables and take away UPDATE, DELETE and TRUNCATE.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

SCHEMA: Final = "forecast"
SLOTS: Final = 96
QUANTILES: Final = (10, 50, 90)
RUN_KINDS: Final = ("load", "price", "cost", "backtest")
SLOT_COLUMNS: Final[tuple[str, ...]] = tuple(f"p{slot:02d}" for slot in range(1, SLOTS + 1))

METADATA: Final = MetaData(
    schema=SCHEMA,
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    },
)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(value) for value in values)})"


def _slots(kind: type[TypeEngine[int]]) -> list[Column[int]]:
    return [Column(name, kind, nullable=False) for name in SLOT_COLUMNS]


def _run_id() -> Column[int]:
    return Column("forecast_run_id", BigInteger, ForeignKey("forecast.run.forecast_run_id"), nullable=False)


def _quantile() -> tuple[Column[int], CheckConstraint]:
    return (
        Column("quantile", SmallInteger, nullable=False),
        CheckConstraint("quantile in (10, 50, 90)", name="quantile"),
    )


run = Table(
    "run",
    METADATA,
    Column("forecast_run_id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, CheckConstraint(_one_of("kind", RUN_KINDS), name="kind"), nullable=False),
    Column("model", Text, nullable=False),
    Column("model_params", JSONB, nullable=False),
    Column("province", Text, nullable=False),
    Column("delivery_on", Date, nullable=False),
    Column("gate_at", DateTime(timezone=True), nullable=False),
    Column("input_digest", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    UniqueConstraint(
        "kind", "model", "province", "delivery_on", "gate_at", "input_digest", name="uq_run_identity"
    ),
    Index("ix_run_delivery", "province", "delivery_on", "kind", "gate_at"),
    comment="One forecast or backtest: its model, its gate, and the digest of all it could know.",
)

load_day = Table(
    "load_day",
    METADATA,
    _run_id(),
    Column("province", Text, nullable=False),
    Column("delivery_on", Date, nullable=False),
    *_quantile(),
    *_slots(BigInteger),
    PrimaryKeyConstraint("forecast_run_id", "delivery_on", "quantile"),
    Index("ix_load_day_delivery_on", "delivery_on"),
    comment="Portfolio load, net Wh per 15-minute slot.",
)

price_day = Table(
    "price_day",
    METADATA,
    _run_id(),
    Column("province", Text, nullable=False),
    Column("price_series", Text, nullable=False),
    Column("delivery_on", Date, nullable=False),
    *_quantile(),
    *_slots(Integer),
    PrimaryKeyConstraint("forecast_run_id", "delivery_on", "quantile", "price_series"),
    Index("ix_price_day_delivery_on", "delivery_on"),
    comment="Price per slot in 0.001 yuan/MWh; may be negative.",
)

cost_day = Table(
    "cost_day",
    METADATA,
    _run_id(),
    Column("province", Text, nullable=False),
    Column("delivery_on", Date, nullable=False),
    *_quantile(),
    *_slots(BigInteger),
    Column("total_cny", Numeric(16, 2), nullable=False),
    PrimaryKeyConstraint("forecast_run_id", "delivery_on", "quantile"),
    Index("ix_cost_day_delivery_on", "delivery_on"),
    comment=(
        "Cost of the open position per slot in 0.0001 yuan (may be negative); total_cny is the same "
        "quantile of the whole day's purchase cost, medium/long-term cost included, in yuan. "
        "Quantiles do not add."
    ),
)

score = Table(
    "score",
    METADATA,
    Column("score_id", BigInteger, Identity(always=True), primary_key=True),
    _run_id(),
    Column("kind", Text, CheckConstraint(_one_of("kind", RUN_KINDS), name="kind"), nullable=False),
    Column("delivery_on", Date, nullable=True),
    Column("metric", Text, nullable=False),
    Column("model_value", Numeric(24, 9), nullable=False),
    Column("naive_value", Numeric(24, 9), nullable=True),
    Column("formula", Text, nullable=False),
    UniqueConstraint(
        "forecast_run_id",
        "kind",
        "delivery_on",
        "metric",
        name="uq_score_metric",
        postgresql_nulls_not_distinct=True,
    ),
    comment=(
        "One metric of a backtest for the model and for the same-weekday naive; "
        "delivery_on NULL = whole window."
    ),
)
