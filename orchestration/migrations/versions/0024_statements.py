"""The statements of the grid company and the trading centre, which our lines are reconciled with."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

FEEDS = ("grid_statement", "centre_statement")


def grid_statement() -> None:
    op.create_table(
        "grid_statement",
        sa.Column(
            "province", sa.Text(), nullable=False, comment="province code in lower case, e.g. shandong"
        ),
        sa.Column("delivery_month", sa.Date(), nullable=False, comment="month of the statement"),
        sa.Column(
            "subject_type",
            sa.Text(),
            nullable=False,
            comment="what the line is of: an account, or a retail contract",
        ),
        sa.Column("subject_id", sa.Text(), nullable=False, comment="number of the account or contract"),
        sa.Column(
            "side",
            sa.Text(),
            nullable=False,
            comment="retail = the retailer's energy fee and fees; pass_through = charges passed on",
        ),
        sa.Column(
            "item",
            sa.Text(),
            nullable=False,
            comment="item as the statement prints it, or the component of our lines, e.g. energy",
        ),
        sa.Column("tou_period", sa.Text(), nullable=False, comment="period; all = not divided"),
        sa.Column(
            "line_kind",
            sa.Text(),
            nullable=False,
            comment="regular, or correction = of an earlier month, settled with this one",
        ),
        sa.Column(
            "quantity_kwh", sa.Numeric(16, 3), nullable=True, comment="quantity, where the item has one"
        ),
        sa.Column(
            "price_cny_per_kwh",
            sa.Numeric(12, 6),
            nullable=True,
            comment="price, VAT included, where the item has one",
        ),
        sa.Column(
            "amount_cny",
            sa.Numeric(16, 2),
            nullable=False,
            comment="amount with VAT; positive = payable to the retailer",
        ),
        sa.Column("net_cny", sa.Numeric(16, 2), nullable=True, comment="amount without VAT, where printed"),
        sa.Column("vat_cny", sa.Numeric(16, 2), nullable=True, comment="VAT, where printed"),
        sa.Column("statement_no", sa.Text(), nullable=False, comment="number of the statement"),
        sa.Column(
            "issued_on",
            sa.Date(),
            nullable=True,
            comment="day of issue; deadlines count from it, else from the receipt",
        ),
        sa.Column(
            "replaces_statement_no",
            sa.Text(),
            nullable=True,
            comment="number of the statement whose place it takes: all lines of that one go",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(
            "line_kind in ('regular', 'correction')",
            name=op.f("ck_grid_statement_line_kind"),
        ),
        sa.CheckConstraint("side in ('retail', 'pass_through')", name=op.f("ck_grid_statement_side")),
        sa.CheckConstraint(
            "subject_type in ('account', 'contract')",
            name=op.f("ck_grid_statement_subject_type"),
        ),
        sa.CheckConstraint(
            "tou_period in ('all', 'sharp', 'peak', 'flat', 'valley', 'deep_valley')",
            name=op.f("ck_grid_statement_tou_period"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_grid_statement_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "province",
            "delivery_month",
            "subject_type",
            "subject_id",
            "side",
            "item",
            "tou_period",
            "line_kind",
            "version",
            name=op.f("pk_grid_statement"),
        ),
        schema="landing",
        comment="The grid company's retail settlement statement of a month, line by line, VAT included",
    )
    op.create_index(op.f("ix_grid_statement_batch_id"), "grid_statement", ["batch_id"], schema="landing")


def centre_statement() -> None:
    op.create_table(
        "centre_statement",
        sa.Column(
            "province", sa.Text(), nullable=False, comment="province code in lower case, e.g. shandong"
        ),
        sa.Column("delivery_month", sa.Date(), nullable=False, comment="month of the statement"),
        sa.Column(
            "side",
            sa.Text(),
            nullable=False,
            comment="wholesale = energy bought; recovery = deviation revenue recovered, and what is returned of it; operation = operation, ancillary and fund items",
        ),
        sa.Column(
            "item",
            sa.Text(),
            nullable=False,
            comment="item as the statement prints it, or the component of our lines, e.g. energy_rt",
        ),
        sa.Column(
            "line_kind",
            sa.Text(),
            nullable=False,
            comment="regular, or correction = of an earlier month, settled with this one",
        ),
        sa.Column(
            "quantity_mwh", sa.Numeric(16, 3), nullable=True, comment="quantity, where the item has one"
        ),
        sa.Column(
            "mean_price_cny_per_mwh",
            sa.Numeric(12, 3),
            nullable=True,
            comment="mean price of the month, where printed",
        ),
        sa.Column(
            "amount_cny",
            sa.Numeric(16, 2),
            nullable=False,
            comment="amount with VAT; positive = payable by the retailer",
        ),
        sa.Column("statement_no", sa.Text(), nullable=False, comment="number of the statement"),
        sa.Column(
            "issued_on",
            sa.Date(),
            nullable=True,
            comment="day of issue; deadlines count from it, else from the receipt",
        ),
        sa.Column(
            "replaces_statement_no",
            sa.Text(),
            nullable=True,
            comment="number of the statement whose place it takes: all lines of that one go",
        ),
        sa.Column("version", sa.Integer(), nullable=False, comment="1, 2, ... per key, in order of landing"),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False, comment="line of the file, or row of the sheet"),
        sa.CheckConstraint(
            "line_kind in ('regular', 'correction')",
            name=op.f("ck_centre_statement_line_kind"),
        ),
        sa.CheckConstraint(
            "side in ('wholesale', 'recovery', 'operation')",
            name=op.f("ck_centre_statement_side"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["landing.batch.batch_id"], name=op.f("fk_centre_statement_batch_id")
        ),
        sa.PrimaryKeyConstraint(
            "province",
            "delivery_month",
            "side",
            "item",
            "line_kind",
            "version",
            name=op.f("pk_centre_statement"),
        ),
        schema="landing",
        comment="The trading centre's wholesale settlement statement of a month, line by line, VAT included",
    )
    op.create_index(op.f("ix_centre_statement_batch_id"), "centre_statement", ["batch_id"], schema="landing")


def upgrade() -> None:
    grid_statement()
    centre_statement()
    for feed in FEEDS:
        op.execute(f"grant select, insert on landing.{feed} to wl_ingest")
        op.execute(f"grant select on landing.{feed} to wl_transform, wl_ledger")
        op.execute(
            f"create trigger append_only before update or delete or truncate on landing.{feed}"
            " for each statement execute function ops.refuse_change()"
        )


def downgrade() -> None:
    for feed in FEEDS:
        op.drop_table(feed, schema="landing")
