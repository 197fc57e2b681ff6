"""A process that is killed while it closes or corrects a month loses nothing and doubles nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from orchestration.ledger.closing import close_month
from orchestration.ledger.correcting import book_corrections
from orchestration.ledger.tables import METADATA
from orchestration.warehouse import Warehouse
from tests.dbt.pipeline import rows
from tests.ledger.acts import land, ledger_content, refresh
from tests.ledger.books import FIRST, FULL, late_draws

pytestmark = pytest.mark.integration
BOOK = """
import os, sys, datetime, sqlalchemy
from orchestration.ledger.closing import close_month
from orchestration.ledger.correcting import book_corrections
engine = sqlalchemy.create_engine(os.environ["LEDGER_URL"])
act = {"close": close_month, "correct": book_corrections}[sys.argv[1]]
act(engine, datetime.date(2026, 2, 1), "Li Na", "bk_full")
"""
# what a statement was made of, which a correction leaves as it is
OF_CLOSING = {"ledger.settlement_head", "ledger.settlement_point"}
WAITING = """
    select count(*) from pg_locks
    where not granted and database = (select oid from pg_database where datname = current_database())
"""
WORKING = """
    select count(*) from pg_stat_activity
    where datname = current_database() and usename = 'wl_ledger' and state <> 'idle'
"""


def test_killed_anywhere__leaves_nothing_and_the_next_run_is_whole(
    books: Warehouse, ledger: sa.Engine, dbt_target: Path, tmp_path: Path
) -> None:
    tables = list(METADATA.tables)
    _kill_at_every_table(books, "close", tables)
    assert _counts(books) == dict.fromkeys(tables, 0)
    close_month(ledger, FIRST, "Li Na", FULL)
    closed = _counts(books)
    assert min(closed.values()) > 0

    land(books, late_draws(tmp_path, 7))
    refresh(books, dbt_target)
    before = ledger_content(books.admin)
    _kill_at_every_table(books, "correct", [name for name in tables if name not in OF_CLOSING])
    assert ledger_content(books.admin) == before
    (booked,) = book_corrections(ledger, FIRST, "Li Na", FULL)
    after = ledger_content(books.admin)
    assert after != before
    assert _counts(books)["ledger.settlement_line"] == closed["ledger.settlement_line"] + booked.rows["lines"]
    _run(books, "close").wait(60)
    _run(books, "correct").wait(60)
    assert ledger_content(books.admin) == after


def _kill_at_every_table(books: Warehouse, act: str, tables: list[str]) -> None:
    """Hold each table in turn against writers, let the process run into it, and kill it there."""
    for table in tables:
        with books.admin.connect() as holder:
            holder.execute(sa.text(f"lock table {table} in share mode"))
            process = _run(books, act)
            _until(books, WAITING, 1, process)
            os.kill(process.pid, signal.SIGKILL)
            assert process.wait(30) == -signal.SIGKILL
        _until(books, WORKING, 0)


def _run(books: Warehouse, act: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "LEDGER_URL": books.url("wl_ledger")}
    return subprocess.Popen([sys.executable, "-c", BOOK, act], env=environment)


def _until(books: Warehouse, query: str, count: int, process: subprocess.Popen[bytes] | None = None) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process is None or process.poll() is None, "it ended without running into the lock"
        (found,) = rows(books.admin, query)
        if found["count"] == count:
            return
        time.sleep(0.1)
    raise AssertionError(f"{query} never became {count}")


def _counts(books: Warehouse) -> dict[str, int]:
    return {name: rows(books.admin, f"select count(*) from {name}")[0]["count"] for name in METADATA.tables}
