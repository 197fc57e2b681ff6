"""The SQL of one feed's landing: stage table, unchanged records, versions, slot flags.

All names come from feed declarations, never from delivered files.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from psycopg import sql
from sqlalchemy import Numeric

from ingestion.feeds.base import Feed
from ingestion.outcome import OWN_SOURCES
from ingestion.tables import METER_SLOT_FLAG

TAKEN = "pg_temp.taken"
MAKE_TAKEN = sql.SQL(
    "create temporary table if not exists taken "
    "(line_no int4, code text, first_line int4, is_same bool, known_at timestamptz)"
)
READ_TAKEN = sql.SQL(f"select line_no, code, first_line, is_same, known_at from {TAKEN} order by line_no")
EMPTY_TAKEN = sql.SQL(f"truncate {TAKEN}")


@dataclass(frozen=True)
class FeedSql:
    """Statements of one feed, in the order in which a delivery runs them."""

    make_stage: sql.SQL
    known_among: sql.SQL
    straight: sql.SQL | None
    empty_stage: sql.SQL
    truncate_stage: sql.SQL
    drop_stage: sql.SQL
    copy: sql.SQL
    note_repeated: sql.SQL
    compare_repeated: sql.SQL
    take_repeated: sql.SQL
    note_unchanged: sql.SQL
    note_older: sql.SQL
    take_unchanged: sql.SQL
    take_older: sql.SQL
    staged_keys: sql.SQL
    any_staged: sql.SQL
    land: sql.SQL
    land_with_flags: sql.SQL | None


@cache
def statements(feed: Feed) -> FeedSql:
    """SQL for ``feed``; inserts take the parameters ``batch_id`` and ``source``, take_older ``known_at``."""
    table = feed.name
    stage = f"pg_temp.stage_{table}"
    same_key = " and ".join(f"l.{name} = {_staged(feed, name)}" for name in feed.key)
    # what is delivered is compared with what was delivered, not with our own estimates and edits of it
    delivered = f" and l.source not in {OWN_SOURCES!r}" if feed.keeps_source and feed.flags_slots else ""
    latest = f"select l.* from landing.{table} l where {same_key}{delivered} order by l.version desc limit 1"
    if feed.attributes:
        old = ", ".join(f"latest.{name}" for name in feed.attributes)
        new = ", ".join(_staged(feed, name) for name in feed.attributes)
        same = f"row({old}) is not distinct from row({new})"
    else:
        same = "true"
    # the subquery with LIMIT cannot be turned into a join, so each staged key costs one index probe, however
    # large the landing table is
    unchanged = (
        f"delete from {stage} s where exists (select from ({latest}) latest where {same}) "
        f"returning s.line_no, {', '.join(f's.{name}' for name in feed.key)}"
    )
    head_known_at = (
        f"select b.known_at from landing.{table} l join landing.batch b using (batch_id) "
        f"where {same_key}{delivered} order by l.version desc limit 1"
    )
    older = (
        f"delete from {stage} d "
        f"using (select s.ctid as place, ({head_known_at}) as known_at from {stage} s) h "
        "where h.place = d.ctid and h.known_at > %(known_at)s::timestamptz "
        f"returning d.line_no, h.known_at, {', '.join(f'd.{name}' for name in feed.key)}"
    )
    names = ", ".join(feed.file_columns)
    values = ", ".join(_staged(feed, name) for name in feed.file_columns)
    source = (", source", ", %(source)s::text") if feed.keeps_source else ("", "")
    land = (
        f"insert into landing.{table} ({names}{source[0]}, version, batch_id, line_no) "
        f"select {values}{source[1]}, "
        f"coalesce((select max(l.version) from landing.{table} l where {same_key}), 0) + 1, "
        f"%(batch_id)s::bigint, s.line_no from {stage} s"
    )
    return FeedSql(
        sql.SQL(_stage_ddl(feed, stage)),
        sql.SQL(_known_among(feed)),
        sql.SQL(_straight(feed)) if _lands_as_staged(feed) else None,
        sql.SQL(f"delete from {stage}"),
        sql.SQL(f"truncate {stage}"),
        sql.SQL(f"drop table {stage}"),
        sql.SQL(f"copy {stage} ({names}, line_no) from stdin (format binary)"),
        sql.SQL(_note_repeated(feed, stage)),
        sql.SQL(_compare_repeated(feed, stage)),
        sql.SQL(f"delete from {stage} s using {TAKEN} t where t.line_no = s.line_no"),
        sql.SQL(
            f"with gone as ({unchanged}) insert into {TAKEN} (line_no, code) "
            "select line_no, 'UNCHANGED' from gone"
        ),
        sql.SQL(
            f"with gone as ({older}) insert into {TAKEN} (line_no, code, known_at) "
            "select line_no, 'OLDER_THAN_HEAD', known_at from gone"
        ),
        sql.SQL(unchanged),
        sql.SQL(older),
        sql.SQL(f"select {', '.join(feed.key)} from {stage}"),
        sql.SQL(f"select 1 from {stage} limit 1"),
        sql.SQL(land),
        sql.SQL(_land_with_flags(feed, land)) if feed.flags_slots else None,
    )


def _known_among(feed: Feed) -> str:
    """Whether any of some keys has landed; its parameters are one array per column of the key."""
    types = {column.name: column.stage_type for column in feed.columns}
    arrays = ", ".join(f"%s::{types[name]}[]" for name in feed.key)
    same = " and ".join(f"l.{name} = k.{name}" for name in feed.key)
    return (
        f"select exists (select from unnest({arrays}) k ({', '.join(feed.key)}) "
        f"where exists (select from landing.{feed.name} l where {same}))"
    )


def _lands_as_staged(feed: Feed) -> bool:
    """True when COPY can fill the landing columns: the stage table's types, no steps to judge."""
    return feed.steps is None and not any(
        isinstance(feed.table.c[name].type, Numeric) for name in feed.file_columns
    )


def _straight(feed: Feed) -> str:
    """COPY into the landing table itself, past the stage table; see ``packing.pack_stream``."""
    names = ("source",) if feed.keeps_source else ()
    columns = (*names, "version", "batch_id", *feed.file_columns, "line_no")
    return f"copy landing.{feed.name} ({', '.join(columns)}) from stdin (format binary)"


def _note_repeated(feed: Feed, stage: str) -> str:
    """Note the records whose key stands on an earlier line."""
    return (
        f"insert into {TAKEN} (line_no, code, first_line) "
        "select r.line_no, 'DUPLICATE_IN_FILE', r.first_line from ("
        f"select s.line_no, min(s.line_no) over (partition by {', '.join(feed.key)}) as first_line "
        f"from {stage} s) r where r.line_no > r.first_line"
    )


def _compare_repeated(feed: Feed, stage: str) -> str:
    """Note whether repeated records say the same as the first of their key."""
    old, new = (", ".join(f"{alias}.{name}" for name in feed.attributes) for alias in ("f", "d"))
    same = f"row({old}) is not distinct from row({new})" if feed.attributes else "true"
    return (
        f"update {TAKEN} t set is_same = {same} from {stage} d, {stage} f "
        "where d.line_no = t.line_no and f.line_no = t.first_line"
    )


def _staged(feed: Feed, name: str) -> str:
    """Staged column in its landing type; decimals are staged as text, which PostgreSQL reads exactly."""
    column = feed.table.c[name]
    return f"s.{name}::{column.type}" if isinstance(column.type, Numeric) else f"s.{name}"


def _stage_ddl(feed: Feed, stage: str) -> str:
    """Temporary table that the connection keeps for all deliveries of the feed."""
    columns = [f"{column.name} {column.stage_type}" for column in feed.columns]
    columns += [f"{name} int4" for name in (feed.curve.names if feed.curve else ())]
    return f"create temporary table if not exists {stage} ({', '.join(columns)}, line_no int4)"


def _land_with_flags(feed: Feed, land: str) -> str:
    """The landing insert, then one flag per slot that is missing or belongs to an estimated record."""
    assert feed.curve is not None
    slots = ", ".join(f"({number}::smallint, d.{name})" for number, name in enumerate(feed.curve.names, 1))
    target = f"{METER_SLOT_FLAG.schema}.{METER_SLOT_FLAG.name}"
    key = ", ".join(f"d.{name}" for name in feed.key)
    return (
        f"with d as ({land} returning *) insert into {target} "
        f"({', '.join(feed.key)}, version, slot, rule_code, flagged_by, reason, batch_id) "
        f"select {key}, d.version, v.slot, "
        "case when v.value is null then 'MISSING' else 'ESTIMATED_AT_SOURCE' end, 'ingestion', "
        "case when v.value is null then 'blank in the delivery' else 'delivered with quality=estimated' end, "
        f"d.batch_id from d cross join lateral (values {slots}) v (slot, value) "
        "where v.value is null or d.quality = 'estimated'"
    )
