"""Landing, quarantine and the batch ledger."""

import sqlalchemy as sa
from alembic import op

from orchestration.migrations.columns import curve, names

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create schema landing")
    op.execute("create schema quarantine")
    op.create_table(
        "batch",
        sa.Column("batch_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("batch_seq", sa.BigInteger(), nullable=False, comment="given under a lock, without gaps"),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column(
            "source",
            sa.Text(),
            nullable=False,
            comment="who delivered it, from the manifest, else drop_folder",
        ),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column(
            "sha256",
            sa.Text(),
            nullable=False,
            comment="of the file's bytes; of the cells for a workbook sheet",
        ),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False, comment="when the business knew"),
        sa.Column(
            "known_at_declared", sa.Boolean(), nullable=False, comment="true when a manifest stated known_at"
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("rows_delivered", sa.Integer(), nullable=False),
        sa.Column("rows_landed", sa.Integer(), nullable=False),
        sa.Column("rows_quarantined", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "rows_delivered = rows_landed + rows_quarantined", name=op.f("ck_batch_delivered")
        ),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_batch")),
        sa.UniqueConstraint("batch_seq", name=op.f("uq_batch_batch_seq")),
        sa.UniqueConstraint("feed", "sha256", name=op.f("uq_batch_feed_sha256")),
        schema="landing",
        comment="One row per delivery (a file, or one sheet of a workbook)",
    )
    op.create_table(
        "account",
        sa.Column(
            "account_id", sa.Text(), nullable=False, comment="account number of the grid company (户号)"
        ),
        sa.Column(
            "effective_from", sa.Date(), nullable=False, comment="first day on which this record holds"
        ),
        sa.Column("customer_id", sa.Text(), nullable=False, comment="customer as in feed customer"),
        sa.Column(
            "voltage_level",
            sa.Text(),
            nullable=False,
            comment="supply voltage as on the grid bill, e.g. 10kV",
        ),
        sa.Column("tariff_class", sa.Text(), nullable=False, comment="single or two-part grid tariff"),
        sa.Column("capacity_kva", sa.Integer(), nullable=False, comment="transformer capacity"),
        sa.Column(
            "pf_standard",
            sa.Numeric(precision=3, scale=2),
            nullable=False,
            comment="power-factor standard: 0.80, 0.85 or 0.90",
        ),
        sa.Column(
            "effective_to",
            sa.Date(),
            nullable=True,
            comment="last day on which it holds, included; blank = open end",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint("tariff_class in ('single', 'two_part')", name=op.f("ck_account_tariff_class")),
        sa.ForeignKeyConstraint(["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_account_batch_id")),
        sa.PrimaryKeyConstraint("account_id", "effective_from", "version", name=op.f("pk_account")),
        schema="landing",
        comment="Grid accounts (户号) of customers, by date of validity",
    )
    op.create_index(op.f("ix_account_batch_id"), "account", ["batch_id"], unique=False, schema="landing")
    op.create_table(
        "contract",
        sa.Column("contract_id", sa.Text(), nullable=False, comment="number of the contract"),
        sa.Column("customer_id", sa.Text(), nullable=False, comment="customer as in feed customer"),
        sa.Column(
            "province", sa.Text(), nullable=False, comment="province code in lower case, e.g. shandong"
        ),
        sa.Column("package_type", sa.Text(), nullable=False, comment="price package"),
        sa.Column("signed_on", sa.Date(), nullable=False, comment="day of signature"),
        sa.Column("effective_from", sa.Date(), nullable=False, comment="first delivery day"),
        sa.Column("effective_to", sa.Date(), nullable=False, comment="last delivery day, included"),
        sa.Column("sales_channel", sa.Text(), nullable=True, comment="direct, or the name of the agent"),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint("package_type in ('fixed', 'tou_fixed')", name=op.f("ck_contract_package_type")),
        sa.ForeignKeyConstraint(["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_contract_batch_id")),
        sa.PrimaryKeyConstraint("contract_id", "version", name=op.f("pk_contract")),
        schema="landing",
        comment="Retail contracts of customers",
    )
    op.create_index(op.f("ix_contract_batch_id"), "contract", ["batch_id"], unique=False, schema="landing")
    op.create_table(
        "contract_account",
        sa.Column("contract_id", sa.Text(), nullable=False, comment="contract as in feed contract"),
        sa.Column("account_id", sa.Text(), nullable=False, comment="account as in feed account"),
        sa.Column(
            "effective_from",
            sa.Date(),
            nullable=False,
            comment="first delivery day of this account under the contract",
        ),
        sa.Column(
            "effective_to",
            sa.Date(),
            nullable=True,
            comment="last day on which it holds, included; blank = open end",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_contract_account_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "contract_id", "account_id", "effective_from", "version", name=op.f("pk_contract_account")
        ),
        schema="landing",
        comment="Accounts covered by a contract, by date of validity",
    )
    op.create_index(
        op.f("ix_contract_account_batch_id"), "contract_account", ["batch_id"], unique=False, schema="landing"
    )
    op.create_table(
        "contract_price",
        sa.Column("contract_id", sa.Text(), nullable=False, comment="contract as in feed contract"),
        sa.Column("component", sa.Text(), nullable=False, comment="what the price is for"),
        sa.Column(
            "period", sa.Text(), nullable=False, comment="time-of-use period; all = one price for every hour"
        ),
        sa.Column(
            "price_cny_per_mwh", sa.Numeric(precision=12, scale=3), nullable=False, comment="price with VAT"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint("component in ('energy')", name=op.f("ck_contract_price_component")),
        sa.CheckConstraint(
            "period in ('all', 'sharp', 'peak', 'flat', 'valley', 'deep_valley')",
            name=op.f("ck_contract_price_period"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_contract_price_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "contract_id", "component", "period", "version", name=op.f("pk_contract_price")
        ),
        schema="landing",
        comment="Contract prices per component and time-of-use period, VAT included",
    )
    op.create_index(
        op.f("ix_contract_price_batch_id"), "contract_price", ["batch_id"], unique=False, schema="landing"
    )
    op.create_table(
        "contract_quantity",
        sa.Column("contract_id", sa.Text(), nullable=False, comment="contract as in feed contract"),
        sa.Column("delivery_month", sa.Date(), nullable=False, comment="delivery month"),
        sa.Column(
            "quantity_mwh", sa.Numeric(precision=14, scale=3), nullable=False, comment="contracted energy"
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_contract_quantity_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "contract_id", "delivery_month", "version", name=op.f("pk_contract_quantity")
        ),
        schema="landing",
        comment="Contracted energy per contract and delivery month",
    )
    op.create_index(
        op.f("ix_contract_quantity_batch_id"),
        "contract_quantity",
        ["batch_id"],
        unique=False,
        schema="landing",
    )
    op.create_table(
        "customer",
        sa.Column(
            "customer_id", sa.Text(), nullable=False, comment="the retailer's own number of the customer"
        ),
        sa.Column(
            "effective_from", sa.Date(), nullable=False, comment="first day on which this record holds"
        ),
        sa.Column("customer_name", sa.Text(), nullable=False, comment="legal name, Chinese"),
        sa.Column("customer_name_en", sa.Text(), nullable=True, comment="name for English statements"),
        sa.Column("industry", sa.Text(), nullable=True, comment="industry, free text"),
        sa.Column(
            "manager_username",
            sa.Text(),
            nullable=True,
            comment="login of the account manager who sees this customer",
        ),
        sa.Column(
            "effective_to",
            sa.Date(),
            nullable=True,
            comment="last day on which it holds, included; blank = open end",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.ForeignKeyConstraint(["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_customer_batch_id")),
        sa.PrimaryKeyConstraint("customer_id", "effective_from", "version", name=op.f("pk_customer")),
        schema="landing",
        comment="Customers with their name, industry and account manager, by date of validity",
    )
    op.create_index(op.f("ix_customer_batch_id"), "customer", ["batch_id"], unique=False, schema="landing")
    op.create_table(
        "day_ahead_day",
        sa.Column(
            "province", sa.Text(), nullable=False, comment="province code in lower case, e.g. shandong"
        ),
        sa.Column("delivery_on", sa.Date(), nullable=False, comment="delivery day, UTC+8"),
        *curve("h", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(f"least({names('h')}) >= 0", name=op.f("ck_day_ahead_day_curve_minimum")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_day_ahead_day_batch_id")
        ),
        sa.PrimaryKeyConstraint("province", "delivery_on", "version", name=op.f("pk_day_ahead_day")),
        schema="landing",
        comment="Cleared day-ahead quantity of the retailer per delivery day: 24 hours, kWh",
    )
    op.create_index(
        op.f("ix_day_ahead_day_batch_id"), "day_ahead_day", ["batch_id"], unique=False, schema="landing"
    )
    op.create_table(
        "market_price_day",
        sa.Column(
            "province", sa.Text(), nullable=False, comment="province code in lower case, e.g. shandong"
        ),
        sa.Column(
            "price_series",
            sa.Text(),
            nullable=False,
            comment="unified user-side price: day-ahead or real-time",
        ),
        sa.Column("delivery_on", sa.Date(), nullable=False, comment="delivery day, UTC+8"),
        *curve("p", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(
            "price_series in ('da_unified', 'rt_unified')", name=op.f("ck_market_price_day_price_series")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_market_price_day_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "province", "price_series", "delivery_on", "version", name=op.f("pk_market_price_day")
        ),
        schema="landing",
        comment="Spot prices per series and delivery day: 96 slots, 0.001 yuan/MWh, VAT included",
    )
    op.create_index(
        op.f("ix_market_price_day_batch_id"), "market_price_day", ["batch_id"], unique=False, schema="landing"
    )
    op.create_table(
        "meter_day",
        sa.Column(
            "metering_point_id", sa.Text(), nullable=False, comment="metering point as in feed metering_point"
        ),
        sa.Column("channel", sa.Text(), nullable=False, comment="what the meter counted"),
        sa.Column("delivery_on", sa.Date(), nullable=False, comment="delivery day, UTC+8"),
        sa.Column(
            "quality",
            sa.Text(),
            nullable=False,
            comment="estimated when the grid company filled the day; blank = metered",
        ),
        sa.Column("source", sa.Text(), nullable=False),
        *curve("p", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(
            "channel in ('active_import', 'active_export', 'reactive_import', 'reactive_export')",
            name=op.f("ck_meter_day_channel"),
        ),
        sa.CheckConstraint("quality in ('metered', 'estimated')", name=op.f("ck_meter_day_quality")),
        sa.CheckConstraint(f"least({names('p')}) >= 0", name=op.f("ck_meter_day_curve_minimum")),
        sa.ForeignKeyConstraint(["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_meter_day_batch_id")),
        sa.PrimaryKeyConstraint(
            "metering_point_id", "channel", "delivery_on", "version", name=op.f("pk_meter_day")
        ),
        schema="landing",
        comment="Metered energy per metering point, channel and day: 96 slots of 15 minutes, Wh, primary side",
        postgresql_partition_by="RANGE (delivery_on)",
    )
    op.create_index(
        op.f("ix_meter_day_batch_id"),
        "meter_day",
        ["batch_id"],
        unique=False,
        schema="landing",
        postgresql_using="brin",
    )
    op.create_index(
        op.f("ix_meter_day_delivery_on"),
        "meter_day",
        ["delivery_on"],
        unique=False,
        schema="landing",
        postgresql_using="brin",
    )
    op.create_table(
        "meter_slot_flag",
        sa.Column("metering_point_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("delivery_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False, comment="1 to 96"),
        sa.Column(
            "rule_code",
            sa.Text(),
            nullable=False,
            comment="MISSING, ESTIMATED_AT_SOURCE, or a validation rule",
        ),
        sa.Column("flagged_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("slot between 1 and 96", name=op.f("ck_meter_slot_flag_slot")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_meter_slot_flag_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "metering_point_id",
            "channel",
            "delivery_on",
            "version",
            "slot",
            "rule_code",
            name=op.f("pk_meter_slot_flag"),
        ),
        schema="landing",
        comment="Sparse: the slots of a meter-day version that are missing, estimated or edited",
    )
    op.create_index(
        op.f("ix_meter_slot_flag_delivery_on"),
        "meter_slot_flag",
        ["delivery_on"],
        unique=False,
        schema="landing",
    )
    op.create_table(
        "metering_point",
        sa.Column("metering_point_id", sa.Text(), nullable=False, comment="number of the metering point"),
        sa.Column(
            "effective_from", sa.Date(), nullable=False, comment="first day on which this record holds"
        ),
        sa.Column("account_id", sa.Text(), nullable=False, comment="account as in feed account"),
        sa.Column("meter_id", sa.Text(), nullable=False, comment="number on the meter"),
        sa.Column(
            "ct_ratio",
            sa.Numeric(precision=9, scale=3),
            nullable=False,
            comment="current transformer ratio, 150/5 = 30",
        ),
        sa.Column(
            "pt_ratio",
            sa.Numeric(precision=9, scale=3),
            nullable=False,
            comment="voltage transformer ratio, 10000/100 = 100",
        ),
        sa.Column("net_rule", sa.Text(), nullable=False, comment="how net energy follows from the channels"),
        sa.Column(
            "effective_to",
            sa.Date(),
            nullable=True,
            comment="last day on which it holds, included; blank = open end",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(
            "net_rule in ('import_only', 'import_minus_export')", name=op.f("ck_metering_point_net_rule")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_metering_point_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "metering_point_id", "effective_from", "version", name=op.f("pk_metering_point")
        ),
        schema="landing",
        comment="Metering points (计量点) of accounts, by date of validity",
    )
    op.create_index(
        op.f("ix_metering_point_batch_id"), "metering_point", ["batch_id"], unique=False, schema="landing"
    )
    op.create_table(
        "register_reading",
        sa.Column(
            "metering_point_id", sa.Text(), nullable=False, comment="metering point as in feed metering_point"
        ),
        sa.Column("channel", sa.Text(), nullable=False, comment="what the meter counted"),
        sa.Column(
            "read_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="moment of the reading; UTC+8 unless it carries an offset",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="which freeze this is"),
        sa.Column(
            "register_kwh",
            sa.Numeric(precision=14, scale=2),
            nullable=False,
            comment="register as shown by the meter, before CT and PT ratio",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(
            "channel in ('active_import', 'active_export', 'reactive_import', 'reactive_export')",
            name=op.f("ck_register_reading_channel"),
        ),
        sa.CheckConstraint(
            "kind in ('monthly_freeze', 'daily_freeze')", name=op.f("ck_register_reading_kind")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_register_reading_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "metering_point_id", "channel", "read_at", "version", name=op.f("pk_register_reading")
        ),
        schema="landing",
        comment="Frozen register readings per metering point, channel and moment, kWh, meter (secondary) side",
    )
    op.create_index(
        op.f("ix_register_reading_batch_id"), "register_reading", ["batch_id"], unique=False, schema="landing"
    )
    op.create_table(
        "system_day",
        sa.Column(
            "province", sa.Text(), nullable=False, comment="province code in lower case, e.g. shandong"
        ),
        sa.Column("system_series", sa.Text(), nullable=False, comment="what the curve is"),
        sa.Column("delivery_on", sa.Date(), nullable=False, comment="delivery day, UTC+8"),
        *curve("p", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(
            "system_series in ('load_forecast', 'renewable_forecast', 'load_actual')",
            name=op.f("ck_system_day_system_series"),
        ),
        sa.CheckConstraint(f"least({names('p')}) >= 0", name=op.f("ck_system_day_curve_minimum")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_system_day_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "province", "system_series", "delivery_on", "version", name=op.f("pk_system_day")
        ),
        schema="landing",
        comment="System quantities per series and delivery day: 96 slots, kW",
    )
    op.create_index(
        op.f("ix_system_day_batch_id"), "system_day", ["batch_id"], unique=False, schema="landing"
    )
    op.create_table(
        "trade_day",
        sa.Column("trade_id", sa.Text(), nullable=False, comment="number of the trade at the trading centre"),
        sa.Column("delivery_on", sa.Date(), nullable=False, comment="delivery day, UTC+8"),
        sa.Column(
            "province", sa.Text(), nullable=False, comment="province code in lower case, e.g. shandong"
        ),
        sa.Column("product", sa.Text(), nullable=False, comment="market product"),
        sa.Column("side", sa.Text(), nullable=False, comment="buy or sell, seen from the retailer"),
        sa.Column("counterparty", sa.Text(), nullable=True, comment="the other side, or the trading centre"),
        sa.Column(
            "price_cny_per_mwh", sa.Numeric(precision=12, scale=3), nullable=False, comment="price with VAT"
        ),
        *curve("h", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(
            "product in ('annual_bilateral', 'monthly_bilateral', 'monthly_auction', 'listing', 'rolling')",
            name=op.f("ck_trade_day_product"),
        ),
        sa.CheckConstraint("side in ('buy', 'sell')", name=op.f("ck_trade_day_side")),
        sa.CheckConstraint(f"least({names('h')}) >= 0", name=op.f("ck_trade_day_curve_minimum")),
        sa.ForeignKeyConstraint(["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_trade_day_batch_id")),
        sa.PrimaryKeyConstraint("trade_id", "delivery_on", "version", name=op.f("pk_trade_day")),
        schema="landing",
        comment="Medium- and long-term trades per delivery day: 24 hours, kWh, price with VAT",
    )
    op.create_index(op.f("ix_trade_day_batch_id"), "trade_day", ["batch_id"], unique=False, schema="landing")
    op.create_table(
        "row",
        sa.Column("quarantine_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("raw", sa.Text(), nullable=False, comment="the whole record as delivered"),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_row_batch_id")),
        sa.PrimaryKeyConstraint("quarantine_id", name=op.f("pk_row")),
        schema="quarantine",
        comment="Exactly one row per refused record, with its first reason",
    )
    op.create_index(op.f("ix_row_batch_id"), "row", ["batch_id"], unique=False, schema="quarantine")
