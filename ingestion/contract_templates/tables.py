"""The tables of schema ``reference`` that hold package definitions, ready to be priced in SQL.

Append-only by content: a package that changes is a new hash. A formula is stored once for all packages that
use it; its SQL was built from the formula's tree (``formula.compiling``), and the database refuses any text
that such an expression cannot contain. Created by Alembic (orchestration/migrations).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from ingestion.contract_templates.kinds import STAGES
from ingestion.market_rules.reference import METADATA

_STAGE_LIST: Final = ", ".join(repr(stage) for stage in STAGES)
_RESULTS: Final = "'price', 'fee', 'factor'"

PACKAGE: Final = Table(
    "package",
    METADATA,
    Column(
        "package_hash", Text, primary_key=True, comment="sha256 of content, order of operations and formulas"
    ),
    Column("package_id", Text, nullable=False),
    Column("package_version", Text, nullable=False),
    Column("package_type", Text, nullable=False, comment="type in the words of the province's rules"),
    Column("province", Text, comment="province whose rules it keeps; NULL = for no province yet"),
    Column("title_zh", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("operation_order", ARRAY(Text), nullable=False, comment="stages in the order of operations"),
    Column("body", JSONB, nullable=False, comment="the whole package; decimals are JSON strings"),
    comment="Retail packages, one row per content",
)

PACKAGE_FORMULA: Final = Table(
    "package_formula",
    METADATA,
    Column(
        "formula_hash", Text, primary_key=True, comment="sha256 of formula, result and origin of its names"
    ),
    Column("formula", Text, nullable=False, comment="canonical text"),
    Column("result", Text, nullable=False, comment="price in yuan/MWh, fee in yuan, or factor"),
    Column("names", ARRAY(Text), nullable=False, comment="inputs and parameters that it reads"),
    Column("origins", ARRAY(Text), nullable=False, comment="of each name: input, parameter or computed"),
    Column(
        "sql_expression", Text, nullable=False, comment="PostgreSQL expression over columns of those names"
    ),
    CheckConstraint(f"result in ({_RESULTS})", name="result"),
    CheckConstraint("cardinality(names) = cardinality(origins)", name="origins"),
    CheckConstraint("names::text ~ '^[a-z0-9_,{}]*$'", name="names"),
    CheckConstraint("sql_expression ~ '^[A-Za-z0-9_\" .,()+*/<>=-]*$'", name="sql_expression"),
    CheckConstraint("sql_expression !~ '--|/[*]'", name="sql_comment"),
    comment="Formulas of package components, compiled once",
)

PACKAGE_COMPONENT: Final = Table(
    "package_component",
    METADATA,
    Column("package_hash", Text, ForeignKey(PACKAGE.c.package_hash), nullable=False),
    Column("component_no", Integer, nullable=False, comment="place in the package file, from 1"),
    Column("component_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title_zh", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("level", Integer, nullable=False, comment="sees the fees of lower levels"),
    Column("grain", Text, nullable=False, comment="one line for the month, or one for each period"),
    Column("driver", Text, nullable=False, comment="input whose periods become lines"),
    Column("sums_periods", Boolean, nullable=False, comment="periods are added before the amount is rounded"),
    Column("share", Numeric(9, 6), comment="part of the energy; NULL = acts on all of it"),
    Column("covers", ARRAY(Text), nullable=False, comment="stages whose fees so far it acts on"),
    Column("formula_hash", Text, ForeignKey(PACKAGE_FORMULA.c.formula_hash), nullable=False),
    PrimaryKeyConstraint("package_hash", "component_no"),
    CheckConstraint(f"stage in ({_STAGE_LIST})", name="stage"),
    CheckConstraint("grain in ('month', 'period')", name="grain"),
    CheckConstraint("share > 0 and share <= 1", name="share"),
    comment="Components of packages",
)

PACKAGE_PARAMETER: Final = Table(
    "package_parameter",
    METADATA,
    Column("package_hash", Text, nullable=False),
    Column("component_no", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("period", Text, nullable=False, comment="all, or the period that the number is for"),
    Column("value", Numeric, nullable=False),
    PrimaryKeyConstraint("package_hash", "component_no", "name", "period"),
    ForeignKeyConstraint(
        ["package_hash", "component_no"], [PACKAGE_COMPONENT.c.package_hash, PACKAGE_COMPONENT.c.component_no]
    ),
    comment="Numbers that packages fix",
)
