"""Conditional time of use: what a pack says per day, and whether its condition held."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def landing() -> None:
    op.create_table(
        "tou_condition_day",
        sa.Column(
            "province", sa.Text(), nullable=False, comment="province code in lower case, e.g. guangdong"
        ),
        sa.Column("delivery_on", sa.Date(), nullable=False, comment="delivery day, UTC+8"),
        sa.Column(
            "condition_code",
            sa.Text(),
            nullable=False,
            comment="code of the condition in the rule pack, e.g. hot_day (wattledger rules show)",
        ),
        sa.Column(
            "holds",
            sa.Text(),
            nullable=False,
            comment="yes = the condition held on that day, so that its periods applied",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint("holds in ('yes', 'no')", name=op.f("ck_tou_condition_day_holds")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_tou_condition_day_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "province", "delivery_on", "condition_code", "version", name=op.f("pk_tou_condition_day")
        ),
        schema="landing",
        comment="Whether a condition of the time of use held on a delivery day",
    )
    op.create_index(
        op.f("ix_tou_condition_day_batch_id"), "tou_condition_day", ["batch_id"], schema="landing"
    )


def reference() -> None:
    op.create_table(
        "tou_conditional_day",
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("delivery_on", sa.Date(), nullable=False),
        sa.Column("condition_code", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column(
            "decided_by",
            sa.Text(),
            nullable=False,
            comment="feed: landing.tou_condition_day says so; calendar: public holidays; always: every day",
        ),
        sa.Column(
            "schedule_id",
            sa.Text(),
            nullable=False,
            comment="the schedule of the day when the condition holds",
        ),
        sa.Column(
            "tariff_class",
            sa.Text(),
            nullable=True,
            comment="only accounts of this class; NULL = every class",
        ),
        sa.Column(
            "min_capacity_kva",
            sa.Integer(),
            nullable=True,
            comment="only accounts from this capacity on; NULL = every capacity",
        ),
        sa.Column(
            "holidays",
            sa.Text(),
            nullable=True,
            comment="holidays on which a calendar condition holds, separated by commas; all = each",
        ),
        sa.Column(
            "min_holiday_days",
            sa.Integer(),
            nullable=True,
            comment="only holidays of at least this many days",
        ),
        sa.Column("is_on_weekends", sa.Boolean(), nullable=False),
        sa.Column("pack_hash", sa.Text(), nullable=False),
        sa.Column("is_illustrative", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "decided_by in ('feed', 'calendar', 'always')", name=op.f("ck_tou_conditional_day_decided_by")
        ),
        sa.CheckConstraint(
            "tariff_class in ('single', 'two_part')", name=op.f("ck_tou_conditional_day_tariff_class")
        ),
        sa.ForeignKeyConstraint(
            ["pack_hash"],
            ["reference.rule_pack.pack_hash"],
            name=op.f("fk_tou_conditional_day_pack_hash"),
        ),
        sa.PrimaryKeyConstraint("province", "delivery_on", name=op.f("pk_tou_conditional_day")),
        schema="reference",
        comment="A schedule that takes the place of the day's when a condition holds, for some accounts or all",
    )


def upgrade() -> None:
    landing()
    reference()
    op.execute("grant select, insert on landing.tou_condition_day to wl_ingest")
    op.execute("grant select on landing.tou_condition_day to wl_transform, wl_ledger")
    op.execute("grant select, insert, update, delete on reference.tou_conditional_day to wl_ingest")
    op.execute("grant select on reference.tou_conditional_day to wl_transform, wl_ledger")
    op.execute(
        "create trigger append_only before update or delete or truncate on landing.tou_condition_day"
        " for each statement execute function ops.refuse_change()"
    )
