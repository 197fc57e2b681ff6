"""Great Expectations over what has landed: one suite per landing table, derived from its feed.

The intake has refused what it can see in one file; these checks look at the table as a whole (keys, ranges,
choices, completeness) and at the ledger (every batch holds as many records as it says). Great Expectations
costs seconds to import, so it is imported inside; it gets a narrow frame (a curve arrives as its minimum,
maximum and number of missing slots), never a database connection, which it would leave open.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlalchemy import Engine, text

from ingestion.feeds import registry
from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, DecimalColumn, Whole

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

# batch_id and batch_seq grow together, and landing tables are indexed by batch_id
_FIRST = "(select min(batch_id) from landing.batch where feed = :feed and batch_seq > :after)"
_LEDGER_SQL = """
select b.batch_id, b.rows_delivered, b.rows_landed, b.rows_quarantined,
       coalesce(s.records_landed, b.rows_landed) as records_landed,
       coalesce(l.counted, 0) as counted_landed, coalesce(q.counted, 0) as counted_quarantined
from landing.batch b
left join landing.shaped_batch s using (batch_id)
left join (
    select batch_id, count(*) as counted from landing.{table} where batch_id >= {first} group by 1
) l using (batch_id)
left join (
    select batch_id, count(*) as counted from quarantine.row where batch_id >= {first} group by 1
) q using (batch_id)
where b.feed = :feed and b.batch_seq > :after
"""


@dataclass(frozen=True)
class ExpectationResult:
    """Outcome of one expectation; ``samples`` are a few unexpected values."""

    name: str
    column: str
    severity: str
    success: bool
    rows: int
    unexpected: int
    samples: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Outcome, expectation, column, and what was found instead."""
        outcome = "ok" if self.success else self.severity
        found = (
            f": {self.unexpected} of {self.rows} rows, e.g. {', '.join(self.samples)}"
            if not self.success
            else ""
        )
        return f"{outcome}: {self.name} ({self.column}){found}"


@dataclass(frozen=True)
class LandingCheck:
    """Outcome of one feed's suite; ``success`` counts critical expectations, a warning does not fail it."""

    feed: str
    success: bool
    rows: int
    expectations: list[ExpectationResult] = field(default_factory=list)

    def __str__(self) -> str:
        """Feed, outcome, and the expectations that were not met."""
        failed = [str(result) for result in self.expectations if not result.success]
        outcome = "sound" if self.success else "NOT sound"
        return "; ".join([f"{self.feed}: {self.rows} rows, {outcome}", *failed])


def check_landing(engine: Engine, feed: str, after_batch_seq: int = 0) -> LandingCheck:
    """Check what feed ``feed`` landed in batches with ``batch_seq > after_batch_seq``.

    Nothing landed means success with no expectation. Raises KeyError for a feed that is not installed.
    """
    declared = registry()[feed]
    parameters: dict[str, str | int] = {"feed": feed, "after": after_batch_seq}
    with engine.connect() as connection:
        rows = pd.read_sql_query(text(_rows_sql(declared)), connection, params=parameters)
        ledger = pd.read_sql_query(
            text(_LEDGER_SQL.format(table=feed, first=_FIRST)), connection, params=parameters
        )
    results: list[ExpectationResult] = []
    if len(rows):
        results += _validate(f"{feed}_rows", rows, _row_expectations(declared))
    if len(ledger):
        results += _validate(f"{feed}_batches", ledger, _ledger_expectations())
    failed = [result for result in results if not result.success and result.severity == "critical"]
    return LandingCheck(feed, not failed, len(rows), results)


def _expect(kind: str, **arguments: object) -> Expectation:
    """Build the expectation ``Expect<kind>``; imported here, because the import alone costs seconds."""
    from great_expectations.expectations import core

    made: Expectation = getattr(core, f"Expect{kind}")(**arguments)
    return made


def _rows_sql(feed: Feed) -> str:
    """One narrow row per landed record; decimals become floats, which serve for range checks only."""
    columns = [
        f"l.{c.name}::float8 as {c.name}" if isinstance(c, DecimalColumn) else f"l.{c.name}"
        for c in feed.columns
    ]
    if feed.curve:
        names = ", ".join(f"l.{name}" for name in feed.curve.names)
        columns += [
            f"least({names}) as curve_minimum",
            f"greatest({names}) as curve_maximum",
            f"num_nulls({names}) as missing_slots",
        ]
    columns += [
        f"num_nonnulls({', '.join(f'l.{name}' for name in group)}) as {_filled(group)}"
        for group in feed.at_least_one
    ]
    return (
        f"select {', '.join(columns)}, l.version, l.batch_id, l.line_no "
        f"from landing.{feed.name} l where l.batch_id >= {_FIRST}"
    )


def _filled(group: tuple[str, ...]) -> str:
    """Name of the number of filled columns of a group."""
    return f"filled_of_{'_or_'.join(group)}"


def _row_expectations(feed: Feed) -> list[Expectation]:
    """Expectations of a feed: filled columns, choices, ranges, order of days, unique keys, whole curves."""
    wanted: list[Expectation] = [
        _expect("ColumnValuesToNotBeNull", column=name)
        for name in [c.name for c in feed.columns if c.is_filled] + ["version", "batch_id", "line_no"]
    ]
    for column in feed.columns:
        if isinstance(column, Choice):
            wanted.append(
                _expect("ColumnValuesToBeInSet", column=column.name, value_set=[*column.choices, *column.own])
            )
        elif isinstance(column, Whole):
            wanted.append(_between(column.name, column.minimum, column.maximum))
        elif isinstance(column, DecimalColumn):
            widest = float(10 ** (column.precision - column.scale))
            low = float(column.minimum) if column.minimum is not None else -widest
            high = float(column.maximum) if column.maximum is not None else widest
            wanted.append(_between(column.name, low, high))
    for earlier, later in feed.in_order:
        wanted.append(
            _expect(
                "ColumnPairValuesAToBeGreaterThanB",
                column_A=later,
                column_B=earlier,
                or_equal=True,
                ignore_row_if="either_value_is_missing",
            )
        )
    wanted += [_between(_filled(group), 1, None) for group in feed.at_least_one]
    wanted.append(_expect("CompoundColumnsToBeUnique", column_list=[*feed.key, "version"]))
    wanted.append(_between("version", 1, None))
    if feed.curve:
        low = feed.curve.minimum if feed.curve.minimum is not None else -feed.curve.maximum
        wanted += [
            _between("curve_minimum", low, None),
            _between("curve_maximum", None, feed.curve.maximum),
            # a gap is landed and flagged on purpose, so it warns; a feed that allows no gap must have none
            _between("missing_slots", 0, 0, warns=feed.curve.blank_allowed),
        ]
    return wanted


def _between(column: str, low: float | None, high: float | None, *, warns: bool = False) -> Expectation:
    """Expect values within [low, high]; NULL passes."""
    from great_expectations.expectations.metadata_types import FailureSeverity

    severity = FailureSeverity.WARNING if warns else FailureSeverity.CRITICAL
    return _expect("ColumnValuesToBeBetween", column=column, min_value=low, max_value=high, severity=severity)


def _ledger_expectations() -> list[Expectation]:
    """Every batch holds what it says: landed and quarantined records are really there."""
    return [
        _expect("ColumnPairValuesToBeEqual", column_A="records_landed", column_B="counted_landed"),
        # a batch of source rows that made meter days together says how many of them it made
        _expect("ColumnPairValuesToBeEqual", column_A="rows_quarantined", column_B="counted_quarantined"),
    ]


def _validate(name: str, frame: pd.DataFrame, expectations: list[Expectation]) -> list[ExpectationResult]:
    """Run a suite over a frame, offline and silently."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas(name).add_dataframe_asset(name)
    batch = asset.add_batch_definition_whole_dataframe(name).get_batch(batch_parameters={"dataframe": frame})
    outcome = batch.validate(gx.ExpectationSuite(name=name, expectations=expectations))
    return [_result(one.to_json_dict()) for one in outcome.results]


def _result(outcome: dict[str, Any]) -> ExpectationResult:
    """Reduce Great Expectations' outcome to what a report needs."""
    config, result = outcome["expectation_config"], outcome.get("result", {})
    kwargs = config["kwargs"]
    column = kwargs.get("column") or ", ".join(
        kwargs.get("column_list") or [kwargs.get("column_A", ""), kwargs.get("column_B", "")]
    )
    samples = [str(value) for value in result.get("partial_unexpected_list", [])[:5]]
    problem = outcome.get("exception_info", {}).get("exception_message")
    return ExpectationResult(
        config["type"],
        column,
        config.get("severity", "critical"),
        bool(outcome["success"]),
        int(result.get("element_count", 0)),
        int(result.get("unexpected_count", 0)),
        [str(problem)] if problem else samples,
    )
