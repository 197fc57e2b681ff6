{# The slots of every live day as a select, for the live views. See macros/live.sql for what it reads. #}

{# Registers at slot boundaries 0 … 96 as whole Wh: the reading at that instant, else linear between neighbours at most
   30 minutes apart; across a break the boundary is not known. Rounded here and only here, so that slots add up. #}
{% macro live_boundaries() -%}
    boundaries as (
        select
            steps.metering_point_id,
            steps.channel,
            steps.delivery_on,
            series.boundary,
            steps.segment,
            max(steps.break_reason) over (
                partition by steps.metering_point_id, steps.channel, steps.delivery_on, steps.segment
            ) as segment_reason,
            moment.is_read,
            case when not moment.is_read then steps.next_break_reason end as unknown_reason,
            cast(
                round(
                    case
                        when moment.is_read then steps.register_kwh * steps.multiplier * 1000
                        when steps.next_break_reason is null
                            then
                                steps.register_kwh * steps.multiplier * 1000
                                + (steps.next_register_kwh - steps.register_kwh) * steps.multiplier * 1000
                                * extract(epoch from moment.boundary_at - steps.local_at)
                                / extract(epoch from steps.next_at - steps.local_at)
                    end
                ) as bigint
            ) as counter_wh
        from steps
        cross join lateral generate_series(
            greatest(cast(ceil(extract(epoch from steps.local_at - steps.delivery_on) / 900) as integer), 0),
            least(cast(ceil(extract(epoch from coalesce(steps.next_at, steps.local_at + interval '1 microsecond') - steps.delivery_on) / 900) as integer) - 1, 96)
        ) as series (boundary)
        cross join lateral (
            select
                steps.delivery_on + series.boundary * interval '15 minutes' as boundary_at,
                steps.delivery_on + series.boundary * interval '15 minutes' = steps.local_at as is_read
        ) as moment
        where moment.is_read or steps.next_at - steps.local_at <= interval '30 minutes'
    ),

    ends as (
        select
            boundaries.*,
            lag(boundaries.boundary) over register = boundaries.boundary - 1 as has_start,
            lag(boundaries.counter_wh) over register as start_wh,
            lag(boundaries.segment) over register as start_segment,
            lag(boundaries.is_read) over register as start_is_read,
            lag(boundaries.unknown_reason) over register as start_unknown_reason
        from boundaries
        window register as (
            partition by boundaries.metering_point_id, boundaries.channel, boundaries.delivery_on
            order by boundaries.boundary
        )
    )
{%- endmacro %}

{# metering_point_id, channel, delivery_on, slot, last_read_at, slot_status, energy_wh: 96 rows a live day. #}
{% macro live_slots() -%}
    with {{ live_readings() }},

    {{ live_boundaries() }},

    live_days as (
        select
            readings.metering_point_id,
            readings.channel,
            readings.delivery_on,
            bool_or(readings.multiplier is null) as is_unknown,
            max(readings.local_at) as last_read_at
        from readings
        group by readings.metering_point_id, readings.channel, readings.delivery_on
        having bool_or(cast(readings.local_at as date) = readings.delivery_on)
    ),

    judged_slots as (
        select
            live_days.metering_point_id,
            live_days.channel,
            live_days.delivery_on,
            series.slot,
            live_days.last_read_at,
            ends.counter_wh - ends.start_wh as energy_wh,
            case
                when live_days.is_unknown then 'unknown_point'
                when live_days.last_read_at < live_days.delivery_on + series.slot * interval '15 minutes' then 'awaited'
                when ends.has_start is not true then 'missing'
                when ends.unknown_reason is not null then ends.unknown_reason
                when ends.start_unknown_reason is not null then ends.start_unknown_reason
                when ends.segment <> ends.start_segment then ends.segment_reason
                when ends.is_read and ends.start_is_read then 'metered'
                else 'interpolated'
            end as slot_status
        from live_days
        cross join generate_series(1, 96) as series (slot)
        left join ends
            on
                live_days.metering_point_id = ends.metering_point_id
                and live_days.channel = ends.channel
                and live_days.delivery_on = ends.delivery_on
                and series.slot = ends.boundary
    )

    select
        judged_slots.metering_point_id,
        judged_slots.channel,
        judged_slots.delivery_on,
        judged_slots.slot,
        judged_slots.last_read_at,
        judged_slots.slot_status,
        case when judged_slots.slot_status in ('metered', 'interpolated') then judged_slots.energy_wh end as energy_wh
    from judged_slots
{%- endmacro %}
