"""Landing a day's CSV file against the least that anybody does with it: ``pandas.read_csv`` and a bare COPY.

The peer checks nothing, compares nothing and keeps no ledger: it reads the file and copies its rows into a
table without key, index or constraint, on the same server. Ours is the door that users use.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import psycopg
import sqlalchemy as sa

from benchmarks.curves import SLOT_COLUMNS, Curves
from benchmarks.timing import Action, alternate
from ingestion.checks import check_landing
from ingestion.intake import ingest_paths
from ingestion.packing import HEADER, TRAILER

BUDGET: Final = 2.0
"""Upper bound of landing's time ÷ the peer's, for 10,000 points and more (issue 3)."""

EXPONENT_BUDGET: Final = 1.1
"""Upper bound of b in seconds = a · points^b."""

TURNS: Final = 5
_DAY_ZERO: Final = date(2000, 1, 1)


@dataclass(frozen=True)
class Landing:
    """Median seconds of one day's file: our door, the suite of checks on what it landed, the peer."""

    points: int
    file_bytes: int
    door: float
    suite: float
    peer: float

    @property
    def ratio(self) -> float:
        """Door ÷ peer."""
        return self.door / self.peer

    @property
    def ratio_with_suite(self) -> float:
        """Door and suite ÷ peer."""
        return (self.door + self.suite) / self.peer


class AnswersDiffer(RuntimeError):
    """What landed is not what the peer copied."""


def measure_landing(engine: sa.Engine, curves: Curves, folder: Path, turns: int = TURNS) -> Landing:
    """Time files of consecutive days, one a turn, after one that warms up; AnswersDiffer if unequal."""
    paths = [folder / f"meter_day-{curves.first_on + timedelta(days=turn)}.csv" for turn in range(turns + 1)]
    for turn, path in enumerate(paths):
        curves.day(0, curves.first_on + timedelta(days=turn)).write_csv(path)
    with sa.create_engine(engine.url).connect() as connection:
        pg = connection.connection.driver_connection
        assert isinstance(pg, psycopg.Connection)
        pg.autocommit = True
        _bare_table(pg)
        actions: dict[str, Action] = {
            "door": lambda turn: land_file(engine, paths[turn]),
            "suite": lambda turn: check_landing(engine, "meter_day", _last_batch(engine) - 1),
            "peer": lambda turn: copy_file(pg, paths[turn]),
        }
        for action in actions.values():
            action(0)
        _check_equal(engine, pg)
        seconds = alternate({name: _later(action) for name, action in actions.items()}, turns)
        _check_equal(engine, pg)
        pg.execute("drop table bare")
    for path in paths:
        path.unlink()
    return Landing(len(curves.points), curves.wh[0].size, seconds["door"], seconds["suite"], seconds["peer"])


def _later(action: Action) -> Action:
    """The action on the files after the first."""
    return lambda turn: action(turn + 1)


def exponent(landings: Sequence[Landing]) -> float:
    """b of the least-squares fit of door seconds = a · points^b."""
    points = np.log([float(one.points) for one in landings])
    return float(np.polyfit(points, np.log([one.door for one in landings]), 1)[0])


def land_file(engine: sa.Engine, path: Path) -> None:
    """Ours: duplicate detection, checks, versions, batch ledger, quarantine; everything durable."""
    (report,) = ingest_paths(engine, [path], "meter_day")
    if report.status != "landed":
        raise RuntimeError(f"{path.name}: {report.status}, {report.rows_quarantined} rows refused")


def copy_file(pg: psycopg.Connection[Any], path: Path) -> None:
    """The peer: read, pack as int4 Wh (what lands, and the smallest that it could copy), COPY, commit."""
    frame = pd.read_csv(path)
    wh = np.rint(frame[list(SLOT_COLUMNS)].to_numpy() * 1000)
    fields = np.empty((len(frame), len(SLOT_COLUMNS), 2), dtype=">i4")
    fields[:, :, 0] = 4
    fields[:, :, 1] = wh
    slots, width = fields.tobytes(), len(SLOT_COLUMNS) * 8
    days = {text: (date.fromisoformat(text) - _DAY_ZERO).days for text in frame["delivery_on"].unique()}
    keys = zip(frame["metering_point_id"], frame["channel"], frame["delivery_on"], strict=True)
    rows = [
        b"".join((_COUNT, _text(point), _text(channel), _INT4, struct.pack(">i", days[day])))
        + slots[at : at + width]
        for at, (point, channel, day) in zip(range(0, len(slots), width), keys, strict=True)
    ]
    with pg.cursor() as cursor, cursor.copy("copy bare from stdin (format binary)") as copy:
        copy.write(b"".join([HEADER, *rows, TRAILER]))


_COUNT: Final = struct.pack(">h", len(SLOT_COLUMNS) + 3)
_INT4: Final = struct.pack(">i", 4)


def _text(value: str) -> bytes:
    data = value.encode()
    return struct.pack(">i", len(data)) + data


def _bare_table(pg: psycopg.Connection[Any]) -> None:
    slots = ", ".join(f"{name} int4" for name in SLOT_COLUMNS)
    pg.execute("drop table if exists bare")  # left by a size that was interrupted
    pg.execute(f"create table bare (metering_point_id text, channel text, delivery_on date, {slots})")


def _last_batch(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("select max(batch_seq) from landing.batch").scalar_one())


def _check_equal(engine: sa.Engine, pg: psycopg.Connection[Any]) -> None:
    """Equal answers first: the same rows, points, days and Wh in both tables."""
    total = " + ".join(f"sum({name}::bigint)" for name in SLOT_COLUMNS)
    keys = "count(*), count(distinct metering_point_id), min(delivery_on), max(delivery_on)"
    query = f"select {keys}, {total} from "
    with engine.connect() as connection:
        ours = tuple(connection.exec_driver_sql(query + "landing.meter_day").one())
    theirs = pg.execute(query + "bare").fetchone()
    if ours != theirs:
        raise AnswersDiffer(f"landed {ours}, copied {theirs}: the run is void")
