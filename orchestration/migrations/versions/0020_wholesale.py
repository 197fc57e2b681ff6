"""Wholesale settlement: suspended spot, announced numbers, market items; bands and recoveries of rule packs."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0022"
branch_labels = None
depends_on = None

FEEDS = ("spot_suspension", "market_parameter", "market_item")
LISTS = ("deviation_band", "recovery_rule", "recovery_band")
SERIES = "ck_market_price_day_price_series"


def market_item() -> None:
    op.create_table(
        "market_item",
        sa.Column(
            "province", sa.Text(), nullable=False, comment="province code in lower case, e.g. shandong"
        ),
        sa.Column(
            "delivery_month", sa.Date(), nullable=False, comment="delivery month that the item belongs to"
        ),
        sa.Column(
            "item_kind",
            sa.Text(),
            nullable=False,
            comment="what the item is; recovery_return = recovered money paid out again",
        ),
        sa.Column(
            "item_code",
            sa.Text(),
            nullable=False,
            comment="code of the item in lower case, e.g. running_cost",
        ),
        sa.Column(
            "payee",
            sa.Text(),
            nullable=False,
            comment="to whom returned money is paid, in lower case; blank = the retailer",
        ),
        sa.Column("item_name", sa.Text(), nullable=True, comment="name as the trading centre prints it"),
        sa.Column(
            "direction", sa.Text(), nullable=False, comment="pay: the retailer pays; receive: it receives"
        ),
        sa.Column(
            "quantity_mwh",
            sa.Numeric(precision=16, scale=3),
            nullable=True,
            comment="quantity, where the item has one",
        ),
        sa.Column(
            "price_cny_per_mwh",
            sa.Numeric(precision=12, scale=3),
            nullable=True,
            comment="price, where the item has one",
        ),
        sa.Column(
            "amount_cny",
            sa.Numeric(precision=16, scale=2),
            nullable=True,
            comment="amount with VAT; blank = quantity times price",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint("direction in ('pay', 'receive')", name=op.f("ck_market_item_direction")),
        sa.CheckConstraint(
            "item_kind in ('operation', 'ancillary', 'fund', 'adjustment', 'recovery_return')",
            name=op.f("ck_market_item_item_kind"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(price_cny_per_mwh, amount_cny) > 0",
            name=op.f("ck_market_item_price_cny_per_mwh_or_amount_cny"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_market_item_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "province",
            "delivery_month",
            "item_kind",
            "item_code",
            "payee",
            "version",
            name=op.f("pk_market_item"),
        ),
        schema="landing",
        comment="Operation, ancillary and fund items of a month, one by one",
    )
    op.create_index(op.f("ix_market_item_batch_id"), "market_item", ["batch_id"], schema="landing")


def market_parameter() -> None:
    op.create_table(
        "market_parameter",
        sa.Column(
            "province", sa.Text(), nullable=False, comment="province code in lower case, e.g. shandong"
        ),
        sa.Column("delivery_month", sa.Date(), nullable=False, comment="delivery month"),
        sa.Column(
            "parameter",
            sa.Text(),
            nullable=False,
            comment="name of the number, e.g. user_mlt_excess.upper_rate, mlt_market_mean",
        ),
        sa.Column(
            "value",
            sa.Numeric(precision=18, scale=6),
            nullable=False,
            comment="rates as a share of one, prices in yuan/MWh with VAT",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_market_parameter_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "province", "delivery_month", "parameter", "version", name=op.f("pk_market_parameter")
        ),
        schema="landing",
        comment="Numbers announced for a province's delivery month",
    )
    op.create_index(op.f("ix_market_parameter_batch_id"), "market_parameter", ["batch_id"], schema="landing")


def spot_suspension() -> None:
    op.create_table(
        "spot_suspension",
        sa.Column("province", sa.Text(), nullable=False, comment="province code in lower case, e.g. anhui"),
        sa.Column("delivery_on", sa.Date(), nullable=False, comment="delivery day, UTC+8"),
        sa.Column(
            "is_suspended", sa.Text(), nullable=False, comment="yes = suspended; no takes an earlier yes back"
        ),
        sa.Column(
            "first_hour", sa.Integer(), nullable=False, comment="first suspended hour, by its end; blank = 1"
        ),
        sa.Column(
            "last_hour", sa.Integer(), nullable=False, comment="last suspended hour, by its end; blank = 24"
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="why, as announced"),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint("is_suspended in ('yes', 'no')", name=op.f("ck_spot_suspension_is_suspended")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_spot_suspension_batch_id")
        ),
        sa.PrimaryKeyConstraint("province", "delivery_on", "version", name=op.f("pk_spot_suspension")),
        schema="landing",
        comment="Hours of a delivery day in which the spot market was suspended",
    )
    op.create_index(op.f("ix_spot_suspension_batch_id"), "spot_suspension", ["batch_id"], schema="landing")


def deviation_band() -> None:
    op.create_table(
        "deviation_band",
        sa.Column("pack_hash", sa.Text(), nullable=False),
        sa.Column(
            "direction", sa.Text(), nullable=False, comment="over: used more than contracted; under: less"
        ),
        sa.Column(
            "step", sa.SmallInteger(), nullable=False, comment="1, 2, ... from the contract energy outwards"
        ),
        sa.Column(
            "from_rate",
            sa.Numeric(precision=7, scale=4),
            nullable=False,
            comment="begins at this share of the contract energy",
        ),
        sa.Column(
            "to_rate",
            sa.Numeric(precision=7, scale=4),
            nullable=True,
            comment="where the next step begins; NULL = it does not end",
        ),
        sa.Column(
            "price_cny_per_mwh",
            sa.Numeric(precision=12, scale=3),
            nullable=True,
            comment="NULL = announced per month",
        ),
        sa.CheckConstraint("direction in ('over', 'under')", name=op.f("ck_deviation_band_direction")),
        sa.ForeignKeyConstraint(
            ["pack_hash"], ["reference.rule_pack.pack_hash"], name=op.f("fk_deviation_band_pack_hash")
        ),
        sa.PrimaryKeyConstraint("pack_hash", "direction", "step", name=op.f("pk_deviation_band")),
        schema="reference",
        comment="What the deviation of a monthly balance costs, by direction and step",
    )


def recovery_rule() -> None:
    op.create_table(
        "recovery_rule",
        sa.Column("pack_hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=True),
        sa.Column(
            "quantity",
            sa.Text(),
            nullable=True,
            comment="what is held against the use: mlt contracts, or the declared day-ahead",
        ),
        sa.Column("direction", sa.Text(), nullable=True),
        sa.Column("price_a", sa.Text(), nullable=True),
        sa.Column("price_b", sa.Text(), nullable=True),
        sa.Column(
            "price_a_factor",
            sa.Numeric(precision=12, scale=6),
            nullable=True,
            comment="NULL = 1, or announced",
        ),
        sa.Column(
            "coefficient", sa.Numeric(precision=12, scale=6), nullable=True, comment="NULL = 1, or announced"
        ),
        sa.Column(
            "aggregate",
            sa.Text(),
            nullable=True,
            comment="within which signed periods add up; NULL = each for itself",
        ),
        sa.Column("sign_rule", sa.Text(), nullable=True),
        sa.Column(
            "net_group", sa.Text(), nullable=True, comment="kinds that add up together; NULL = the kind alone"
        ),
        sa.Column(
            "price_places",
            sa.SmallInteger(),
            nullable=True,
            comment="decimals of the price difference; NULL = not rounded",
        ),
        sa.Column(
            "payees", sa.ARRAY(sa.Text()), nullable=True, comment="to whom the recovered money is returned"
        ),
        sa.Column(
            "announced", sa.ARRAY(sa.Text()), nullable=False, comment="numbers that are announced per month"
        ),
        sa.CheckConstraint(
            "aggregate in ('period', 'day', 'month')", name=op.f("ck_recovery_rule_aggregate")
        ),
        sa.CheckConstraint("direction in ('over', 'under')", name=op.f("ck_recovery_rule_direction")),
        sa.CheckConstraint(
            "period in ('slot', 'hour', 'day', 'month')", name=op.f("ck_recovery_rule_period")
        ),
        sa.CheckConstraint(
            "price_a in ('mlt_own_mean', 'mlt_market_mean', 'mlt_reference', 'da_unified', 'da_mean', 'rt_unified', 'rt_mean')",
            name=op.f("ck_recovery_rule_price_a"),
        ),
        sa.CheckConstraint(
            "price_b in ('mlt_own_mean', 'mlt_market_mean', 'mlt_reference', 'da_unified', 'da_mean', 'rt_unified', 'rt_mean')",
            name=op.f("ck_recovery_rule_price_b"),
        ),
        sa.CheckConstraint("quantity in ('mlt', 'declared')", name=op.f("ck_recovery_rule_quantity")),
        sa.CheckConstraint(
            "sign_rule in ('positive_part', 'net_if_positive')", name=op.f("ck_recovery_rule_sign_rule")
        ),
        sa.ForeignKeyConstraint(
            ["pack_hash"], ["reference.rule_pack.pack_hash"], name=op.f("fk_recovery_rule_pack_hash")
        ),
        sa.PrimaryKeyConstraint("pack_hash", "kind", name=op.f("pk_recovery_rule")),
        schema="reference",
        comment="Recoveries of deviation revenue that a pack has in force (domain §4.3)",
    )


def recovery_band() -> None:
    op.create_table(
        "recovery_band",
        sa.Column("pack_hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("delivery_month", sa.SmallInteger(), nullable=False, comment="month of the year, 1 to 12"),
        sa.Column("hour", sa.SmallInteger(), nullable=False, comment="hour by its end, 1 to 24"),
        sa.Column(
            "band_rate",
            sa.Numeric(precision=12, scale=6),
            nullable=False,
            comment="share of the use that bounds what is free",
        ),
        sa.ForeignKeyConstraint(
            ["pack_hash", "kind"],
            ["reference.recovery_rule.pack_hash", "reference.recovery_rule.kind"],
            name=op.f("fk_recovery_band_pack_hash"),
        ),
        sa.PrimaryKeyConstraint("pack_hash", "kind", "delivery_month", "hour", name=op.f("pk_recovery_band")),
        schema="reference",
        comment="Bounds of a recovery per month of the year and hour, where the pack knows them",
    )


def rule_pack() -> None:
    """New columns; packs that were loaded before say in their body what they hold."""
    columns: tuple[sa.Column[Any], ...] = (
        sa.Column(
            "granularity",
            sa.SmallInteger(),
            nullable=True,
            comment="24: settled by the hour, 96: by the quarter hour",
        ),
        sa.Column("month_end_meter_difference", sa.Text(), nullable=True),
        sa.Column(
            "suspended_price",
            sa.Text(),
            nullable=True,
            comment="what deviation settles at while spot is suspended",
        ),
        sa.Column(
            "balance_energy_price", sa.Text(), nullable=True, comment="price of a monthly balance's deviation"
        ),
        sa.Column(
            "deviation_bands",
            sa.SmallInteger(),
            nullable=True,
            comment="steps in deviation_band; NULL = the pack does not say",
        ),
        sa.Column(
            "required_items",
            sa.ARRAY(sa.Text()),
            nullable=True,
            comment="market items without which no month settles",
        ),
    )
    for column in columns:
        op.add_column("rule_pack", column, schema="reference")
    op.execute(
        "update reference.rule_pack set"
        " granularity = cast(body #>> '{settlement,granularity,value}' as smallint),"
        " month_end_meter_difference = body #>> '{settlement,month_end_meter_difference,value}',"
        " suspended_price = body #>> '{settlement,suspended_price,value}'"
    )
    for name, rule in (
        ("month_end_meter_difference", "month_end_meter_difference in ('priced_line', 'levelled')"),
        ("suspended_price", "suspended_price in ('mlt_period_mean', 'agency_tou')"),
        ("balance_energy_price", "balance_energy_price in ('mlt_own_mean', 'announced')"),
        ("granularity", "granularity in (24, 96)"),
    ):
        op.create_check_constraint(op.f(f"ck_rule_pack_{name}"), "rule_pack", rule, schema="reference")


def market_price_day() -> None:
    op.drop_constraint(op.f(SERIES), "market_price_day", schema="landing")
    op.create_check_constraint(
        op.f(SERIES),
        "market_price_day",
        "price_series in ('da_unified', 'rt_unified', 'node', 'mlt_market_mean')",
        schema="landing",
    )
    op.alter_column(
        "market_price_day",
        "price_series",
        existing_type=sa.Text(),
        existing_nullable=False,
        comment="unified price, day-ahead or real-time; price of the own node; market mean of contracts",
        schema="landing",
    )


def upgrade() -> None:
    spot_suspension()
    market_parameter()
    market_item()
    rule_pack()
    deviation_band()
    recovery_rule()
    recovery_band()
    market_price_day()
    for feed in FEEDS:
        op.execute(f"grant select, insert on landing.{feed} to wl_ingest")
        op.execute(f"grant select on landing.{feed} to wl_transform, wl_ledger")
        op.execute(
            f"create trigger append_only before update or delete or truncate on landing.{feed}"
            " for each statement execute function ops.refuse_change()"
        )
    for table in LISTS:
        op.execute(f"grant select, insert, update, delete on reference.{table} to wl_ingest")
        op.execute(f"grant select on reference.{table} to wl_transform, wl_ledger")
