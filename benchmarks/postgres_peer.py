"""WattLedger itself: the migrated landing tables, the real intake, the SQL of the dbt macros."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Final
from uuid import uuid4

import numpy as np
import sqlalchemy as sa

from benchmarks.curves import CHANNEL, Curves
from ingestion.feeds.meter_day import FEED
from ingestion.intake import ingest_paths
from ingestion.landing import Lander, Origin
from ingestion.parsing import ParsedTable
from ingestion.readers import RawTable
from orchestration.settings import Settings
from orchestration.warehouse import Warehouse, embedded_server

SESSION: Final = {"jit": "off"}
"""Session settings of the measured queries: those of the embedded server, for servers that have others."""


@contextmanager
def scratch_warehouse(settings: Settings) -> Iterator[sa.Engine]:
    """The superuser engine of a scratch warehouse (see ``scratch``)."""
    with scratch(settings) as warehouse:
        yield warehouse.admin


@contextmanager
def scratch(settings: Settings) -> Iterator[Warehouse]:
    """A migrated warehouse of the bench's own beside the real one, dropped afterwards.

    On the user's server or the embedded one, which is left as it was found: up or down.
    """
    server = embedded_server(settings.home)
    was_up = settings.database_url is not None or server.is_up()
    warehouse = Warehouse.open(settings).with_database(f"wattledger_bench_{uuid4().hex[:8]}")
    try:
        warehouse.prepare()
        engine = warehouse.admin
        sa.event.listen(engine, "connect", _settle)
        engine.dispose()  # connections made by the migration have not heard of the settings
        yield warehouse
    finally:
        warehouse.admin.dispose()
        maintenance = sa.create_engine(
            warehouse.admin_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
        )
        with maintenance.connect() as connection:
            connection.exec_driver_sql(f"drop database if exists {warehouse.name} with (force)")
        if not was_up:
            server.stop()


def _settle(connection: object, _record: object) -> None:
    with connection.cursor() as cursor:  # type: ignore[attr-defined]  # a DBAPI connection has no type
        for setting, value in SESSION.items():
            cursor.execute(f"set {setting} = {value}")
    connection.commit()  # type: ignore[attr-defined]


def land_day(engine: sa.Engine, day: Curves) -> None:
    """Land one day as one delivery: binary COPY, comparison with the latest version, key."""
    with Lander(engine) as lander:
        report = lander.land(_parsed(day), _origin(day.first_on))
    if report.rows_landed != len(day.points):
        raise RuntimeError(f"{day.first_on}: {report.rows_landed} of {len(day.points)} rows landed")


def _origin(day: date) -> Origin:
    known = datetime.combine(day + timedelta(days=1), time(8, 30), timezone(timedelta(hours=8)))
    return Origin(f"meter_day_{day}.csv", None, f"bench-{day}", "bench", known)


def _parsed(day: Curves) -> ParsedTable:
    """What parsing a clean delivery gives. Reading the text of a file is measured on its own."""
    rows, slots = len(day.points), day.wh[0].astype(np.int64)
    lines = list(range(2, rows + 2))
    raw = RawTable([], 1, np.empty((rows, 0), dtype=np.object_), lines)
    return ParsedTable(
        feed=FEED,
        delivered=rows,
        lines=lines,
        values={
            "metering_point_id": list(day.points),
            "channel": [CHANNEL] * rows,
            "delivery_on": [day.first_on] * rows,
            "quality": ["metered"] * rows,
        },
        slots=slots,
        missing=np.zeros(slots.shape, dtype=np.bool_),
        refusals=[],
        findings=[],
        raw=raw,
    )


def ingest_file(engine: sa.Engine, path: Path) -> None:
    """One delivered CSV file through the door that users use."""
    (report,) = ingest_paths(engine, [path], "meter_day")
    if report.status != "landed":
        raise RuntimeError(f"{path}: {report.status}, {report.rows_quarantined} rows refused")


def settle_down(engine: sa.Engine) -> None:
    """What autovacuum does to a loaded table within its first minute, done now."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("vacuum (analyze) landing.meter_day")
        connection.exec_driver_sql("analyze reference.tou_day")


def disk_bytes(engine: sa.Engine) -> int:
    """Bytes of the landed meter days with their indexes."""
    statement = "select sum(pg_total_relation_size(relid)) from pg_partition_tree('landing.meter_day')"
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(statement).scalar_one())


def rows_of(engine: sa.Engine, query: str) -> list[tuple[object, ...]]:
    """All rows of a query."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def tou_days(engine: sa.Engine) -> list[dict[str, object]]:
    """The days of ``reference.tou_day`` that the query joins, for the peers."""
    with engine.connect() as connection:
        query = "select province, delivery_on, schedule_id from reference.tou_day"
        return [dict(row) for row in connection.exec_driver_sql(query).mappings()]


def version_and_settings(engine: sa.Engine) -> dict[str, str]:
    """What the measured sessions ran with."""
    names = ("server_version", "shared_buffers", "work_mem", "jit", "max_parallel_workers_per_gather")
    with engine.connect() as connection:
        return {name: str(connection.exec_driver_sql(f"show {name}").scalar_one()) for name in names}
