"""Verdicts of validation, whole-day flags, edited meter-days, and which point is a sub-point of which."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

VERDICT = "meter_day_verdict"


def upgrade() -> None:
    op.drop_constraint(op.f("ck_meter_day_quality"), "meter_day", schema="landing", type_="check")
    op.create_check_constraint(
        op.f("ck_meter_day_quality"),
        "meter_day",
        "quality in ('metered', 'estimated', 'edited')",
        schema="landing",
    )
    op.drop_constraint(op.f("ck_meter_slot_flag_slot"), "meter_slot_flag", schema="landing", type_="check")
    op.create_check_constraint(
        op.f("ck_meter_slot_flag_slot"), "meter_slot_flag", "slot between 0 and 96", schema="landing"
    )
    op.alter_column("meter_slot_flag", "slot", comment="1 to 96; 0 = the whole day", schema="landing")
    op.create_index(op.f("ix_meter_slot_flag_batch_id"), "meter_slot_flag", ["batch_id"], schema="landing")
    op.add_column(
        "metering_point",
        sa.Column(
            "main_point_id",
            sa.Text(),
            comment="main metering point (总表) that this point is a sub-point of",
        ),
        schema="landing",
    )
    op.create_table(
        VERDICT,
        sa.Column("metering_point_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("delivery_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Text(),
            nullable=False,
            comment="of two verdicts on a version the later batch holds",
        ),
        sa.Column(
            "rule_codes", sa.Text(), nullable=False, comment="the rules that decided it, comma-separated"
        ),
        sa.Column("decided_by", sa.Text(), nullable=False, comment="vee, or the person who withdrew an edit"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("verdict in ('valid', 'failed', 'withdrawn')", name=op.f(f"ck_{VERDICT}_verdict")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f(f"fk_{VERDICT}_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "metering_point_id", "channel", "delivery_on", "version", "batch_id", name=op.f(f"pk_{VERDICT}")
        ),
        schema="landing",
        comment="Sparse: what validation decided on a meter-day version; a version without one is valid",
    )
    op.create_index(op.f(f"ix_{VERDICT}_delivery_on"), VERDICT, ["delivery_on"], schema="landing")
    op.create_index(op.f(f"ix_{VERDICT}_batch_id"), VERDICT, ["batch_id"], schema="landing")
    op.execute(f"grant select, insert on landing.{VERDICT} to wl_ingest")
    op.execute(f"grant select on landing.{VERDICT} to wl_transform, wl_ledger")
    op.execute(
        f"create trigger append_only before update or delete or truncate on landing.{VERDICT}"
        " for each statement execute function ops.refuse_change()"
    )
