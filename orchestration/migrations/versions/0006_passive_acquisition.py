"""Monthly totals, production plans, customer KPIs, and what the rows of a shaped batch became."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("shaped_batch", "month_energy", "production_plan", "customer_kpi")
KWH = (
    "energy * case unit when 'kWh' then 1 when 'MWh' then 1000 when '万kWh' then 10000 "
    "when '亿kWh' then 100000000 end"
)
CHANNELS = "'active_import', 'active_export', 'reactive_import', 'reactive_export'"
PERIODS = "'all', 'sharp', 'peak', 'flat', 'valley', 'deep_valley'"


def landed(table: str, key: tuple[str, ...]) -> list[sa.Column[Any] | sa.Constraint]:
    """What every landing table ends with."""
    return [
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.ForeignKeyConstraint(["batch_id"], ["landing.batch.batch_id"], name=op.f(f"fk_{table}_batch_id")),
        sa.PrimaryKeyConstraint(*key, "version", name=op.f(f"pk_{table}")),
    ]


def choice(table: str, column: str, words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} in ({words})", name=op.f(f"ck_{table}_{column}"))


def month_energy() -> None:
    op.create_table(
        "month_energy",
        sa.Column("subject_type", sa.Text(), nullable=False, comment="what the total is of"),
        sa.Column(
            "subject_id", sa.Text(), nullable=False, comment="metering point or account as in its feed"
        ),
        sa.Column(
            "channel",
            sa.Text(),
            nullable=False,
            comment="what was counted; for reactive channels the unit kWh stands for kvarh",
        ),
        sa.Column("delivery_month", sa.Date(), nullable=False, comment="delivery month"),
        sa.Column("period", sa.Text(), nullable=False, comment="time-of-use period; blank = the whole month"),
        sa.Column("energy", sa.Numeric(18, 6), nullable=False, comment="total in the unit beside it"),
        sa.Column("unit", sa.Text(), nullable=False, comment="unit of the total; 1 万kWh = 10 MWh"),
        sa.Column(
            "energy_kwh",
            sa.Numeric(28, 6),
            sa.Computed(KWH, persisted=True),
            comment="the same total in kWh, exact",
        ),
        *landed("month_energy", ("subject_type", "subject_id", "channel", "delivery_month", "period")),
        choice("month_energy", "subject_type", "'metering_point', 'account'"),
        choice("month_energy", "channel", CHANNELS),
        choice("month_energy", "period", PERIODS),
        choice("month_energy", "unit", "'kWh', 'MWh', '万kWh', '亿kWh'"),
        schema="landing",
        comment="Monthly energy totals per metering point or account, channel and period, unit as delivered",
    )


def production_plan() -> None:
    op.create_table(
        "production_plan",
        sa.Column("subject_type", sa.Text(), nullable=False, comment="whose plan it is"),
        sa.Column("subject_id", sa.Text(), nullable=False, comment="customer or account as in its feed"),
        sa.Column("plan_on", sa.Date(), nullable=False, comment="planned day, UTC+8"),
        sa.Column(
            "shift",
            sa.Text(),
            nullable=False,
            comment="name of the shift; blank = the whole day. A day has either shifts or one whole-day record",
        ),
        sa.Column(
            "planned_output", sa.Numeric(18, 3), nullable=True, comment="planned output; blank = not known"
        ),
        sa.Column("output_unit", sa.Text(), nullable=True, comment="unit of the output, e.g. t"),
        sa.Column("planned_stop", sa.Text(), nullable=False, comment="yes = production stops in this shift"),
        sa.Column(
            "expected_energy_kwh",
            sa.Numeric(18, 3),
            nullable=True,
            comment="energy the customer expects to use; blank = not known",
        ),
        *landed("production_plan", ("subject_type", "subject_id", "plan_on", "shift")),
        choice("production_plan", "subject_type", "'customer', 'account'"),
        choice("production_plan", "planned_stop", "'yes', 'no'"),
        schema="landing",
        comment="Production plans per customer or account, day and shift",
    )


def customer_kpi() -> None:
    op.create_table(
        "customer_kpi",
        sa.Column("customer_id", sa.Text(), nullable=False, comment="customer as in feed customer"),
        sa.Column("kpi_month", sa.Date(), nullable=False, comment="month of the figure"),
        sa.Column(
            "kpi_code",
            sa.Text(),
            nullable=False,
            comment="short name of the figure, the same every month, e.g. output or unit_consumption",
        ),
        sa.Column("value", sa.Numeric(20, 6), nullable=False, comment="the figure"),
        sa.Column("unit", sa.Text(), nullable=False, comment="its unit, e.g. t or kWh/t"),
        *landed("customer_kpi", ("customer_id", "kpi_month", "kpi_code")),
        schema="landing",
        comment="Key figures per customer and month, each with its unit",
    )


def upgrade() -> None:
    month_energy()
    production_plan()
    customer_kpi()
    for table in TABLES[1:]:
        op.create_index(op.f(f"ix_{table}_batch_id"), table, ["batch_id"], schema="landing")
    op.create_table(
        "shaped_batch",
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("records_landed", sa.Integer(), nullable=False, comment="rows of the landing table"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_shaped_batch_batch_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_shaped_batch")),
        schema="landing",
        comment="Batches whose landed rows are the source's own: how many landing records they made",
    )
    for table in TABLES:
        op.execute(f"grant select, insert on landing.{table} to wl_ingest")
        op.execute(f"grant select on landing.{table} to wl_transform, wl_ledger")
        op.execute(
            f"create trigger append_only before update or delete or truncate on landing.{table}"
            " for each statement execute function ops.refuse_change()"
        )
