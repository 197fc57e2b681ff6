"""Forecasts, backtests and scores, append-only."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from orchestration.migrations.columns import curve

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create schema forecast")
    op.create_table(
        "run",
        sa.Column("forecast_run_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("model_params", postgresql.JSONB(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("delivery_on", sa.Date(), nullable=False),
        sa.Column("gate_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("input_digest", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("forecast_run_id", name=op.f("pk_run")),
        sa.UniqueConstraint(
            "kind", "model", "province", "delivery_on", "gate_at", "input_digest", name="uq_run_identity"
        ),
        schema="forecast",
        comment="One forecast or backtest: its model, its gate, and the digest of all it could know.",
    )
    op.create_index(
        "ix_run_delivery",
        "run",
        ["province", "delivery_on", "kind", "gate_at"],
        unique=False,
        schema="forecast",
    )
    op.create_table(
        "cost_day",
        sa.Column("forecast_run_id", sa.BigInteger(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("delivery_on", sa.Date(), nullable=False),
        sa.Column("quantile", sa.SmallInteger(), nullable=False),
        *curve("p", sa.BigInteger(), nullable=False),
        sa.Column("total_cny", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.CheckConstraint("quantile in (10, 50, 90)", name=op.f("ck_cost_day_quantile")),
        sa.ForeignKeyConstraint(
            ["forecast_run_id"], ["forecast.run.forecast_run_id"], name=op.f("fk_cost_day_forecast_run_id")
        ),
        sa.PrimaryKeyConstraint("forecast_run_id", "delivery_on", "quantile", name=op.f("pk_cost_day")),
        schema="forecast",
        comment="Cost of the open position per slot in 0.0001 yuan (may be negative); total_cny is the same quantile of the whole day's purchase cost, medium/long-term cost included, in yuan. Quantiles do not add.",
    )
    op.create_index("ix_cost_day_delivery_on", "cost_day", ["delivery_on"], unique=False, schema="forecast")
    op.create_table(
        "load_day",
        sa.Column("forecast_run_id", sa.BigInteger(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("delivery_on", sa.Date(), nullable=False),
        sa.Column("quantile", sa.SmallInteger(), nullable=False),
        *curve("p", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantile in (10, 50, 90)", name=op.f("ck_load_day_quantile")),
        sa.ForeignKeyConstraint(
            ["forecast_run_id"], ["forecast.run.forecast_run_id"], name=op.f("fk_load_day_forecast_run_id")
        ),
        sa.PrimaryKeyConstraint("forecast_run_id", "delivery_on", "quantile", name=op.f("pk_load_day")),
        schema="forecast",
        comment="Portfolio load, net Wh per 15-minute slot.",
    )
    op.create_index("ix_load_day_delivery_on", "load_day", ["delivery_on"], unique=False, schema="forecast")
    op.create_table(
        "price_day",
        sa.Column("forecast_run_id", sa.BigInteger(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("price_series", sa.Text(), nullable=False),
        sa.Column("delivery_on", sa.Date(), nullable=False),
        sa.Column("quantile", sa.SmallInteger(), nullable=False),
        *curve("p", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantile in (10, 50, 90)", name=op.f("ck_price_day_quantile")),
        sa.ForeignKeyConstraint(
            ["forecast_run_id"], ["forecast.run.forecast_run_id"], name=op.f("fk_price_day_forecast_run_id")
        ),
        sa.PrimaryKeyConstraint(
            "forecast_run_id", "delivery_on", "quantile", "price_series", name=op.f("pk_price_day")
        ),
        schema="forecast",
        comment="Price per slot in 0.001 yuan/MWh; may be negative.",
    )
    op.create_index("ix_price_day_delivery_on", "price_day", ["delivery_on"], unique=False, schema="forecast")
    op.create_table(
        "score",
        sa.Column("score_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("forecast_run_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("delivery_on", sa.Date(), nullable=True),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("model_value", sa.Numeric(precision=24, scale=9), nullable=False),
        sa.Column("naive_value", sa.Numeric(precision=24, scale=9), nullable=True),
        sa.Column("formula", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["forecast_run_id"], ["forecast.run.forecast_run_id"], name=op.f("fk_score_forecast_run_id")
        ),
        sa.PrimaryKeyConstraint("score_id", name=op.f("pk_score")),
        sa.UniqueConstraint(
            "forecast_run_id",
            "kind",
            "delivery_on",
            "metric",
            name="uq_score_metric",
            postgresql_nulls_not_distinct=True,
        ),
        schema="forecast",
        comment="One metric of a backtest for the model and for the same-weekday naive; delivery_on NULL = whole window.",
    )
