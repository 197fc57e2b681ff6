{# The slots of every live day as a select, for the live views. See macros/live.sql for what it reads. #}

{# Registers at slot boundaries 0 … 96 as whole Wh: the reading at that instant, else linear between neighbours at most
   30 minutes apart; across a break or a longer gap the boundary is not known. Rounded here and only here, so that slots
   add up. Each boundary belongs to one step: the first one reaches back to 00:00, the last one on to 24:00. #}
{% macro live_boundaries() -%}
    boundaries as (
        select
            steps.metering_point_id,
            steps.channel,
            steps.delivery_on,
            series.boundary,
            steps.segment,
            steps.multiplier,
            max(steps.break_reason) over segments as segment_reason,
            max(coalesce(steps.next_at, steps.local_at)) over live_day as last_read_at,
            bool_or(cast(steps.local_at as date) = steps.delivery_on) over live_day as has_own_reading,
            moment.boundary_at = steps.local_at as is_read,
            case
                when moment.boundary_at = steps.local_at then null
                when moment.boundary_at > steps.local_at and steps.next_at is null then 'awaited'
                when moment.boundary_at < steps.local_at or steps.next_at - steps.local_at > interval '30 minutes' then 'missing'
                else steps.next_break_reason
            end as unknown_reason,
            cast(
                round(
                    case
                        when moment.boundary_at = steps.local_at then steps.register_kwh * steps.multiplier * 1000
                        when
                            moment.boundary_at > steps.local_at
                            and steps.next_break_reason is null
                            and steps.next_at - steps.local_at <= interval '30 minutes'
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
            case
                when steps.previous_at is null then 0
                else greatest(cast(ceil(date_part('epoch', steps.local_at - steps.delivery_on) / 900) as integer), 0)
            end,
            case
                when steps.next_at is null then 96
                else least(cast(ceil(date_part('epoch', steps.next_at - steps.delivery_on) / 900) as integer) - 1, 96)
            end
        ) as series (boundary)
        cross join lateral (
            select steps.delivery_on + series.boundary * interval '15 minutes' as boundary_at
        ) as moment
        window
            live_day as (partition by steps.metering_point_id, steps.channel, steps.delivery_on),
            segments as (partition by steps.metering_point_id, steps.channel, steps.delivery_on, steps.segment)
    ),

    ends as (
        select
            boundaries.*,
            lag(boundaries.counter_wh) over register as start_wh,
            lag(boundaries.segment) over register as start_segment,
            lag(boundaries.is_read) over register as start_is_read,
            lag(boundaries.unknown_reason) over register as start_unknown_reason
        from boundaries
        where boundaries.has_own_reading
        window register as (
            partition by boundaries.metering_point_id, boundaries.channel, boundaries.delivery_on
            order by boundaries.boundary
        )
    )
{%- endmacro %}

{# metering_point_id, channel, delivery_on, slot, last_read_at, slot_status, energy_wh: 96 rows a live day. #}
{% macro live_slots() -%}
    with {{ live_steps() }},

    {{ live_boundaries() }},

    slots as (
        select
            ends.metering_point_id,
            ends.channel,
            ends.delivery_on,
            ends.boundary as slot,
            ends.last_read_at,
            ends.counter_wh - ends.start_wh as energy_wh,
            case
                when ends.multiplier is null then 'unknown_point'
                when ends.unknown_reason is not null then ends.unknown_reason
                when ends.start_unknown_reason is not null then ends.start_unknown_reason
                when ends.segment <> ends.start_segment then ends.segment_reason
                when ends.is_read and ends.start_is_read then 'metered'
                else 'interpolated'
            end as slot_status
        from ends
        where ends.boundary > 0
    )

    select
        slots.metering_point_id,
        slots.channel,
        slots.delivery_on,
        slots.slot,
        slots.last_read_at,
        slots.slot_status,
        case when slots.slot_status in ('metered', 'interpolated') then slots.energy_wh end as energy_wh
    from slots
{%- endmacro %}
