{{ config(tags=['after_forecast']) }}

-- Actual so far and forecast of the rest, per contract's period and per province: its whole month (against the medium-
-- and long-term position) and its days with a cleared day-ahead quantity (against that).
with subject_day as (
    select
        contracts.contract_id as subject_id,
        contracts.province,
        contracts.delivery_month,
        'contract' as scope,
        days.scope as day_scope,
        days.delivery_on
    from {{ ref('int_outlook_contract') }} as contracts
    inner join {{ ref('int_outlook_forecast_day') }} as days
        on
            contracts.contract_id = days.subject_id
            and days.scope = 'contract'
    union all
    select
        days.subject_id,
        days.subject_id as province,
        cast(date_trunc('month', days.delivery_on) as date) as delivery_month,
        positions.scope,
        days.scope as day_scope,
        days.delivery_on
    from {{ ref('int_outlook_forecast_day') }} as days
    left join {{ ref('int_day_ahead_day') }} as ahead
        on
            days.subject_id = ahead.province
            and days.delivery_on = ahead.delivery_on
    inner join (values ('portfolio_mlt'), ('portfolio_day_ahead')) as positions (scope)
        on positions.scope = 'portfolio_mlt' or ahead.province is not null
    where days.scope = 'portfolio'
),

-- days of one week are taken to err together, weeks to err on their own
weeks as (
    select
        subject_day.scope,
        subject_day.subject_id,
        subject_day.province,
        subject_day.delivery_month,
        days.week_on,
        min(days.delivery_on) as first_on,
        max(days.delivery_on) as last_on,
        count(*) as days,
        count(days.actual_wh) as actual_days,
        max(days.delivery_on) filter (where days.actual_wh is not null) as actual_through_on,
        count(*) filter (where days.actual_wh is null and not days.is_ahead) as gap_days,
        count(*) filter (where days.actual_wh is null and days.is_scaled) as scaled_days,
        count(coalesce(days.actual_wh, days.forecast_wh)) as known_days,
        sum(days.actual_wh) as actual_wh,
        sum(days.forecast_wh) as forecast_wh,
        sum(days.spread_wh) filter (where days.actual_wh is null) as spread_wh,
        count(*) filter (where days.actual_wh is null and days.spread_wh is null) as days_without_spread
    from subject_day
    inner join {{ ref('int_outlook_forecast_day') }} as days
        on
            subject_day.day_scope = days.scope
            and subject_day.subject_id = days.subject_id
            and subject_day.delivery_on = days.delivery_on
    group by
        subject_day.scope, subject_day.subject_id, subject_day.province, subject_day.delivery_month, days.week_on
)

select
    weeks.scope,
    weeks.subject_id,
    weeks.province,
    weeks.delivery_month,
    min(weeks.first_on) as period_from_on,
    max(weeks.last_on) as period_to_on,
    cast(sum(weeks.days) as integer) as period_days,
    cast(sum(weeks.actual_days) as integer) as actual_days,
    cast(sum(weeks.gap_days) as integer) as gap_days,
    cast(sum(weeks.scaled_days) as integer) as scaled_days,
    max(weeks.actual_through_on) as actual_through_on,
    cast(sum(weeks.actual_wh) as bigint) as actual_wh,
    -- the rest is known only when every day of it is
    case when sum(weeks.known_days) = sum(weeks.days) then cast(coalesce(sum(weeks.forecast_wh), 0) as bigint) end as forecast_wh,
    case
        when sum(weeks.known_days) = sum(weeks.days) and sum(weeks.days_without_spread) = 0
            then round(sqrt(coalesce(sum(power(weeks.spread_wh, 2)), 0)), 3)
    end as spread_wh
from weeks
group by weeks.scope, weeks.subject_id, weeks.province, weeks.delivery_month
