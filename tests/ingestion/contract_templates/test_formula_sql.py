"""Compiled formulas on a real PostgreSQL give what the reference interpreter gives, digit for digit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.contract_templates.formula import Formula, FormulaError, compile_formula
from ingestion.contract_templates.formula.parsing import parse
from ingestion.contract_templates.formula.tree import Node, text_of
from ingestion.contract_templates.formula.units import NUMBER
from orchestration.warehouse import Warehouse
from tests.ingestion.contract_templates.interpreter import evaluate
from tests.ingestion.contract_templates.trees import NAMES, UNITS, inputs, trees

pytestmark = pytest.mark.integration
BATCHES = st.lists(st.tuples(trees(), inputs()), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=BATCHES)
def test_compiled_sql__equals_the_reference_interpreter(
    server: Warehouse, batch: list[tuple[Node, dict[str, Decimal]]]
) -> None:
    compiled = [(formula, values) for tree, values in batch if (formula := _compiled(tree)) is not None]
    if not compiled:
        return
    branches = [
        f"select {place} as place, {formula.sql} as value from (select {_row(values)}) as named"
        for place, (formula, values) in enumerate(compiled)
    ]
    # not the template database: a session on it would stop other tests from copying it
    maintenance = sa.create_engine(server.admin_url, poolclass=sa.NullPool)
    with maintenance.connect() as connection:
        found = connection.exec_driver_sql(" union all ".join(branches) + " order by place").all()
    for (formula, values), (_, value) in zip(compiled, found, strict=True):
        wanted = evaluate(
            parse(formula.text, NAMES), {name: Fraction(given) for name, given in values.items()}
        )
        assert (None if value is None else Fraction(value)) == wanted, formula.text


def _compiled(tree: Node) -> Formula | None:
    """None where the checks refuse the tree: a division by a literal 0, or a doubling too large."""
    try:
        return compile_formula(text_of(tree), UNITS, NUMBER)
    except FormulaError:
        return None


def _row(values: dict[str, Decimal]) -> str:
    return ", ".join(f'cast({value} as numeric) as "{name}"' for name, value in values.items())


FOREIGN = ['"a"; drop table x', "'x'", '"a"::text', '"a" -- b', '"a" /* b', "$1", "a[1]"]


def test_package_formula__database_refuses_what_no_compiled_formula_contains(engine: sa.Engine) -> None:
    row = sa.text(
        "insert into reference.package_formula values ('h', 'a', 'price', '{a}', '{input}', :expression)"
    )
    for expression in FOREIGN:
        refused = pytest.raises(sa.exc.IntegrityError, match="ck_package_formula_sql")
        with refused, engine.begin() as connection:
            connection.execute(row, {"expression": expression})
