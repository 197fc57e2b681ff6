"""The SQL of landing meter days part by part: days taken out again, and the flags of their slots."""

from __future__ import annotations

from typing import Final

from psycopg import sql

from ingestion.feeds.meter_day import FEED
from ingestion.landing_sql import statements

_KEY: Final = "metering_point_id, channel, delivery_on"

MAKE_TABLES: Final = (
    """
create temporary table if not exists shaped_flag
(metering_point_id text, channel text, delivery_on date, slot int2, rule_code text, reason text)
""",
    """
create temporary table if not exists taken_day
(metering_point_id text, channel text, delivery_on date, code text, line_no int4, known_at timestamptz)
""",
    "create index if not exists taken_day_key on pg_temp.taken_day (metering_point_id, delivery_on)",
)
EMPTY_TABLES: Final = "truncate pg_temp.shaped_flag, pg_temp.taken_day"
COPY_FLAGS: Final = f"copy pg_temp.shaped_flag ({_KEY}, slot, rule_code, reason) from stdin"

NOTE_UNCHANGED: Final = sql.SQL(
    f"with gone as ({{}}) insert into pg_temp.taken_day ({_KEY}, code, line_no) "
    f"select {_KEY}, 'UNCHANGED', line_no from gone"
).format(statements(FEED).take_unchanged)
NOTE_OLDER: Final = sql.SQL(
    f"with gone as ({{}}) insert into pg_temp.taken_day ({_KEY}, code, line_no, known_at) "
    f"select {_KEY}, 'OLDER_THAN_HEAD', line_no, known_at from gone"
).format(statements(FEED).take_older)
LATEST_HEAD: Final = "select max(known_at) from pg_temp.taken_day"
READ_TAKEN: Final = f"""
select {_KEY}, t.code, t.line_no, t.known_at
from unnest(%s::text[], %s::text[], %s::date[]) k ({_KEY}) join pg_temp.taken_day t using ({_KEY})
"""

STAGED_COUNT: Final = "select count(*) from pg_temp.stage_meter_day"
ADD_SHAPED: Final = "insert into landing.shaped_batch (batch_id, records_landed) values (%s, %s)"
LAND_FLAGS: Final = f"""
insert into landing.meter_slot_flag
    ({_KEY}, version, slot, rule_code, flagged_by, reason, batch_id)
select {_KEY}, l.version, f.slot, f.rule_code, 'ingestion', f.reason, l.batch_id
from pg_temp.shaped_flag f join landing.meter_day l using ({_KEY})
where l.batch_id = %s
"""
