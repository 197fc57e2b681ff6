"""Live readings and maximum demand beside the freezes; the kind belongs to a reading's key."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("pk_register_reading", "register_reading", type_="primary", schema="landing")
    op.create_primary_key(
        op.f("pk_register_reading"),
        "register_reading",
        ["metering_point_id", "channel", "kind", "read_at", "version"],
        schema="landing",
    )
    op.drop_constraint(op.f("ck_register_reading_kind"), "register_reading", type_="check", schema="landing")
    op.create_check_constraint(
        op.f("ck_register_reading_kind"),
        "register_reading",
        "kind in ('monthly_freeze', 'daily_freeze', 'live')",
        schema="landing",
    )
    op.alter_column(
        "register_reading", "kind", comment="a freeze of the meter, or a live reading", schema="landing"
    )
    op.alter_column("register_reading", "register_kwh", nullable=True, schema="landing")
    op.add_column(
        "register_reading",
        sa.Column(
            "max_demand_kw",
            sa.Numeric(precision=12, scale=4),
            nullable=True,
            comment="maximum demand that the meter shows at read_at, before CT and PT ratio",
        ),
        schema="landing",
    )
    op.add_column(
        "register_reading",
        sa.Column(
            "max_demand_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="moment at which the maximum demand occurred",
        ),
        schema="landing",
    )
    op.create_check_constraint(
        op.f("ck_register_reading_register_kwh_or_max_demand_kw"),
        "register_reading",
        "num_nonnulls(register_kwh, max_demand_kw) > 0",
        schema="landing",
    )
    op.create_index(
        "ix_register_reading_live",
        "register_reading",
        ["read_at", "batch_id"],
        schema="landing",
        postgresql_where=sa.text("kind = 'live'"),
    )
    op.create_index(
        "ix_register_reading_freeze",
        "register_reading",
        ["batch_id"],
        schema="landing",
        postgresql_where=sa.text("kind <> 'live'"),
    )
    op.create_table_comment(
        "register_reading",
        "Register readings and maximum demand per metering point, channel, kind and moment, "
        "meter (secondary) side: live readings, daily and monthly freezes",
        schema="landing",
    )
