"""The run that made the marts: what a month is closed from, and whether the marts may be relied on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from orchestration.ops_tables import RUN
from orchestration.runs import WRITER_LOCK, has_news
from orchestration.unchanged import PACKAGE_TABLES

_TRY_LOCK: Final = sa.select(sa.func.pg_try_advisory_xact_lock(WRITER_LOCK))


class LedgerError(RuntimeError):
    """Something was asked of the ledger that it refuses; the message says why and what to do."""


@dataclass(frozen=True)
class MartsRun:
    """The newest run over all models: its day, its cut, its code, and a digest of what it read."""

    business_date: date
    as_of: datetime
    through_batch_seq: int
    code_version: str
    input_digest: str


def take_turn(connection: sa.Connection) -> None:
    """Keep every writer of marts, and every other booking, out until the transaction ends.

    Raises LedgerError when somebody is writing the marts: they would be read half made.
    """
    if not connection.execute(_TRY_LOCK).scalar_one():
        raise LedgerError("the marts are being written; try again when the run is over")


def current_marts_run(connection: sa.Connection) -> MartsRun:
    """The run that made the marts as they are.

    Raises LedgerError when there is none, when the newest did not succeed, or when deliveries landed since.
    """
    row = _newest(connection)
    if row is None or row.status != "succeeded":
        state = "were never made" if row is None else f"are half made: run {row.run_id} {row.status}"
        raise LedgerError(f"the marts {state}; run `wattledger settle --month YYYY-MM` first")
    if has_news(connection.engine, row.through_batch_seq):
        raise LedgerError(
            f"deliveries landed after the marts were made (they read through batch {row.through_batch_seq});"
            " run `wattledger settle --month YYYY-MM` first"
        )
    return _marts_run(row)


def latest_digest(connection: sa.Connection) -> str | None:
    """The digest of what the newest run read, whatever became of it; None before the first one."""
    row = _newest(connection)
    return None if row is None else _marts_run(row).input_digest


def _newest(connection: sa.Connection) -> sa.Row[Any] | None:
    newest = sa.select(RUN).where(RUN.c.kind == "marts").order_by(RUN.c.run_id.desc()).limit(1)
    return connection.execute(newest).one_or_none()


def _marts_run(row: sa.Row[Any]) -> MartsRun:
    return MartsRun(
        business_date=row.business_date,
        as_of=row.as_of,
        through_batch_seq=int(row.through_batch_seq),
        code_version=str(row.code_version),
        input_digest=_digest(row.source_states or {}, str(row.code_version)),
    )


def _digest(states: Mapping[str, Any], code_version: str) -> str:
    """SHA-256 over what decides a month's lines: newest batch of each feed, rule packs, packages, SQL."""
    read = {
        name: state
        for name, state in sorted(states.items())
        if name.startswith(("landing.", "reference.")) and name not in ("landing.batch", *PACKAGE_TABLES)
    }
    return hashlib.sha256(json.dumps([read, code_version]).encode()).hexdigest()
