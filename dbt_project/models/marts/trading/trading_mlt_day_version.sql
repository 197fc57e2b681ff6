{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_on', 'province', 'known_at'], 'unique': True}],
        pre_hook="{{ empty_in_place() }}",
    )
}}

-- the medium- and long-term position as known from each moment at which a trade of the day became known or changed
with versions as (
    select
        versions.*,
        case versions.side when 'buy' then 1 else -1 end as sign,
        min(versions.known_at) over (
            partition by versions.trade_id, versions.delivery_on
            order by versions.version
            rows between 1 following and unbounded following
        ) as superseded_at
    from {{ ref('stg_trade_day_version') }} as versions
),

events as (
    select
        versions.*,
        versions.known_at as happened_at,
        versions.sign as effect
    from versions
    where versions.superseded_at is null or versions.superseded_at > versions.known_at

    union all

    select
        versions.*,
        versions.superseded_at as happened_at,
        -versions.sign as effect
    from versions
    where versions.superseded_at > versions.known_at
),

moments as (
    select
        events.province,
        events.delivery_on,
        events.happened_at,
        sum(({{ hours_sum('events') }}) * events.effect * events.price_cny_per_mwh / 1000) as cost_cny,
        {{ hours_weighted_total('events', 'events.effect') }}
    from events
    group by events.province, events.delivery_on, events.happened_at
),

running as (
    select
        moments.province,
        moments.delivery_on,
        moments.happened_at as known_at,
        sum(moments.cost_cny) over known as cost_cny,
        {{ hours_running_total('moments', 'known') }}
    from moments
    window known as (partition by moments.province, moments.delivery_on order by moments.happened_at)
)

select
    running.province,
    running.delivery_on,
    running.known_at,
    {{ hours_to_slots('running') }},
    cast({{ half_up('running.cost_cny', 2) }} as numeric(16, 2)) as cost_cny
from running
