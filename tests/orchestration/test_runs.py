"""The run register: one writer at a time, and what a killed run leaves behind."""

from __future__ import annotations

import threading
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from orchestration.home import Home
from orchestration.runs import (
    MARKET_TIME,
    BusinessDay,
    input_digest,
    last_digest,
    request_settlement,
    writing_marts,
)

DAY = BusinessDay.pinned(date(2026, 11, 12))


def _nobody_waits(message: str) -> None:
    raise AssertionError(f"nobody should wait here: {message}")


def test_business_day__is_the_pinned_one_seen_at_noon(tmp_path: Path) -> None:
    (tmp_path / "business_date").write_text("2026-11-12\n")
    found = BusinessDay.current(Home(tmp_path))
    assert found.day == date(2026, 11, 12)
    assert found.as_of == datetime(2026, 11, 12, 12, tzinfo=MARKET_TIME)


@pytest.mark.integration
def test_writing_marts__records_the_cut_and_the_outcome(engine: sa.Engine) -> None:
    with writing_marts(engine, "marts", DAY, _nobody_waits) as run:
        assert run.through_batch_seq == 0
        assert run.pgoptions == f"-c wattledger.run_id={run.run_id}"
    assert last_digest(engine, "marts", DAY.day) == input_digest(engine)
    assert last_digest(engine, "marts", date(2026, 11, 13)) is None


@pytest.mark.integration
def test_writing_marts__a_failed_run_does_not_count(engine: sa.Engine) -> None:
    with pytest.raises(RuntimeError, match="broken"), writing_marts(engine, "marts", DAY, _nobody_waits):
        raise RuntimeError("broken")
    assert last_digest(engine, "marts", DAY.day) is None


@pytest.mark.integration
def test_writing_marts__a_second_writer_waits_and_is_told_who_holds(engine: sa.Engine) -> None:
    messages: list[str] = []
    order: list[str] = []
    told = threading.Event()

    def wait(message: str) -> None:
        messages.append(message)
        told.set()

    def second() -> None:
        with writing_marts(engine, "second", DAY, wait):
            order.append("second")

    thread = threading.Thread(target=second)
    with writing_marts(engine, "first", DAY, _nobody_waits) as run:
        thread.start()
        assert told.wait(10)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
    assert f"wattledger first run {run.run_id}" in messages[0]


@pytest.mark.integration
def test_writing_marts__a_killed_run_is_marked_failed_by_the_next(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "insert into ops.run (kind, business_date, as_of, through_batch_seq, code_version, input_digest,"
            " status) values ('marts', '2026-11-12', now(), 0, '0', 'x', 'running')"
        )
    with writing_marts(engine, "marts", DAY, _nobody_waits):
        pass
    with engine.connect() as connection:
        assert list(connection.scalars(sa.text("select status from ops.run order by run_id"))) == [
            "failed",
            "succeeded",
        ]


@pytest.mark.integration
def test_request_settlement__twice_registers_once_and_changes_the_digest(engine: sa.Engine) -> None:
    before = input_digest(engine)
    for _ in range(2):
        request_settlement(engine, "shandong", [date(2026, 9, 1), date(2026, 10, 1)])
    with engine.connect() as connection:
        assert connection.scalar(sa.text("select count(*) from ops.settlement_month")) == 2
    assert input_digest(engine) != before
