"""Great Expectations over what has landed: one suite per landing table, derived from its feed.

The intake has refused what it can see in one file, and the primary key keeps keys and versions unique;
these checks look at the table as a whole (ranges, choices, completeness) and at the ledger (every batch
holds as many records as it says). PostgreSQL counts the records that break each rule, and Great
Expectations judges the counts: so a suite costs about the same for ten records and ten million. It takes
seconds to import, so it is imported inside; it gets a frame, never a database connection, which it would
leave open.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlalchemy import Connection, Engine, Row, text

from ingestion.feeds import registry
from ingestion.feeds.base import Feed
from ingestion.feeds.columns import Choice, DecimalColumn, Whole

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite
    from great_expectations.core.batch_definition import BatchDefinition

_SAMPLES = 5
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


@dataclass(frozen=True)
class Rule:
    """An expectation on each row ``l`` of a landing table: SQL that is not false where it holds."""

    name: str
    column: str
    holds: str
    shown: str
    severity: str = "critical"


def check_landing(engine: Engine, feed: str, after_batch_seq: int = 0) -> LandingCheck:
    """Check what feed ``feed`` landed in batches with ``batch_seq > after_batch_seq``.

    Nothing landed means success with no expectation on rows. Raises KeyError for an unknown feed.
    """
    declared = registry()[feed]
    with engine.connect() as connection:
        counter = _Counter(connection, declared, {"feed": feed, "after": after_batch_seq})
        rows, results = counter.rows()
        results += counter.ledger()
    return LandingCheck(feed, not results or _judge(results), rows, results)


class _Counter:
    """Counts, for one feed and its newer batches, what breaks a rule."""

    def __init__(self, connection: Connection, feed: Feed, parameters: dict[str, str | int]) -> None:
        self._connection, self._feed, self._parameters = connection, feed, parameters
        self._from = f"from landing.{feed.name} l where l.batch_id >= {_FIRST}"

    def rows(self) -> tuple[int, list[ExpectationResult]]:
        """How many rows landed, and the outcome of each rule on them."""
        rules = _rules(self._feed)
        counts = ", ".join(f"count(*) filter (where not ({rule.holds}))" for rule in rules)
        rows, *broken = self._all(f"select count(*), {counts} {self._from}")[0]
        if not rows:
            return 0, []
        return rows, [self._result(rule, rows, count) for rule, count in zip(rules, broken, strict=True)]

    def ledger(self) -> list[ExpectationResult]:
        """Whether every batch holds what it says: landed and quarantined records are really there."""
        batches = self._all(_LEDGER_SQL.format(table=self._feed.name, first=_FIRST))
        results = []
        # a batch of source rows that made meter days together says how many of them it made
        pairs = (("records_landed", "counted_landed"), ("rows_quarantined", "counted_quarantined"))
        for said, counted in pairs if batches else ():
            wrong = [row for row in batches if row._mapping[said] != row._mapping[counted]]
            samples = [str((row._mapping[said], row._mapping[counted])) for row in wrong[:_SAMPLES]]
            name = "expect_column_pair_values_to_be_equal"
            results.append(
                ExpectationResult(
                    name, f"{said}, {counted}", "critical", not wrong, len(batches), len(wrong), samples
                )
            )
        return results

    def _result(self, rule: Rule, rows: int, broken: int) -> ExpectationResult:
        """Outcome of a rule, with a few values that break it."""
        samples = []
        if broken:
            query = f"select {rule.shown} {self._from} and not ({rule.holds}) limit {_SAMPLES}"
            samples = [str(row[0]) for row in self._all(query)]
        return ExpectationResult(rule.name, rule.column, rule.severity, not broken, rows, broken, samples)

    def _all(self, query: str) -> list[Row[Any]]:
        return list(self._connection.execute(text(query), self._parameters))


def _rules(feed: Feed) -> list[Rule]:
    """Rules of a feed's rows: filled columns, choices, ranges, order of days, whole curves."""
    filled = [c.name for c in feed.columns if c.is_filled] + ["version", "batch_id", "line_no"]
    rules = [
        Rule("expect_column_values_to_not_be_null", name, f"l.{name} is not null", f"l.{name}")
        for name in filled
    ]
    for column in feed.columns:
        if isinstance(column, Choice):
            words = ", ".join(f"'{word}'" for word in (*column.choices, *column.own))
            name, shown = "expect_column_values_to_be_in_set", f"l.{column.name}"
            rules.append(Rule(name, column.name, f"{shown} in ({words})", shown))
        elif isinstance(column, Whole):
            rules.append(_between(column.name, f"l.{column.name}", column.minimum, column.maximum))
        elif isinstance(column, DecimalColumn):
            widest = 10 ** (column.precision - column.scale)
            low, high = column.minimum or -widest, column.maximum or widest
            rules.append(_between(column.name, f"l.{column.name}", low, high))
    for earlier, later in feed.in_order:
        name, shown = "expect_column_pair_values_a_to_be_greater_than_b", f"(l.{later}, l.{earlier})"
        rules.append(Rule(name, f"{later}, {earlier}", f"l.{later} >= l.{earlier}", shown))
    for group in feed.at_least_one:
        shown = f"num_nonnulls({', '.join(f'l.{name}' for name in group)})"
        rules.append(_between(f"filled_of_{'_or_'.join(group)}", shown, 1, None))
    rules.append(_between("version", "l.version", 1, None))
    if feed.curve:
        slots = ", ".join(f"l.{name}" for name in feed.curve.names)
        low = feed.curve.minimum if feed.curve.minimum is not None else -feed.curve.maximum
        # a gap is landed and flagged on purpose, so it warns; a feed that allows no gap must have none
        severity = "warning" if feed.curve.blank_allowed else "critical"
        rules += [
            _between("curve_minimum", f"least({slots})", low, None),
            _between("curve_maximum", f"greatest({slots})", None, feed.curve.maximum),
            _between("missing_slots", f"num_nulls({slots})", 0, 0, severity),
        ]
    return rules


def _between(
    column: str, value: str, low: object | None, high: object | None, severity: str = "critical"
) -> Rule:
    """Values within [low, high]; NULL passes."""
    bounds = [f"{value} {sign} {bound}" for sign, bound in ((">=", low), ("<=", high)) if bound is not None]
    return Rule("expect_column_values_to_be_between", column, " and ".join(bounds), value, severity)


def _judge(results: Sequence[ExpectationResult]) -> bool:
    """Whether Great Expectations finds no critical rule broken."""
    critical = [result for result in results if result.severity == "critical"]
    frame = pd.DataFrame(
        {
            "rule": [f"{result.name} ({result.column})" for result in critical],
            "unexpected": [result.unexpected for result in critical],
        }
    )
    definition, suite = _suite()
    return bool(definition.get_batch(batch_parameters={"dataframe": frame}).validate(suite).success)


@cache
def _suite() -> tuple[BatchDefinition[Any], ExpectationSuite]:
    """The suite over the counts of broken records, offline and silent; made once, for that is slow."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.expectations import core

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("landing").add_dataframe_asset("rules")
    sound = core.ExpectColumnValuesToBeBetween(  # type: ignore[attr-defined]
        column="unexpected", min_value=0, max_value=0
    )
    return asset.add_batch_definition_whole_dataframe("rules"), gx.ExpectationSuite("landing", [sound])
