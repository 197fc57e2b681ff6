"""Take out of a staged delivery the records that do not continue their subject's landed history.

Runs under the intake's lock, after repeated, unchanged and older records were taken out.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import psycopg
from psycopg import sql

from ingestion.feeds.base import Feed, Steps
from ingestion.feeds.columns import CellError
from ingestion.landing_sql import TAKEN
from ingestion.lifecycle.judging import Step, judge

Refused = dict[int, tuple[str, str, CellError]]
"""Field, value and error by line number."""

_NOTE = sql.SQL(f"insert into {TAKEN} (line_no, code) values (%s, %s)")


def take_out_of_step(pg: psycopg.Connection[tuple[Any, ...]], feed: Feed) -> Refused:
    """Delete the records that cannot happen from the stage table, and say why of each."""
    steps = feed.steps
    if steps is None:
        return {}
    delivered: dict[str, list[Step]] = defaultdict(list)
    for subject, *step in pg.execute(_staged(feed, steps)):
        delivered[subject].append(Step(*step))
    landed: dict[str, list[Step]] = defaultdict(list)
    for subject, *step in pg.execute(_landed(feed, steps), (list(delivered),)):
        landed[subject].append(Step(*step))
    fields = {"number": steps.number, "step": steps.step, "moment": steps.moment}
    refused: Refused = {}
    for subject, new in delivered.items():
        for line_no, fault in judge(steps.machine, subject, landed[subject], new).items():
            refused[line_no] = (fields[fault.part], fault.value, fault.error)
    if refused:
        gone = f"delete from pg_temp.stage_{feed.name} where line_no = any(%s)"
        pg.execute(sql.SQL(gone), (list(refused),))
    return refused


def note_refused(pg: psycopg.Connection[tuple[Any, ...]], refused: Refused) -> int:
    """Note them among the records that were taken out of a file; how many they are."""
    with pg.cursor() as cursor:
        cursor.executemany(_NOTE, [(line_no, error.code) for line_no, (_, _, error) in refused.items()])
    return len(refused)


def _staged(feed: Feed, steps: Steps) -> sql.SQL:
    names = f"{steps.subject}, {steps.number}, {steps.step}, {steps.moment}"
    return sql.SQL(f"select {names}, line_no from pg_temp.stage_{feed.name}")


def _landed(feed: Feed, steps: Steps) -> sql.SQL:
    """The latest version of each step of the given subjects."""
    key = f"{steps.subject}, {steps.number}"
    return sql.SQL(
        f"select distinct on ({key}) {key}, {steps.step}, {steps.moment} from landing.{feed.name} "
        f"where {steps.subject} = any(%s::text[]) order by {key}, version desc"
    )
