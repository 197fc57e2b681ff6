{# Live readings, straight from where they land. The views over these macros read past the run's cut (every other model
   reads within it), so that a reading shows as soon as its batch is committed, and they read no relation that dbt makes,
   so that they stay while dbt runs. #}

{# The newest version of every record of a feed. #}
{% macro landed_head(feed, key) -%}
    select distinct on ({% for column in key %}landed.{{ column }}{{ ', ' if not loop.last }}{% endfor %}) landed.*
    from {{ source('landing', feed) }} as landed
    order by {% for column in key %}landed.{{ column }}, {% endfor %}landed.version desc
{%- endmacro %}

{# First day of the live curve: `live_curve_days` before the business date of the newest run. #}
{% macro live_first_on() -%}
    (select max(runs.business_date) - {{ var('live_curve_days') }} from {{ source('ops', 'run') }} as runs
    where runs.run_id = (select max(newest.run_id) from {{ source('ops', 'run') }} as newest))
{%- endmacro %}

{# Register series of every point, channel and live day, with its neighbours up to half an hour across midnight. Every
   step leads from one reading to the next; it is broken where meter or ratios changed or the register ran backwards, and
   `segment` counts the breaks so far. #}
{% macro live_steps() -%}
    days as (
        select
            cast(series.day as date) as delivery_on,
            series.day at time zone 'Asia/Shanghai' as begins_at
        from generate_series(
            cast({{ live_first_on() }} as timestamp),
            (
                select max(newest.read_at) at time zone 'Asia/Shanghai'
                from {{ source('landing', 'register_reading') }} as newest
                where newest.kind = 'live'
            ),
            interval '1 day'
        ) as series (day)
    ),

    points as (
        select
            dated.metering_point_id,
            dated.meter_id,
            dated.ct_ratio * dated.pt_ratio as multiplier,
            dated.effective_from,
            {{ valid_to('dated', 'metering_point_id') }} as valid_to
        from ({{ landed_head('metering_point', ['metering_point_id', 'effective_from']) }}) as dated
    ),

    versions as (
        select distinct on (landed.metering_point_id, landed.channel, days.delivery_on, landed.read_at)
            landed.metering_point_id,
            landed.channel,
            days.delivery_on,
            landed.read_at at time zone 'Asia/Shanghai' as local_at,
            landed.register_kwh
        from days
        inner join {{ source('landing', 'register_reading') }} as landed
            on
                landed.read_at >= days.begins_at - interval '30 minutes'
                and landed.read_at <= days.begins_at + interval '24 hours 30 minutes'
        where landed.kind = 'live'
        order by landed.metering_point_id, landed.channel, days.delivery_on, landed.read_at, landed.version desc
    ),

    paired as (
        select
            versions.*,
            points.meter_id,
            points.multiplier,
            lag(versions.local_at) over register as previous_at,
            lag(versions.register_kwh) over register as previous_register_kwh,
            lag(points.meter_id) over register as previous_meter_id,
            lag(points.multiplier) over register as previous_multiplier
        from versions
        left join points
            on
                versions.metering_point_id = points.metering_point_id
                and cast(versions.local_at as date) between points.effective_from and points.valid_to
        where versions.register_kwh is not null
        window register as (
            partition by versions.metering_point_id, versions.channel, versions.delivery_on order by versions.local_at
        )
    ),

    judged as (
        select
            paired.*,
            case
                when paired.previous_at is null then null
                when paired.meter_id is distinct from paired.previous_meter_id then 'meter_changed'
                when paired.multiplier is distinct from paired.previous_multiplier then 'ratio_changed'
                when paired.register_kwh < paired.previous_register_kwh then 'ran_backwards'
            end as break_reason
        from paired
    ),

    steps as (
        select
            judged.*,
            count(judged.break_reason) over (register rows unbounded preceding) as segment,
            lead(judged.local_at) over register as next_at,
            lead(judged.register_kwh) over register as next_register_kwh,
            lead(judged.break_reason) over register as next_break_reason
        from judged
        window register as (
            partition by judged.metering_point_id, judged.channel, judged.delivery_on order by judged.local_at
        )
    )
{%- endmacro %}
