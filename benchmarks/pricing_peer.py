"""What pricing the bench's packages costs at least: one DuckDB query, written by hand for exactly these.

It knows the packages' numbers, computes totals only, and names no line, no input and nothing missing. Another
package would be another query.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from decimal import Decimal
from types import TracebackType
from typing import Final, Self

import duckdb
import pyarrow as pa
import sqlalchemy as sa

_FEES: Final = {
    "fixed": "round(420 * q, 2)",
    "tou": "round(560 * peak, 2) + round(410 * flat, 2) + round(260 * valley, 2)",
    "spread": "round((base - 45) * q, 2)",
    "guarantee": "round(round(base - (20 + 0.5 * greatest(base - cost - 20, 0)), 3) * q, 2)",
    "linked": "round((ref + 8) * q, 2)",
    "mixed": "round(420 * (0.8 * q), 2) + round((ref + 8) * (0.2 * q), 2)",
    "tiered": (
        "round(425 * least(q, 100) + 415 * greatest(least(q, 200) - 100, 0) + 405 * greatest(q - 200, 0), 2)"
    ),
    "deviation": (
        "round(420 * q, 2) + round(0.5 * 20 * (greatest(q - contract_q * 1.05, 0) "
        "+ greatest(contract_q * 0.95 - q, 0)), 2)"
    ),
    # the cap is a line of its own, rounded on its own
    "capped": (
        "round(round(base - 0.6 * greatest(base - cost, 0), 3) * q, 2) + round(least(0, 425 * q "
        "- round(round(base - 0.6 * greatest(base - cost, 0), 3) * q, 2)), 2)"
    ),
}
_GIVEN: Final = """
select case_id, name, period, value from ops.pricing_input where run_id = :run_id
"""
_CASES: Final = """
select cases.case_id, replace(packages.package_id, 'bench_', '') as package
from ops.pricing_case as cases join reference.package as packages using (package_hash)
where cases.run_id = :run_id
"""


def _number(name: str, period: str) -> str:
    return f"max(value) filter (where name = '{name}' and period = '{period}')"


def query(packages: Sequence[str]) -> str:
    """Totals per case; inputs are turned from rows to columns first, as ours are."""
    periods = ", ".join(f"{_number('q', period)} as {period}" for period in ("peak", "flat", "valley"))
    prices = ", ".join(f"{_number(name, 'all')} as {name}" for name in ("base", "cost", "ref", "contract_q"))
    arms = " ".join(f"when '{package}' then cast({_FEES[package]} as decimal(18, 2))" for package in packages)
    return f"""
        with wide as (select case_id, {periods}, {prices} from given group by case_id),
        summed as (select *, peak + flat + valley as q from wide)
        select case_id, case package {arms} end as total_cny
        from summed inner join cases using (case_id)
    """


class PricingPeer:
    """DuckDB in memory with the inputs of one run; loading them is not timed."""

    def __init__(self, engine: sa.Engine, run_id: int) -> None:
        """Copy the request of the run."""
        self._connection = duckdb.connect()
        with engine.connect() as connection:
            given = connection.execute(sa.text(_GIVEN), {"run_id": run_id}).all()
            cases = connection.execute(sa.text(_CASES), {"run_id": run_id}).all()
        columns = [pa.array(column) for column in zip(*[row[:3] for row in given], strict=True)]
        values = pa.array([row[3] for row in given], pa.decimal128(12, 3))
        self._table("given", pa.table([*columns, values], ["case_id", "name", "period", "value"]))
        self._table(
            "cases", pa.table([list(column) for column in zip(*cases, strict=True)], ["case_id", "package"])
        )

    def _table(self, name: str, content: pa.Table) -> None:
        self._connection.register("content", content)
        self._connection.execute(f"create table {name} as select * from content")
        self._connection.unregister("content")

    def __enter__(self) -> Self:
        """The peer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database."""
        self._connection.close()

    def price(self, packages: Sequence[str]) -> tuple[float, list[tuple[str, Decimal]]]:
        """Seconds until the totals are a table, after a warm run; and the totals."""
        text = query(packages)
        self._connection.execute(f"create table warm as {text}")
        start = time.perf_counter()
        self._connection.execute(f"create table total as {text}")
        seconds = time.perf_counter() - start
        rows = self._connection.execute("select case_id, total_cny from total").fetchall()
        return seconds, [(str(case_id), Decimal(total)) for case_id, total in rows]
