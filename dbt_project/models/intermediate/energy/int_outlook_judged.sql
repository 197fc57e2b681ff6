{{ config(tags=['after_forecast']) }}

-- projections beside what was bought or signed, with rates, range and levels
with positions as (
    select
        projections.scope,
        projections.subject_id,
        sum(case projections.scope when 'portfolio_mlt' then coalesce(mlt.mlt_wh, 0) else ahead.day_ahead_wh end) as position_wh
    from {{ ref('int_outlook_projection') }} as projections
    inner join {{ ref('int_outlook_calendar') }} as days
        on days.delivery_on between projections.period_from_on and projections.period_to_on
    left join {{ ref('int_mlt_day') }} as mlt
        on
            projections.province = mlt.province
            and days.delivery_on = mlt.delivery_on
    left join {{ ref('int_day_ahead_day') }} as ahead
        on
            projections.province = ahead.province
            and days.delivery_on = ahead.delivery_on
    where projections.scope <> 'contract'
    group by projections.scope, projections.subject_id
),

compared as (
    select
        projections.*,
        coalesce(charges.contract_mwh, {{ wh_to_mwh('positions.position_wh') }}) as contract_mwh,
        coalesce(charges.charge_status, 'not_applicable') as charge_status,
        {{ wh_to_mwh('projections.actual_wh') }} as actual_mwh,
        {{ wh_to_mwh('projections.forecast_wh') }} as forecast_mwh,
        {{ wh_to_mwh('coalesce(projections.actual_wh, 0) + projections.forecast_wh') }} as projected_mwh,
        -- 1.281552: the standard normal's 90 % quantile
        {{ wh_to_mwh('projections.spread_wh * 1.281552') }} as half_range_mwh
    from {{ ref('int_outlook_projection') }} as projections
    left join {{ ref('int_outlook_charge') }} as charges
        on
            projections.subject_id = charges.contract_id
            and projections.scope = 'contract'
    left join positions
        on
            projections.scope = positions.scope
            and projections.subject_id = positions.subject_id
),

rated as (
    select
        compared.*,
        compared.projected_mwh - compared.half_range_mwh as projected_low_mwh,
        compared.projected_mwh + compared.half_range_mwh as projected_high_mwh,
        compared.projected_mwh - compared.contract_mwh as projected_deviation_mwh,
        round((compared.projected_mwh - compared.contract_mwh) / nullif(compared.contract_mwh, 0), 6) as projected_deviation_rate,
        round(compared.actual_mwh / nullif(compared.contract_mwh, 0), 6) as progress_rate,
        round(compared.actual_days / cast(compared.period_days as numeric), 6) as time_progress_rate,
        round(
            compared.actual_mwh * compared.period_days / nullif(compared.contract_mwh * compared.actual_days, 0), 6
        ) as execution_rate
    from compared
),

levels as (
    select
        rated.*,
        case
            -- what the medium- and long-term position leaves open is bought day-ahead: open, not deviating
            when rated.scope = 'portfolio_mlt' or rated.projected_deviation_rate is null then 'none'
            when abs(rated.projected_deviation_rate) > {{ var('kpi_deviation_alarm_rate') }} then 'alarm'
            when abs(rated.projected_deviation_rate) > {{ var('kpi_deviation_warn_rate') }} then 'warn'
            else 'ok'
        end as deviation_level,
        case
            -- the first days say little: their weekends are not yet averaged out
            when
                rated.scope <> 'contract'
                or rated.execution_rate is null
                or rated.actual_days < {{ var('outlook_execution_from_days') }}
                then 'none'
            when
                rated.execution_rate < {{ var('kpi_execution_low_rate') }}
                or rated.execution_rate > {{ var('kpi_execution_high_rate') }}
                then 'warn'
            else 'ok'
        end as execution_level
    from rated
)

select
    levels.*,
    case
        when 'alarm' in (levels.deviation_level, levels.execution_level) then 'alarm'
        when 'warn' in (levels.deviation_level, levels.execution_level) then 'warn'
        when 'ok' in (levels.deviation_level, levels.execution_level) then 'ok'
        else 'none'
    end as level
from levels
