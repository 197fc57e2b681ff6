"""Which meter-days have to be looked at again: those whose own inputs arrived since the last look."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import psycopg

from ingestion.vee.master import FREEZES, Master
from ingestion.vee.store import Key

MISSING_DAY_HORIZON: Final = 62
"""Days back in which an expected day without a delivery is looked for, but for a look at everything."""
UNFINISHED_DAYS: Final = 7
"""Days back in which a gap that was seen on the day itself is looked at again."""
OVERDUE_DAYS: Final = 2
"""A day is delivered on D+1; it is overdue when D+1 has passed."""

_FIRST: Final = "(select min(batch_id) from landing.batch where batch_seq > %(after)s)"
_METERED: Final = f"""
select distinct metering_point_id, channel, delivery_on from landing.meter_day
where batch_id >= {_FIRST} and source <> 'vee'
union
select distinct metering_point_id, channel, delivery_on from landing.meter_day_verdict
where batch_id >= {_FIRST} and decided_by <> 'vee'
"""
# the days of the spans on both sides of a new freeze
_FROZEN: Final = f"""
with fresh as (
    select distinct metering_point_id, channel, read_at from landing.register_reading
    where batch_id >= {_FIRST} and kind = any(%(kinds)s) and register_kwh is not null
), around as (
    select f.metering_point_id, f.channel,
        (select coalesce(max(r.read_at), f.read_at) from landing.register_reading r
            where r.metering_point_id = f.metering_point_id and r.channel = f.channel
                and r.read_at < f.read_at and r.kind = any(%(kinds)s)) as first_at,
        (select coalesce(min(r.read_at), f.read_at) from landing.register_reading r
            where r.metering_point_id = f.metering_point_id and r.channel = f.channel
                and r.read_at > f.read_at and r.kind = any(%(kinds)s)) as last_at
    from fresh f
)
select distinct metering_point_id, channel, d::date
from around cross join lateral generate_series((first_at at time zone 'Asia/Shanghai')::date,
    (last_at at time zone 'Asia/Shanghai')::date, interval '1 day') d
where last_at - first_at < interval '125 days'
"""
_MASTER: Final = f"""
with touched as (
    select metering_point_id, min(effective_from) as first_on from landing.metering_point
    where batch_id >= {_FIRST} group by 1
    union all
    select p.metering_point_id, min(a.effective_from) from landing.account a
    join landing.metering_point p using (account_id) where a.batch_id >= {_FIRST} group by 1
)
select distinct m.metering_point_id, m.channel, m.delivery_on
from touched t join landing.meter_day m using (metering_point_id) where m.delivery_on >= t.first_on
"""
# days that were not over yet when a run saw their gaps
_UNFINISHED: Final = """
select distinct f.metering_point_id, f.channel, f.delivery_on
from landing.meter_slot_flag f join landing.batch b using (batch_id)
where f.rule_code = 'MISSING' and f.delivery_on between %(recent)s and %(until)s
    and b.known_at < (f.delivery_on + 1)::timestamp at time zone 'Asia/Shanghai'
"""
# a contract expects the day, the point has been metered before, and nothing was delivered in time
_MISSING: Final = """
with point as (
    select metering_point_id, account_id, net_rule, effective_from as first_on,
        least(coalesce(effective_to, date '9999-12-31'), coalesce(lead(effective_from) over (
            partition by metering_point_id order by effective_from) - 1, date '9999-12-31')) as last_on
    from (select distinct on (metering_point_id, effective_from) * from landing.metering_point
        order by metering_point_id, effective_from, version desc) head
), member as (
    select distinct on (contract_id, account_id, effective_from) * from landing.contract_account
    order by contract_id, account_id, effective_from, version desc
), contract as (
    select distinct on (contract_id) * from landing.contract order by contract_id, version desc
), span as (
    select p.metering_point_id, c.channel,
        greatest(p.first_on, m.effective_from, k.effective_from, %(since)s, s.began_on) as first_on,
        least(p.last_on, coalesce(m.effective_to, date '9999-12-31'), k.effective_to, %(until)s) as last_on
    from point p
    join member m using (account_id)
    join contract k using (contract_id)
    cross join lateral (values ('active_import', true), ('active_export', p.net_rule = 'import_minus_export'))
        c (channel, is_needed)
    cross join lateral (select min(d.delivery_on) as began_on from landing.meter_day d
        where d.metering_point_id = p.metering_point_id and d.channel = c.channel) s
    where c.is_needed and s.began_on is not null
)
select distinct s.metering_point_id, s.channel, d::date
from span s cross join lateral generate_series(s.first_on, s.last_on, interval '1 day') d
where not exists (select from landing.meter_day m where m.metering_point_id = s.metering_point_id
    and m.channel = s.channel and m.delivery_on = d::date and m.source <> 'vee')
"""


def changed_keys(
    pg: psycopg.Connection[Any], master: Master, business_on: date, after_batch_seq: int
) -> tuple[set[Key], set[Key]]:
    """Meter-days to look at, and which of them are overdue: expected and never delivered.

    ``after_batch_seq`` 0 looks at everything. A main point takes its sub-points with it, and a sub-point its
    siblings.
    """
    until = business_on - timedelta(days=1)
    recent = business_on - timedelta(days=UNFINISHED_DAYS)
    values = {"after": after_batch_seq, "kinds": list(FREEZES), "recent": recent, "until": until}
    since = date(2000, 1, 1) if after_batch_seq == 0 else business_on - timedelta(days=MISSING_DAY_HORIZON)
    due = business_on - timedelta(days=OVERDUE_DAYS)
    overdue = set(pg.execute(_MISSING, {"since": since, "until": due}))
    changed: set[Key] = set(pg.execute(_METERED, values))
    if after_batch_seq:
        for query in (_FROZEN, _MASTER, _UNFINISHED):
            changed |= set(pg.execute(query, values))
    return changed | overdue | _relatives(master, changed), overdue


def _relatives(master: Master, keys: set[Key]) -> set[Key]:
    """The same days of the sub-points of a main point, and of the siblings of a sub-point."""
    found: set[Key] = set()
    if not master.subs:
        return found
    for point_id, channel, day in keys:
        main = master.main_on(point_id, day) or point_id
        found.update((sub, channel, day) for sub in master.siblings(main, day))
    return found
