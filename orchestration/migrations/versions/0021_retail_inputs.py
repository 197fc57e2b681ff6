"""Inputs of packages: reference series, green energy, given numbers; agency among services; accounts of a pricing."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None

FEEDS = ("reference_series", "contract_series", "contract_green", "contract_input")
SERVICE_KINDS = (
    "energy_management",
    "efficiency",
    "operation_maintenance",
    "demand_response",
    "green_advice",
    "software",
    "agency",
    "other",
)


def _landed(feed: str) -> Sequence[sa.schema.SchemaItem]:
    return (
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.ForeignKeyConstraint(["batch_id"], ["landing.batch.batch_id"], name=op.f(f"fk_{feed}_batch_id")),
    )


def reference_series() -> None:
    op.create_table(
        "reference_series",
        sa.Column(
            "province", sa.Text(), nullable=False, comment="province code in lower case, e.g. shandong"
        ),
        sa.Column(
            "series_code",
            sa.Text(),
            nullable=False,
            comment="short name of the series; one that is called as an input of packages (base, ref, market_mean, ceci) "
            "is what contracts get that name no other",
        ),
        sa.Column("delivery_month", sa.Date(), nullable=False, comment="delivery month"),
        sa.Column(
            "value",
            sa.Numeric(14, 3),
            nullable=False,
            comment="value of the month, VAT included where it is a price",
        ),
        sa.Column(
            "unit",
            sa.Text(),
            nullable=False,
            comment="unit of the value: yuan/MWh, or points of an index",
        ),
        sa.Column(
            "status",
            sa.Text(),
            nullable=False,
            comment="provisional until the publisher calls it final",
        ),
        sa.Column("published_on", sa.Date(), nullable=False, comment="day of publication"),
        sa.Column("publication", sa.Text(), nullable=True, comment="number of the notice, or its name"),
        *_landed("reference_series"),
        sa.CheckConstraint("unit in ('cny_per_mwh', 'point')", name=op.f("ck_reference_series_unit")),
        sa.CheckConstraint("status in ('provisional', 'final')", name=op.f("ck_reference_series_status")),
        sa.PrimaryKeyConstraint(
            "province", "series_code", "delivery_month", "version", name=op.f("pk_reference_series")
        ),
        schema="landing",
        comment="Monthly series that contracts refer to, as published",
    )


def contract_series() -> None:
    op.create_table(
        "contract_series",
        sa.Column("contract_id", sa.Text(), nullable=False, comment="contract as in feed contract"),
        sa.Column(
            "input",
            sa.Text(),
            nullable=False,
            comment="input of the package, e.g. base, ref, market_mean, ceci or w",
        ),
        sa.Column(
            "effective_from",
            sa.Date(),
            nullable=False,
            comment="delivery month from which the series is named, until another one is",
        ),
        sa.Column(
            "series_code",
            sa.Text(),
            nullable=False,
            comment="series of feed reference_series, or a market series of feed market_price_day (on the contract's own "
            "curve), e.g. rt_unified",
        ),
        *_landed("contract_series"),
        sa.PrimaryKeyConstraint(
            "contract_id", "input", "effective_from", "version", name=op.f("pk_contract_series")
        ),
        schema="landing",
        comment="Series that contracts name for the inputs of their packages",
    )


def contract_green() -> None:
    op.create_table(
        "contract_green",
        sa.Column("contract_id", sa.Text(), nullable=False, comment="contract as in feed contract"),
        sa.Column("delivery_month", sa.Date(), nullable=False, comment="delivery month"),
        sa.Column("green_contract_mwh", sa.Numeric(14, 3), nullable=False, comment="agreed green energy"),
        sa.Column(
            "generation_mwh", sa.Numeric(14, 3), nullable=False, comment="what the paired generator fed in"
        ),
        sa.Column("certificates", sa.Integer(), nullable=True, comment="green certificates received"),
        *_landed("contract_green"),
        sa.PrimaryKeyConstraint("contract_id", "delivery_month", "version", name=op.f("pk_contract_green")),
        schema="landing",
        comment="Green energy per contract and delivery month: agreed, generated, certified",
    )


def contract_input() -> None:
    op.create_table(
        "contract_input",
        sa.Column("contract_id", sa.Text(), nullable=False, comment="contract as in feed contract"),
        sa.Column("delivery_month", sa.Date(), nullable=False, comment="delivery month"),
        sa.Column(
            "input",
            sa.Text(),
            nullable=False,
            comment="input of the package (docs/packages.md); it goes before what the warehouse knows",
        ),
        sa.Column(
            "period",
            sa.Text(),
            nullable=False,
            comment="period that the number is for; all (or blank) = the month",
        ),
        sa.Column("value", sa.Numeric(20, 6), nullable=False, comment="the number, in the input's unit"),
        *_landed("contract_input"),
        sa.PrimaryKeyConstraint(
            "contract_id", "delivery_month", "input", "period", "version", name=op.f("pk_contract_input")
        ),
        schema="landing",
        comment="Given inputs of packages per contract and delivery month",
    )


def service() -> None:
    """Agency is a kind of service, a fee may be per MWh, and a service may have a VAT rate of its own."""
    checks = {"service_kind": SERVICE_KINDS, "fee_basis": ("once", "month", "year", "mwh")}
    for column, words in checks.items():
        name = op.f(f"ck_service_{column}")
        op.drop_constraint(name, "service", schema="landing")
        allowed = ", ".join(f"'{word}'" for word in words)
        op.create_check_constraint(name, "service", f"{column} in ({allowed})", schema="landing")
    op.alter_column(
        "service",
        "fee_basis",
        comment="what the fee is for: once, per month, per year, or per MWh of the customer's settled energy",
        existing_comment="what the fee is for: once, per month or per year",
        existing_type=sa.Text(),
        existing_nullable=False,
        schema="landing",
    )
    op.create_table_comment("service", "Contracts for value-added services and agency", schema="landing")
    op.add_column(
        "service",
        sa.Column(
            "vat_rate",
            sa.Numeric(5, 4),
            nullable=True,
            comment="VAT rate of the service, share of one; blank = the house's rate for services",
        ),
        schema="landing",
    )


def pricing_accounts() -> None:
    """Prices are charged per account: a pricing reads the accounts' parts of the energy."""
    op.add_column(
        "pricing_input",
        sa.Column(
            "account_id",
            sa.Text(),
            server_default="all",
            nullable=False,
            comment="account whose part of the energy it is; all = of the whole contract",
        ),
        schema="ops",
    )
    op.drop_constraint("pricing_input_pkey", "pricing_input", schema="ops", type_="primary")
    op.create_primary_key(
        "pricing_input_pkey",
        "pricing_input",
        ["run_id", "case_id", "name", "period", "account_id"],
        schema="ops",
    )


def upgrade() -> None:
    reference_series()
    contract_series()
    contract_green()
    contract_input()
    for feed in FEEDS:
        op.create_index(op.f(f"ix_{feed}_batch_id"), feed, ["batch_id"], schema="landing")
        op.execute(f"grant select, insert on landing.{feed} to wl_ingest")
        op.execute(f"grant select on landing.{feed} to wl_transform, wl_ledger")
        op.execute(
            f"create trigger append_only before update or delete or truncate on landing.{feed}"
            " for each statement execute function ops.refuse_change()"
        )
    service()
    pricing_accounts()
