"""The statements bench on a tiny size: real files are written, and a missed budget is named."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from rich.console import Console

from benchmarks.statements import Issued, exponent, measure_statements
from benchmarks.statements_suite import print_statements
from tests.orchestration.exports.formulas import recalculated


@pytest.mark.integration
def test_measure_statements__writes_a_true_statement_for_every_customer(
    engine: sa.Engine, tmp_path: Path
) -> None:
    issued = measure_statements(engine, 20, tmp_path, pdfs=2)
    assert (issued.customers, issued.lines) == (20, 12 * 22)
    assert issued.pdf
    assert issued.cpu > 0
    assert issued.per_second == 20 / (issued.xlsx + issued.csv)
    files = sorted((tmp_path / "xlsx" / "statements").iterdir())
    assert len(files) == 20
    for path in files:
        assert all(stored == result for stored, result in recalculated(path).values())


@pytest.mark.parametrize(("last", "fails"), [(150.0, 0), (300.0, 2)])
def test_print_statements__names_the_budgets_that_failed(last: float, fails: int) -> None:
    sizes = [Issued(1_000, 12_000, 14.0, 1.0, 15.0), Issued(10_000, 120_000, last - 1.0, 1.0, 150.0)]
    out = StringIO()
    failed = print_statements(Console(file=out, width=140), sizes)
    assert len(failed) == fails
    assert "10,000" in out.getvalue()
    assert exponent(sizes) == pytest.approx(1.0 if not fails else 1.301, abs=0.001)
