"""The run register: one writer of marts at a time, and the cut that a run reads at.

A run is a row of ``ops.run``. dbt learns which row is its own through the session setting
``wattledger.run_id`` (libpq's ``PGOPTIONS``), so that no dbt variable changes and no re-parse is needed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from importlib.metadata import version
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from orchestration.home import Home
from orchestration.ops_tables import RUN, SETTLEMENT_MONTH
from orchestration.transform import project_digest
from orchestration.unchanged import source_states

MARKET_TIME = ZoneInfo("Asia/Shanghai")
GATE_TIME = time(12, 0)
_INPUTS = sa.text(
    """
    select
        (select coalesce(max(batch_seq), 0) from landing.batch),
        (select string_agg(distinct pack_hash, ',' order by pack_hash) from reference.pack_day),
        (select string_agg(province || delivery_month, ',' order by province, delivery_month)
         from ops.settlement_month),
        (select coalesce(max(run_id), 0) from ledger.settlement_run_state where state = 'closed')
    """
)
_NEWS = sa.text(
    """
    select
        exists (
            select from landing.batch b where b.batch_seq > :read and b.feed <> 'register_reading'
        )
        or exists (
            select from landing.batch b join landing.register_reading r using (batch_id)
            where b.batch_seq > :read and b.feed = 'register_reading' and r.kind <> 'live'
        )
    """
)
_LOCK_HOLDER = sa.text(
    """
    select a.application_name, a.pid from pg_locks l join pg_stat_activity a using (pid)
    where l.locktype = 'advisory' and l.objid = :key and l.granted
    """
)
WRITER_LOCK = 0x57415454
"""One advisory lock for every writer of marts, and for whoever must not meet one."""


@dataclass(frozen=True)
class BusinessDay:
    """What "today" means for a run, and up to which moment its business knows things."""

    day: date
    as_of: datetime

    @classmethod
    def current(cls, home: Home) -> BusinessDay:
        """The pinned day of a sample retailer, else the wall clock in the market's time zone."""
        pinned = home.root / "business_date"
        if pinned.exists():
            return cls.pinned(date.fromisoformat(pinned.read_text().strip()))
        now = datetime.now(MARKET_TIME)
        return cls(now.date(), now)

    @classmethod
    def pinned(cls, day: date) -> BusinessDay:
        """A fixed business day, seen at its gate (noon)."""
        return cls(day, datetime.combine(day, GATE_TIME, MARKET_TIME))


@dataclass(frozen=True)
class Run:
    """An open run: its id, its day, the last batch it may read, and whether the SQL is new to these marts.

    ``states`` are the sources' now, ``states_before`` those that the last run of its kind succeeded on.
    """

    run_id: int
    day: date
    through_batch_seq: int
    sql_changed: bool
    states: Mapping[str, str]
    states_before: Mapping[str, str]

    @property
    def pgoptions(self) -> str:
        """The libpq options that make a session belong to this run."""
        return f"-c wattledger.run_id={self.run_id}"


def contracted_provinces(engine: sa.Engine) -> list[str]:
    """Provinces with a retail contract: a month is settled for each of them."""
    query = sa.text("select distinct province from landing.contract order by province")
    with engine.connect() as connection:
        return list(connection.scalars(query))


def forget_settlement(engine: sa.Engine, month: date) -> None:
    """Take a delivery month off the list of months to settle (it was asked for by mistake)."""
    with engine.begin() as connection:
        connection.execute(SETTLEMENT_MONTH.delete().where(SETTLEMENT_MONTH.c.delivery_month == month))


def request_settlement(engine: sa.Engine, province: str, months: list[date]) -> None:
    """Register delivery months to be settled from now on. Idempotent."""
    with engine.begin() as connection:
        known = set(
            connection.scalars(
                sa.select(SETTLEMENT_MONTH.c.delivery_month).where(SETTLEMENT_MONTH.c.province == province)
            )
        )
        for month in months:
            if month not in known:
                connection.execute(SETTLEMENT_MONTH.insert().values(province=province, delivery_month=month))


def input_digest(engine: sa.Engine) -> str:
    """SHA-256 over all that decides the marts: batches, packs, months asked for and closed, the SQL."""
    with engine.connect() as connection:
        data = connection.execute(_INPUTS).one()
    return hashlib.sha256(repr((tuple(data), project_digest())).encode()).hexdigest()


def last_digest(engine: sa.Engine, kind: str, day: date) -> str | None:
    """The input digest of the newest run of ``kind``, if it succeeded on business day ``day``."""
    newest = sa.select(RUN).where(RUN.c.kind == kind).order_by(RUN.c.run_id.desc()).limit(1)
    with engine.connect() as connection:
        row = connection.execute(newest).one_or_none()
    if row is None or row.status != "succeeded" or row.business_date != day:
        return None
    return str(row.input_digest)


def last_cut(engine: sa.Engine, kind: str) -> int:
    """The last batch that a succeeded run of ``kind`` has read; 0 before the first one."""
    newest = sa.select(sa.func.coalesce(sa.func.max(RUN.c.through_batch_seq), 0))
    with engine.connect() as connection:
        return int(
            connection.execute(newest.where(RUN.c.status == "succeeded", RUN.c.kind == kind)).scalar_one()
        )


def has_news(engine: sa.Engine, read: int) -> bool:
    """Whether anything but live readings has landed behind batch ``read``."""
    with engine.connect() as connection:
        return bool(connection.execute(_NEWS, {"read": read}).scalar_one())


def record_checks(engine: sa.Engine, kind: str, business_day: BusinessDay, through_batch_seq: int) -> None:
    """Note that the landing checks of ``kind`` passed up to a batch; the next ones begin after it."""
    with engine.begin() as connection:
        connection.execute(
            RUN.insert().values(
                kind=kind,
                business_date=business_day.day,
                as_of=business_day.as_of,
                through_batch_seq=through_batch_seq,
                code_version=_code_version(),
                input_digest="",
                status="succeeded",
                finished_at=sa.func.now(),
            )
        )


def _code_version() -> str:
    return f"{version('wattledger')}+{project_digest()[:16]}"


@contextmanager
def writing_marts(
    engine: sa.Engine, kind: str, business_day: BusinessDay, on_wait: Callable[[str], None]
) -> Iterator[Run]:
    """Hold the writer's lock and an open run; a second writer waits and is told who holds it.

    The run is marked succeeded or failed at the end. A killed process leaves it ``running``; its lock is
    released by the server, and the next run heals the marts.
    """
    digest = input_digest(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as guard:
        if not guard.scalar(sa.select(sa.func.pg_try_advisory_lock(WRITER_LOCK))):
            on_wait(_holder(guard))
            guard.execute(sa.select(sa.func.pg_advisory_lock(WRITER_LOCK)))
        guard.execute(
            sa.update(RUN).where(RUN.c.status == "running").values(status="failed", finished_at=sa.func.now())
        )
        run = _open(guard, kind, business_day, digest)
        guard.execute(
            sa.select(sa.func.set_config("application_name", f"wattledger {kind} run {run.run_id}", False))
        )
        status = "failed"
        try:
            yield run
            status = "succeeded"
        finally:
            guard.execute(
                sa.update(RUN)
                .where(RUN.c.run_id == run.run_id)
                .values(status=status, finished_at=sa.func.now())
            )
            guard.execute(sa.select(sa.func.pg_advisory_unlock(WRITER_LOCK)))


def _open(connection: sa.Connection, kind: str, business_day: BusinessDay, digest: str) -> Run:
    through = sa.text("select coalesce(max(batch_seq), 0) from landing.batch")
    cut = int(connection.execute(through).scalar_one())
    states = source_states(connection, cut, business_day.day)
    code_version = _code_version()
    done = sa.select(RUN).where(RUN.c.kind == kind, RUN.c.status == "succeeded")
    last = connection.execute(done.order_by(RUN.c.run_id.desc()).limit(1)).one_or_none()
    run_id = connection.execute(
        RUN.insert()
        .values(
            kind=kind,
            business_date=business_day.day,
            as_of=business_day.as_of,
            through_batch_seq=cut,
            code_version=code_version,
            input_digest=digest,
            source_states=states,
            status="running",
        )
        .returning(RUN.c.run_id)
    ).scalar_one()
    before: dict[str, str] = {}
    sql_changed = False
    if last is not None:
        sql_changed = last.code_version != code_version
        before = last.source_states or {}
    return Run(run_id, business_day.day, cut, sql_changed, states, before)


def _holder(connection: sa.Connection) -> str:
    found = connection.execute(_LOCK_HOLDER, {"key": WRITER_LOCK}).one_or_none()
    if found is None:
        return "another run was writing the marts and has just finished"
    return f"waiting: {found.application_name or 'a session'} (server pid {found.pid}) is writing the marts"
