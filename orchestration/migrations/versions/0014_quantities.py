"""Power quantity distribution and adjustment; services, budget, guarantees, market volume."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

FEEDS = (
    "curve_template",
    "contract_distribution",
    "quantity_adjustment",
    "service",
    "budget",
    "guarantee",
    "market_volume",
)


def curve_template() -> None:
    op.create_table(
        "curve_template",
        sa.Column("template_id", sa.Text(), nullable=False, comment="name of the template"),
        sa.Column(
            "template_version",
            sa.Text(),
            nullable=False,
            comment="version that a contract names; a changed template is a new version",
        ),
        sa.Column(
            "template_kind",
            sa.Text(),
            nullable=False,
            comment="Y year to months, M month to days, D1 system typical day, custom an agreed day",
        ),
        sa.Column(
            "day_type",
            sa.Text(),
            nullable=False,
            comment="kind of day that the line is for; all = those without a line of their own",
        ),
        sa.Column(
            "part",
            sa.Integer(),
            nullable=False,
            comment="month 1 to 12 of Y, hour 1 to 24 of D1 and custom; 0 (or blank) in M",
        ),
        sa.Column(
            "weight",
            sa.Numeric(15, 6),
            nullable=False,
            comment="weight of the part; shares are weights over their sum, so percent and MWh serve alike",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(
            "day_type in ('all', 'workday', 'saturday', 'sunday', 'holiday')",
            name=op.f("ck_curve_template_day_type"),
        ),
        sa.CheckConstraint(
            "template_kind in ('Y', 'M', 'D1', 'custom')", name=op.f("ck_curve_template_template_kind")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_curve_template_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "template_id", "template_version", "day_type", "part", "version", name=op.f("pk_curve_template")
        ),
        schema="landing",
        comment="Templates that break a contracted quantity down to months, days and hours",
    )
    op.create_index(op.f("ix_curve_template_batch_id"), "curve_template", ["batch_id"], schema="landing")


def contract_distribution() -> None:
    op.create_table(
        "contract_distribution",
        sa.Column("contract_id", sa.Text(), nullable=False, comment="contract as in feed contract"),
        sa.Column("delivery_year", sa.Integer(), nullable=False, comment="calendar year"),
        sa.Column(
            "annual_mwh",
            sa.Numeric(14, 3),
            nullable=False,
            comment="contracted energy of the contract's months of that year",
        ),
        sa.Column("year_template_id", sa.Text(), nullable=False, comment="template Y"),
        sa.Column("year_template_version", sa.Text(), nullable=False, comment="its version"),
        sa.Column("month_template_id", sa.Text(), nullable=False, comment="template M"),
        sa.Column("month_template_version", sa.Text(), nullable=False, comment="its version"),
        sa.Column(
            "day_template_kind",
            sa.Text(),
            nullable=False,
            comment="D1 system typical, D2 peak hours, D3 flat hours, D4 valley hours, custom",
        ),
        sa.Column(
            "day_template_id",
            sa.Text(),
            nullable=True,
            comment="day template of D1 or custom; D1 without one follows the system load",
        ),
        sa.Column("day_template_version", sa.Text(), nullable=True, comment="its version"),
        sa.Column(
            "adjust_up_rate",
            sa.Numeric(7, 4),
            nullable=True,
            comment="right to raise a month, share of its quantity",
        ),
        sa.Column(
            "adjust_down_rate",
            sa.Numeric(7, 4),
            nullable=True,
            comment="right to lower a month, share of its quantity",
        ),
        sa.Column(
            "adjust_notice_days",
            sa.Integer(),
            nullable=True,
            comment="days between the request and the month's first day",
        ),
        sa.Column(
            "adjust_times_per_year",
            sa.Integer(),
            nullable=True,
            comment="accepted adjustments per delivery year",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(
            "day_template_kind in ('D1', 'D2', 'D3', 'D4', 'custom')",
            name=op.f("ck_contract_distribution_day_template_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_contract_distribution_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "contract_id", "delivery_year", "version", name=op.f("pk_contract_distribution")
        ),
        schema="landing",
        comment="Annual quantity of a contract, its templates and its rights of adjustment",
    )
    op.create_index(
        op.f("ix_contract_distribution_batch_id"), "contract_distribution", ["batch_id"], schema="landing"
    )


def quantity_adjustment() -> None:
    op.create_table(
        "quantity_adjustment",
        sa.Column("contract_id", sa.Text(), nullable=False, comment="contract as in feed contract"),
        sa.Column(
            "delivery_month", sa.Date(), nullable=False, comment="delivery month whose quantity is to change"
        ),
        sa.Column("adjustment_no", sa.Integer(), nullable=False, comment="1, 2, ... per contract and month"),
        sa.Column(
            "adjusted_mwh",
            sa.Numeric(14, 3),
            nullable=False,
            comment="the quantity asked for, not the difference",
        ),
        sa.Column("requested_on", sa.Date(), nullable=False, comment="day of the request"),
        sa.Column(
            "requested_by",
            sa.Text(),
            nullable=False,
            comment="who asked: the customer's or the retailer's person",
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="why"),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_quantity_adjustment_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "contract_id", "delivery_month", "adjustment_no", "version", name=op.f("pk_quantity_adjustment")
        ),
        schema="landing",
        comment="Requests to adjust the contracted quantity of a delivery month",
    )
    op.create_index(
        op.f("ix_quantity_adjustment_batch_id"), "quantity_adjustment", ["batch_id"], schema="landing"
    )


def service() -> None:
    op.create_table(
        "service",
        sa.Column("service_id", sa.Text(), nullable=False, comment="number of the service contract"),
        sa.Column("customer_id", sa.Text(), nullable=False, comment="customer as in feed customer"),
        sa.Column("service_kind", sa.Text(), nullable=False, comment="what is done for the customer"),
        sa.Column(
            "fee_basis", sa.Text(), nullable=False, comment="what the fee is for: once, per month or per year"
        ),
        sa.Column("fee_cny", sa.Numeric(14, 2), nullable=False, comment="fee per that basis, VAT included"),
        sa.Column("effective_from", sa.Date(), nullable=False, comment="first day of the service"),
        sa.Column("effective_to", sa.Date(), nullable=False, comment="last day of the service, included"),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(
            "service_kind in ('energy_management', 'efficiency', 'operation_maintenance', 'demand_response', 'green_advice', 'software', 'other')",
            name=op.f("ck_service_service_kind"),
        ),
        sa.CheckConstraint("fee_basis in ('once', 'month', 'year')", name=op.f("ck_service_fee_basis")),
        sa.ForeignKeyConstraint(["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_service_batch_id")),
        sa.PrimaryKeyConstraint("service_id", "version", name=op.f("pk_service")),
        schema="landing",
        comment="Contracts for value-added services",
    )
    op.create_index(op.f("ix_service_batch_id"), "service", ["batch_id"], schema="landing")


def budget() -> None:
    op.create_table(
        "budget",
        sa.Column("delivery_month", sa.Date(), nullable=False, comment="delivery month"),
        sa.Column(
            "province",
            sa.Text(),
            nullable=False,
            comment="province code in lower case; all (or blank) = the whole house",
        ),
        sa.Column("item", sa.Text(), nullable=False, comment="what the amount is for"),
        sa.Column(
            "amount_cny",
            sa.Numeric(16, 2),
            nullable=False,
            comment="amount, VAT included; costs are positive",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(
            "item in ('retail_revenue', 'purchase_cost', 'recovery', 'operation_share', 'channel_commission', 'service_income', 'agency_income', 'margin', 'overhead')",
            name=op.f("ck_budget_item"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_budget_batch_id")),
        sa.PrimaryKeyConstraint("delivery_month", "province", "item", "version", name=op.f("pk_budget")),
        schema="landing",
        comment="Budget per delivery month and item",
    )
    op.create_index(op.f("ix_budget_batch_id"), "budget", ["batch_id"], schema="landing")


def guarantee() -> None:
    op.create_table(
        "guarantee",
        sa.Column("guarantee_id", sa.Text(), nullable=False, comment="number of the guarantee"),
        sa.Column(
            "province", sa.Text(), nullable=False, comment="province code in lower case, e.g. shandong"
        ),
        sa.Column(
            "guarantee_kind",
            sa.Text(),
            nullable=False,
            comment="bank guarantee, insurance, cash deposit or a parent's guarantee",
        ),
        sa.Column("issuer", sa.Text(), nullable=False, comment="who vouches"),
        sa.Column(
            "beneficiary", sa.Text(), nullable=False, comment="in whose favour, e.g. the trading centre"
        ),
        sa.Column("amount_cny", sa.Numeric(16, 2), nullable=False, comment="amount guaranteed"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="first day"),
        sa.Column("valid_to", sa.Date(), nullable=False, comment="last day, included"),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(
            "guarantee_kind in ('bank_guarantee', 'insurance', 'deposit', 'parent_guarantee')",
            name=op.f("ck_guarantee_guarantee_kind"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_guarantee_batch_id")),
        sa.PrimaryKeyConstraint("guarantee_id", "version", name=op.f("pk_guarantee")),
        schema="landing",
        comment="Performance guarantees and their terms",
    )
    op.create_index(op.f("ix_guarantee_batch_id"), "guarantee", ["batch_id"], schema="landing")


def market_volume() -> None:
    op.create_table(
        "market_volume",
        sa.Column(
            "province", sa.Text(), nullable=False, comment="province code in lower case, e.g. shandong"
        ),
        sa.Column("delivery_month", sa.Date(), nullable=False, comment="delivery month"),
        sa.Column("market_mwh", sa.Numeric(16, 3), nullable=False, comment="energy of all retailers"),
        sa.Column(
            "own_mwh", sa.Numeric(16, 3), nullable=True, comment="our energy as published, where it is"
        ),
        sa.Column("retailers", sa.Integer(), nullable=True, comment="retailers in the market"),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_market_volume_batch_id")
        ),
        sa.PrimaryKeyConstraint("province", "delivery_month", "version", name=op.f("pk_market_volume")),
        schema="landing",
        comment="Energy of a province's retail market in a delivery month, as published",
    )
    op.create_index(op.f("ix_market_volume_batch_id"), "market_volume", ["batch_id"], schema="landing")


def upgrade() -> None:
    curve_template()
    contract_distribution()
    quantity_adjustment()
    service()
    budget()
    guarantee()
    market_volume()
    for feed in FEEDS:
        op.execute(f"grant select, insert on landing.{feed} to wl_ingest")
        op.execute(f"grant select on landing.{feed} to wl_transform, wl_ledger")
        op.execute(
            f"create trigger append_only before update or delete or truncate on landing.{feed}"
            " for each statement execute function ops.refuse_change()"
        )
