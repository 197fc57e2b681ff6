"""Retail packages as data, and what a pricing run was asked to price."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PACKAGES = (
    "reference.package, reference.package_formula, reference.package_component, reference.package_parameter"
)
PRICING = "ops.pricing_case, ops.pricing_input"


def upgrade() -> None:
    op.create_table(
        "package",
        sa.Column(
            "package_hash",
            sa.Text(),
            nullable=False,
            comment="sha256 of content, order of operations and formulas",
        ),
        sa.Column("package_id", sa.Text(), nullable=False),
        sa.Column("package_version", sa.Text(), nullable=False),
        sa.Column(
            "package_type", sa.Text(), nullable=False, comment="type in the words of the province's rules"
        ),
        sa.Column(
            "province",
            sa.Text(),
            nullable=True,
            comment="province whose rules it keeps; NULL = for no province yet",
        ),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column(
            "operation_order",
            sa.ARRAY(sa.Text()),
            nullable=False,
            comment="stages in the order of operations",
        ),
        sa.Column(
            "body", postgresql.JSONB(), nullable=False, comment="the whole package; decimals are JSON strings"
        ),
        sa.PrimaryKeyConstraint("package_hash", name=op.f("pk_package")),
        schema="reference",
        comment="Retail packages, one row per content",
    )
    op.create_table(
        "package_formula",
        sa.Column(
            "formula_hash",
            sa.Text(),
            nullable=False,
            comment="sha256 of formula, result and origin of its names",
        ),
        sa.Column("formula", sa.Text(), nullable=False, comment="canonical text"),
        sa.Column("result", sa.Text(), nullable=False, comment="price in yuan/MWh, fee in yuan, or factor"),
        sa.Column(
            "names", sa.ARRAY(sa.Text()), nullable=False, comment="inputs and parameters that it reads"
        ),
        sa.Column(
            "origins",
            sa.ARRAY(sa.Text()),
            nullable=False,
            comment="of each name: input, parameter or computed",
        ),
        sa.Column(
            "sql_expression",
            sa.Text(),
            nullable=False,
            comment="PostgreSQL expression over columns of those names",
        ),
        sa.CheckConstraint("names::text ~ '^[a-z0-9_,{}]*$'", name=op.f("ck_package_formula_names")),
        sa.CheckConstraint("result in ('price', 'fee', 'factor')", name=op.f("ck_package_formula_result")),
        sa.CheckConstraint("sql_expression !~ '--|/[*]'", name=op.f("ck_package_formula_sql_comment")),
        sa.CheckConstraint(
            "cardinality(names) = cardinality(origins)", name=op.f("ck_package_formula_origins")
        ),
        sa.CheckConstraint(
            "sql_expression ~ '^[A-Za-z0-9_\" .,()+*/<>=-]*$'", name=op.f("ck_package_formula_sql_expression")
        ),
        sa.PrimaryKeyConstraint("formula_hash", name=op.f("pk_package_formula")),
        schema="reference",
        comment="Formulas of package components, compiled once",
    )
    op.create_table(
        "package_component",
        sa.Column("package_hash", sa.Text(), nullable=False),
        sa.Column("component_no", sa.Integer(), nullable=False, comment="place in the package file, from 1"),
        sa.Column("component_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False, comment="sees the fees of lower levels"),
        sa.Column(
            "grain", sa.Text(), nullable=False, comment="one line for the month, or one for each period"
        ),
        sa.Column("driver", sa.Text(), nullable=False, comment="input whose periods become lines"),
        sa.Column(
            "sums_periods",
            sa.Boolean(),
            nullable=False,
            comment="periods are added before the amount is rounded",
        ),
        sa.Column(
            "share",
            sa.Numeric(precision=9, scale=6),
            nullable=True,
            comment="part of the energy; NULL = acts on all of it",
        ),
        sa.Column(
            "covers", sa.ARRAY(sa.Text()), nullable=False, comment="stages whose fees so far it acts on"
        ),
        sa.Column("formula_hash", sa.Text(), nullable=False),
        sa.CheckConstraint("grain in ('month', 'period')", name=op.f("ck_package_component_grain")),
        sa.CheckConstraint(
            "stage in ('energy', 'balancing', 'deviation', 'cap_floor', 'green', 'service', 'pass_through', 'refund')",
            name=op.f("ck_package_component_stage"),
        ),
        sa.CheckConstraint("share > 0 and share <= 1", name=op.f("ck_package_component_share")),
        sa.ForeignKeyConstraint(
            ["formula_hash"],
            ["reference.package_formula.formula_hash"],
            name=op.f("fk_package_component_formula_hash"),
        ),
        sa.ForeignKeyConstraint(
            ["package_hash"],
            ["reference.package.package_hash"],
            name=op.f("fk_package_component_package_hash"),
        ),
        sa.PrimaryKeyConstraint("package_hash", "component_no", name=op.f("pk_package_component")),
        schema="reference",
        comment="Components of packages",
    )
    op.create_table(
        "package_parameter",
        sa.Column("package_hash", sa.Text(), nullable=False),
        sa.Column("component_no", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False, comment="all, or the period that the number is for"),
        sa.Column("value", sa.Numeric(), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_hash", "component_no"],
            ["reference.package_component.package_hash", "reference.package_component.component_no"],
            name=op.f("fk_package_parameter_package_hash"),
        ),
        sa.PrimaryKeyConstraint(
            "package_hash", "component_no", "name", "period", name=op.f("pk_package_parameter")
        ),
        schema="reference",
        comment="Numbers that packages fix",
    )
    op.create_table(
        "pricing_case",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("package_hash", sa.Text(), nullable=False),
        sa.Column("delivery_month", sa.Date(), nullable=False),
        sa.Column(
            "contract_id",
            sa.Text(),
            nullable=True,
            comment="contract whose month is repriced; NULL for a case of its own",
        ),
        sa.CheckConstraint("extract(day from delivery_month) = 1", name="first_of_month"),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["ops.run.run_id"],
        ),
        sa.PrimaryKeyConstraint("run_id", "case_id"),
        schema="ops",
        comment="What a pricing run was asked to price",
    )
    op.create_table(
        "pricing_input",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False, comment="all, or the period that the number is for"),
        sa.Column("value", sa.Numeric(), nullable=False),
        sa.CheckConstraint("name ~ '^[a-z][a-z0-9_]*$'", name="name_plain"),
        sa.ForeignKeyConstraint(
            ["run_id", "case_id"], ["ops.pricing_case.run_id", "ops.pricing_case.case_id"], name="of_case"
        ),
        sa.PrimaryKeyConstraint("run_id", "case_id", "name", "period"),
        schema="ops",
        comment="Named quantities of pricing cases, in the units of docs/packages.md",
    )
    op.execute(f"grant select, insert on {PACKAGES} to wl_ingest")
    op.execute(f"grant select on {PACKAGES} to wl_transform, wl_ledger")
    op.execute(f"grant select, insert on {PRICING} to wl_ledger")
    op.execute(f"grant select on {PRICING} to wl_transform, wl_finance")
    for table in [*PACKAGES.split(", "), *PRICING.split(", ")]:
        op.execute(
            f"create trigger append_only before update or delete or truncate on {table}"
            " for each statement execute function ops.refuse_change()"
        )
