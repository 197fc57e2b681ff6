"""The grid bill: the monthly price table, printed period prices, declared demand, an account's metered side."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

FEEDS = ("agency_tariff", "agency_period_price", "declared_demand")


def agency_tariff() -> None:
    op.create_table(
        "agency_tariff",
        sa.Column(
            "province", sa.Text(), nullable=False, comment="province code in lower case, e.g. shandong"
        ),
        sa.Column("delivery_month", sa.Date(), nullable=False, comment="month of use that the table is for"),
        sa.Column(
            "component",
            sa.Text(),
            nullable=False,
            comment="part of the bill; system_operation = an item of it that is none of the four named ones",
        ),
        sa.Column(
            "item",
            sa.Text(),
            nullable=False,
            comment="name of the item, where the component has several, e.g. renewable_difference; blank = all of it",
        ),
        sa.Column(
            "price_cny_per_kwh",
            sa.Numeric(12, 6),
            nullable=False,
            comment="price, VAT included; negative where money is given back",
        ),
        sa.Column("document", sa.Text(), nullable=False, comment="title or number of the publication"),
        sa.Column("published_on", sa.Date(), nullable=True, comment="day of publication"),
        sa.Column(
            "basis",
            sa.Text(),
            nullable=False,
            comment="published by the grid company, or illustrative = a stand-in, marked on every bill that uses it",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint("basis in ('published', 'illustrative')", name=op.f("ck_agency_tariff_basis")),
        sa.CheckConstraint(
            "component in ('energy', 'line_loss', 'capacity_compensation', 'pumped_storage', 'coal_capacity', 'ancillary', 'system_operation', 'funds')",
            name=op.f("ck_agency_tariff_component"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_agency_tariff_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "province", "delivery_month", "component", "item", "version", name=op.f("pk_agency_tariff")
        ),
        schema="landing",
        comment="Monthly price table of the grid company's agency purchase, item by item, VAT included",
    )
    op.create_index(op.f("ix_agency_tariff_batch_id"), "agency_tariff", ["batch_id"], schema="landing")


def agency_period_price() -> None:
    op.create_table(
        "agency_period_price",
        sa.Column("province", sa.Text(), nullable=False, comment="province code in lower case, e.g. hubei"),
        sa.Column("delivery_month", sa.Date(), nullable=False, comment="month of use that the table is for"),
        sa.Column("tariff_class", sa.Text(), nullable=False, comment="tariff class of the price table"),
        sa.Column(
            "voltage",
            sa.Text(),
            nullable=False,
            comment="voltage band, written as in the rule pack's price table",
        ),
        sa.Column("tou_period", sa.Text(), nullable=False, comment="period"),
        sa.Column(
            "price_cny_per_kwh",
            sa.Numeric(12, 6),
            nullable=False,
            comment="whole energy price, VAT and funds included",
        ),
        sa.Column("document", sa.Text(), nullable=False, comment="title or number of the publication"),
        sa.Column("published_on", sa.Date(), nullable=True, comment="day of publication"),
        sa.Column(
            "basis",
            sa.Text(),
            nullable=False,
            comment="published by the grid company, or illustrative = a stand-in, marked on every bill that uses it",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(
            "basis in ('published', 'illustrative')", name=op.f("ck_agency_period_price_basis")
        ),
        sa.CheckConstraint(
            "tariff_class in ('single', 'two_part', 'class_1', 'class_2', 'class_3')",
            name=op.f("ck_agency_period_price_tariff_class"),
        ),
        sa.CheckConstraint(
            "tou_period in ('sharp', 'peak', 'flat', 'valley', 'deep_valley')",
            name=op.f("ck_agency_period_price_tou_period"),
        ),
        sa.CheckConstraint(
            "voltage in ('<1kV', '1-10(20)kV', '10kV', '20kV', '35kV', '35-110kV', '66-110kV', '110(66)kV', '110kV', '>=220kV')",
            name=op.f("ck_agency_period_price_voltage"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_agency_period_price_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "province",
            "delivery_month",
            "tariff_class",
            "voltage",
            "tou_period",
            "version",
            name=op.f("pk_agency_period_price"),
        ),
        schema="landing",
        comment="Printed time-of-use prices of the grid company, per class, voltage and period, VAT included",
    )
    op.create_index(
        op.f("ix_agency_period_price_batch_id"), "agency_period_price", ["batch_id"], schema="landing"
    )


def declared_demand() -> None:
    op.create_table(
        "declared_demand",
        sa.Column("account_id", sa.Text(), nullable=False, comment="account as in feed account"),
        sa.Column("delivery_month", sa.Date(), nullable=False, comment="month of the bill"),
        sa.Column(
            "charge_basis",
            sa.Text(),
            nullable=False,
            comment="demand = by declared demand, capacity = by transformer capacity",
        ),
        sa.Column(
            "declared_kw",
            sa.Numeric(12, 3),
            nullable=True,
            comment="maximum demand declared (合同最大需量); needed when billed by demand",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(
            "charge_basis in ('demand', 'capacity')", name=op.f("ck_declared_demand_charge_basis")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_declared_demand_batch_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "delivery_month", "version", name=op.f("pk_declared_demand")),
        schema="landing",
        comment="Basis of the basic charge per account and month, and the demand declared",
    )
    op.create_index(op.f("ix_declared_demand_batch_id"), "declared_demand", ["batch_id"], schema="landing")


def add_metered_side() -> None:
    op.add_column(
        "account",
        sa.Column(
            "metered_side",
            sa.Text(),
            comment="side of the transformer that is metered; needed where the price table tells them apart",
        ),
        schema="landing",
    )
    op.create_check_constraint(
        op.f("ck_account_metered_side"), "account", "metered_side in ('high', 'low')", schema="landing"
    )


def upgrade() -> None:
    agency_tariff()
    agency_period_price()
    declared_demand()
    add_metered_side()
    for feed in FEEDS:
        op.execute(f"grant select, insert on landing.{feed} to wl_ingest")
        op.execute(f"grant select on landing.{feed} to wl_transform, wl_ledger")
        op.execute(
            f"create trigger append_only before update or delete or truncate on landing.{feed}"
            " for each statement execute function ops.refuse_change()"
        )


def downgrade() -> None:
    op.drop_column("account", "metered_side", schema="landing")
    for feed in FEEDS:
        op.drop_table(feed, schema="landing")
