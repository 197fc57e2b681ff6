"""SQL of the fold: which curves of a day are due, and their 96 slots in Wh from live registers.

The rule is that of the view ``marts_energy.energy_live_slot`` (``dbt_project/macros/live*.sql``), which shows
the same days while they run; a test holds the two against each other. It is written down twice because the
rooms are apart: the fold must work before dbt has ever run, and dbt's views must not wait for the fold.
"""

from __future__ import annotations

from ingestion.feeds.meter_day import FEED as METER_DAY
from ingestion.outcome import OWN_SOURCES

SOURCE = "live_registers"
# estimates and a person's edits are versions of a day, but nobody delivered them
_NO_DELIVERY = ", ".join(f"'{source}'" for source in (SOURCE, *OWN_SOURCES))
assert METER_DAY.curve is not None

# every reading that bounds a slot of the day lies in here
WINDOW = """
r.kind = 'live'
and r.read_at >= cast(%(day)s as timestamp) at time zone 'Asia/Shanghai' - interval '30 minutes'
and r.read_at <= cast(%(day)s as timestamp) at time zone 'Asia/Shanghai' + interval '24 hours 30 minutes'
"""

# a fold's file is named by the newest batch of readings that it saw: what lands meanwhile is not overlooked
HAS_NEWS = f"""
select exists (
    select from landing.register_reading r
    where {WINDOW} and r.batch_id > coalesce((
        select max(cast(substring(b.file_name from '([0-9]+)[.]csv$') as bigint)) from landing.batch b
        where b.feed = 'meter_day' and b.source = '{SOURCE}' and starts_with(b.file_name, %(prefix)s)
    ), 0)
)
"""

_DUE = f"""
due as (
    select r.metering_point_id, r.channel, max(b.known_at) as known_at,
        max(r.batch_id) as newest_batch_id
    from landing.register_reading r
    join landing.batch b using (batch_id)
    where {WINDOW}
    group by r.metering_point_id, r.channel
    having bool_or(cast(r.read_at at time zone 'Asia/Shanghai' as date) = %(day)s) and not exists (
        select from landing.meter_day m
        where m.metering_point_id = r.metering_point_id and m.channel = r.channel
            and m.delivery_on = %(day)s and m.source not in ({_NO_DELIVERY})
    )
)
"""

_STEPS = f"""
points as (
    select p.metering_point_id, p.meter_id, p.ct_ratio * p.pt_ratio as multiplier, p.effective_from,
        least(
            coalesce(p.effective_to, date '9999-12-31'),
            coalesce(
                lead(p.effective_from) over (partition by p.metering_point_id order by p.effective_from) - 1,
                date '9999-12-31'
            )
        ) as valid_to
    from (
        select distinct on (metering_point_id, effective_from) *
        from landing.metering_point order by metering_point_id, effective_from, version desc
    ) p
),
versions as (
    select distinct on (r.metering_point_id, r.channel, r.read_at)
        r.metering_point_id, r.channel, r.read_at at time zone 'Asia/Shanghai' as local_at, r.register_kwh
    from landing.register_reading r
    join due using (metering_point_id, channel)
    where {WINDOW}
    order by r.metering_point_id, r.channel, r.read_at, r.version desc
),
judged as (
    select v.*, p.multiplier,
        lag(v.local_at) over series is not null and (
            p.meter_id is distinct from lag(p.meter_id) over series
            or p.multiplier is distinct from lag(p.multiplier) over series
            or v.register_kwh < lag(v.register_kwh) over series
        ) as is_broken
    from versions v
    left join points p
        on p.metering_point_id = v.metering_point_id
        and cast(v.local_at as date) between p.effective_from and p.valid_to
    where v.register_kwh is not null
    window series as (partition by v.metering_point_id, v.channel order by v.local_at)
),
steps as (
    select j.*,
        count(*) filter (where j.is_broken) over (series rows unbounded preceding) as segment,
        lead(j.local_at) over series as next_at,
        lead(j.register_kwh) over series as next_kwh,
        lead(j.is_broken) over series as next_is_broken
    from judged j
    window series as (partition by j.metering_point_id, j.channel order by j.local_at)
)
"""

_SLOTS = """
counters as (
    select s.metering_point_id, s.channel, g.boundary, s.segment,
        round(case
            when m.boundary_at = s.local_at then s.register_kwh * s.multiplier * 1000
            when not s.next_is_broken then s.register_kwh * s.multiplier * 1000
                + (s.next_kwh - s.register_kwh) * s.multiplier * 1000
                * extract(epoch from m.boundary_at - s.local_at) / extract(epoch from s.next_at - s.local_at)
        end) as wh
    from steps s
    cross join lateral (
        select extract(epoch from s.local_at - cast(%(day)s as timestamp)) as begins,
            extract(epoch from s.next_at - cast(%(day)s as timestamp)) as ends
    ) e
    cross join lateral generate_series(
        greatest(cast(ceil(e.begins / 900) as integer), 0),
        least(coalesce(cast(ceil(e.ends / 900) as integer) - 1, cast(ceil(e.begins / 900) as integer)), 96)
    ) as g (boundary)
    cross join lateral (
        select cast(%(day)s as timestamp) + g.boundary * interval '15 minutes' as boundary_at
    ) m
    where m.boundary_at = s.local_at or s.next_at - s.local_at <= interval '30 minutes'
),
slots as (
    select c.metering_point_id, c.channel, c.boundary as slot,
        case when lag(c.boundary) over series = c.boundary - 1 and lag(c.segment) over series = c.segment
            then cast(c.wh - lag(c.wh) over series as bigint) end as wh
    from counters c
    window series as (partition by c.metering_point_id, c.channel order by c.boundary)
)
"""

_HEAD = ", ".join(f"cast(m.{name} as bigint)" for name in METER_DAY.curve.names)

CURVES = f"""
with {_DUE}, {_STEPS}, {_SLOTS},
curves as (
    select due.metering_point_id, due.channel, due.known_at, array_agg(slots.wh order by n.slot) as wh
    from due
    cross join generate_series(1, 96) as n (slot)
    left join slots
        on slots.metering_point_id = due.metering_point_id
        and slots.channel = due.channel
        and slots.slot = n.slot
    group by due.metering_point_id, due.channel, due.known_at
    having count(slots.wh) > 0
)
select c.metering_point_id, c.channel, c.wh, c.known_at, (select max(newest_batch_id) from due)
from curves c
where c.wh is distinct from (
    select array[{_HEAD}] from landing.meter_day m
    where m.metering_point_id = c.metering_point_id and m.channel = c.channel and m.delivery_on = %(day)s
        and m.source = '{SOURCE}'
    order by m.version desc limit 1
)
order by c.metering_point_id, c.channel
"""

UNKNOWN_POINTS = f"""
with {_DUE}, {_STEPS}
select distinct metering_point_id from steps where multiplier is null
"""
