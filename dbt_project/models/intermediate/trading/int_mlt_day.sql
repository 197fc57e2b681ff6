{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_on', 'province'], 'unique': True}],
        pre_hook="{{ empty_in_place() }}",
    )
}}

-- Medium- and long-term position of a day: bought less sold. A day without any trade has no row, and that is a position
-- of zero: a retailer may buy all its energy spot. operations_todo names such days in a month that has trades.
with signed as (
    select
        trades.*,
        case trades.side when 'buy' then 1 else -1 end as sign
    from {{ ref('stg_trade_day_version') }} as trades
    where trades.recency = 1
),

hours as (
    select
        signed.province,
        signed.delivery_on,
        {{ hours_weighted_total('signed', 'signed.sign') }},
        {{ hours_cost_total('signed', 'signed.sign', 'signed.price_cny_per_mwh') }},
        -- kWh x yuan/MWh = 0.001 yuan = 1e6 nano-yuan
        sum(({{ hours_sum('signed') }}) * signed.sign * signed.price_cny_per_mwh * 1000000) as cost_nano
    from signed
    group by signed.province, signed.delivery_on
)

select
    hours.province,
    hours.delivery_on,
    ({{ hours_sum('hours') }}) * 1000 as mlt_wh,
    hours.cost_nano,
    {{ hour_costs('hours') }},
    {{ hours_to_slots('hours') }}
from hours
