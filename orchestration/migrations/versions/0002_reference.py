"""Rule packs by delivery date."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create schema reference")
    op.create_table(
        "rule_pack",
        sa.Column("pack_hash", sa.Text(), nullable=False, comment="sha256 of the pack's canonical content"),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("pack_version", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column(
            "effective_to",
            sa.Date(),
            nullable=True,
            comment="last day of validity, inclusive; NULL = until replaced",
        ),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("settlement_form", sa.Text(), nullable=True),
        sa.Column("reference_point", sa.Text(), nullable=True),
        sa.Column("price_floor_cny_per_mwh", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("price_cap_cny_per_mwh", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.Column("vat_rate", sa.Numeric(precision=5, scale=4), nullable=True),
        sa.Column("mid_month_change", sa.Text(), nullable=True),
        sa.Column(
            "illustrative_items",
            sa.ARRAY(sa.Text()),
            nullable=False,
            comment="paths of values without a source",
        ),
        sa.Column(
            "body", postgresql.JSONB(), nullable=False, comment="the whole pack; decimals are JSON strings"
        ),
        sa.CheckConstraint(
            "mid_month_change in ('split_by_day', 'whole_month')", name=op.f("ck_rule_pack_mid_month_change")
        ),
        sa.CheckConstraint(
            "reference_point in ('da_unified', 'rt_unified', 'node')",
            name=op.f("ck_rule_pack_reference_point"),
        ),
        sa.CheckConstraint(
            "settlement_form in ('two_settlement', 'difference', 'monthly_balance')",
            name=op.f("ck_rule_pack_settlement_form"),
        ),
        sa.CheckConstraint("status in ('sourced', 'illustrative')", name=op.f("ck_rule_pack_status")),
        sa.CheckConstraint(
            "effective_to is null or effective_to >= effective_from",
            name=op.f("ck_rule_pack_effective_range"),
        ),
        sa.PrimaryKeyConstraint("pack_hash", name=op.f("pk_rule_pack")),
        schema="reference",
    )
    op.create_table(
        "tou_schedule_slot",
        sa.Column(
            "schedule_id", sa.Text(), nullable=False, comment="province-firstmonth-hash8 of the 96 periods"
        ),
        sa.Column(
            "slot", sa.SmallInteger(), nullable=False, comment="1 = 00:00-00:15 … 96 = 23:45-24:00, UTC+8"
        ),
        sa.Column("tou_period", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "tou_period in ('sharp', 'peak', 'flat', 'valley', 'deep_valley')",
            name=op.f("ck_tou_schedule_slot_tou_period"),
        ),
        sa.CheckConstraint("slot between 1 and 96", name=op.f("ck_tou_schedule_slot_slot")),
        sa.PrimaryKeyConstraint("schedule_id", "slot", name=op.f("pk_tou_schedule_slot")),
        schema="reference",
    )
    op.create_table(
        "pack_day",
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("delivery_on", sa.Date(), nullable=False),
        sa.Column("pack_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pack_hash"], ["reference.rule_pack.pack_hash"], name=op.f("fk_pack_day_pack_hash")
        ),
        sa.PrimaryKeyConstraint("province", "delivery_on", name=op.f("pk_pack_day")),
        schema="reference",
    )
    op.create_table(
        "tou_day",
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("delivery_on", sa.Date(), nullable=False),
        sa.Column("schedule_id", sa.Text(), nullable=False),
        sa.Column("pack_hash", sa.Text(), nullable=False),
        sa.Column("is_illustrative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pack_hash"], ["reference.rule_pack.pack_hash"], name=op.f("fk_tou_day_pack_hash")
        ),
        sa.PrimaryKeyConstraint("province", "delivery_on", name=op.f("pk_tou_day")),
        schema="reference",
    )
