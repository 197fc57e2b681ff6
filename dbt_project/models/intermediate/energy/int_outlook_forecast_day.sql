{{ config(tags=['after_forecast']) }}

-- What each day of the outlook used or will use. A day ahead for which the portfolio has a load forecast is shared over
-- its contracts by their typical days, so that they sum to its P50 exactly; any other day is the typical day itself.
with forecasts as (
    select
        days.province,
        days.delivery_on,
        {{ curve_sum('days') }} as load_wh
    from {{ ref('stg_forecast_load_day') }} as days
    where days.quantile = 50
),

-- only where every contract of the day is known: of a part of the portfolio the forecast says nothing
shareable as (
    select
        days.province,
        days.delivery_on,
        forecasts.load_wh,
        sum(days.typical_wh) as typical_wh
    from {{ ref('int_outlook_day') }} as days
    inner join {{ ref('int_outlook_contract') }} as contracts
        on
            days.contract_id = contracts.contract_id
            and days.delivery_month = contracts.delivery_month
    inner join forecasts
        on
            days.province = forecasts.province
            and days.delivery_on = forecasts.delivery_on
    where days.is_ahead
    group by days.province, days.delivery_on, forecasts.load_wh
    having count(*) = count(days.typical_wh) and sum(days.typical_wh) > 0
),

contract_day as (
    select
        days.*,
        shareable.load_wh is not null as is_scaled,
        case
            when days.actual_wh is not null then null
            when shareable.load_wh is null then days.typical_wh
            else {{ largest_remainder(
                'cast(days.typical_wh as numeric) * shareable.load_wh',
                'coalesce(shareable.typical_wh, 1)',
                'shareable.load_wh',
                'days.province, days.delivery_on, days.actual_wh is null',
                'days.contract_id',
            ) }}
        end as forecast_wh,
        -- the spread grows and shrinks with the day
        case
            when shareable.load_wh is null then days.spread_wh
            else days.spread_wh * shareable.load_wh / shareable.typical_wh
        end as day_spread_wh
    from {{ ref('int_outlook_day') }} as days
    left join shareable
        on
            days.province = shareable.province
            and days.delivery_on = shareable.delivery_on
),

portfolio_day as (
    select
        days.province,
        days.delivery_on,
        days.week_on,
        days.day_type,
        days.is_ahead,
        days.is_scaled,
        case when count(*) = count(days.actual_wh) then sum(days.actual_wh) end as actual_wh,
        -- a day of which a contract is neither metered nor forecast has no sum
        case
            when count(days.actual_wh) < count(*) and count(*) = count(coalesce(days.actual_wh, days.forecast_wh))
                then sum(coalesce(days.actual_wh, days.forecast_wh))
        end as forecast_wh
    from contract_day as days
    inner join {{ ref('int_outlook_contract') }} as contracts
        on
            days.contract_id = contracts.contract_id
            and days.delivery_month = contracts.delivery_month
    group by days.province, days.delivery_on, days.week_on, days.day_type, days.is_ahead, days.is_scaled
)

select
    'contract' as scope,
    days.contract_id as subject_id,
    days.delivery_on,
    days.week_on,
    days.is_ahead,
    days.is_scaled,
    days.actual_wh,
    days.forecast_wh,
    days.day_spread_wh as spread_wh
from contract_day as days

union all

select
    'portfolio' as scope,
    days.province as subject_id,
    days.delivery_on,
    days.week_on,
    days.is_ahead,
    days.is_scaled,
    cast(days.actual_wh as bigint) as actual_wh,
    cast(days.forecast_wh as bigint) as forecast_wh,
    typical.spread_wh
from portfolio_day as days
left join {{ ref('int_outlook_typical') }} as typical
    on
        days.province = typical.subject_id
        and typical.scope = 'portfolio'
        and days.day_type = typical.day_type
