-- KPIs of domain §8. Money exists for settled months and the open month so far; energy, deviation and completeness for
-- every month with metering.
with days as (
    select
        points.province,
        cast(date_trunc('month', points.delivery_on) as date) as delivery_month,
        sum(points.energy_wh) as energy_wh,
        sum(points.missing_slots) as missing_slots,
        sum(points.estimated_slots) as estimated_slots,
        count(*) * 96 as expected_slots
    from {{ ref('int_point_day_energy') }} as points
    cross join {{ ref('stg_run') }} as run
    where
        points.assignment_status = 'assigned'
        and points.delivery_on < run.business_date
    group by points.province, cast(date_trunc('month', points.delivery_on) as date)
),

deviations as (
    select
        positions.province,
        positions.delivery_month,
        sum(positions.deviation_wh)
        / nullif(sum(positions.day_ahead_wh) filter (where positions.deviation_wh is not null), 0) as deviation_rate
    from {{ ref('int_position_day') }} as positions
    group by positions.province, positions.delivery_month
),

measured as (
    select
        days.province,
        days.delivery_month,
        kpis.kpi_code,
        kpis.value
    from days
    left join deviations
        on
            days.province = deviations.province
            and days.delivery_month = deviations.delivery_month
    left join {{ ref('int_settlement_month') }} as months
        on
            days.province = months.province
            and days.delivery_month = months.delivery_month
    cross join
        lateral (
            values
            ('margin_cny', months.margin_cny),
            ('spread_cny_per_mwh', months.spread_cny_per_mwh),
            ('purchase_mean_cny_per_mwh', months.purchase_mean_cny_per_mwh),
            ('sales_mean_cny_per_mwh', months.sales_mean_cny_per_mwh),
            ('retail_cny', months.retail_cny),
            ('deviation_rate', round(deviations.deviation_rate, 6)),
            ('energy_mwh', {{ wh_to_mwh('days.energy_wh') }}),
            ('data_completeness_rate', round(1 - days.missing_slots / cast(days.expected_slots as numeric), 6)),
            ('estimated_share_rate', round(days.estimated_slots / cast(days.expected_slots as numeric), 6))
        ) as kpis (kpi_code, value)
    where kpis.value is not null
),

compared as (
    select
        measured.*,
        previous.value as previous_value,
        measured.delivery_month = date_trunc('month', run.business_date)
        and not exists (
            select 1
            from {{ ref('stg_settlement_month') }} as asked
            where
                asked.province = measured.province
                and asked.delivery_month = measured.delivery_month
        ) as is_open_month
    from measured
    cross join {{ ref('stg_run') }} as run
    left join measured as previous
        on
            measured.province = previous.province
            and measured.kpi_code = previous.kpi_code
            and measured.delivery_month - interval '1 month' = previous.delivery_month
)

select
    compared.province,
    compared.delivery_month,
    compared.kpi_code,
    compared.value,
    compared.previous_value,
    -- amounts of some days do not compare with those of a whole month
    case
        when not compared.is_open_month or compared.kpi_code not in ('margin_cny', 'retail_cny', 'energy_mwh')
            then round((compared.value - compared.previous_value) / nullif(abs(compared.previous_value), 0), 6)
    end as change_rate,
    case compared.kpi_code
        when 'margin_cny' then case when compared.value < 0 then 'alarm' else 'ok' end
        when 'spread_cny_per_mwh'
            then case
                when compared.value < 0 then 'alarm'
                when compared.value < {{ var('kpi_spread_floor_cny_per_mwh') }} then 'warn'
                else 'ok'
            end
        when 'deviation_rate'
            then case
                when compared.value > {{ var('kpi_deviation_alarm_rate') }} then 'alarm'
                when compared.value > {{ var('kpi_deviation_warn_rate') }} then 'warn'
                else 'ok'
            end
        when 'data_completeness_rate'
            then case
                when compared.value < {{ var('kpi_completeness_alarm_rate') }} then 'alarm'
                when compared.value < {{ var('kpi_completeness_warn_rate') }} then 'warn'
                else 'ok'
            end
        when 'estimated_share_rate'
            then case when compared.value > {{ var('kpi_estimated_share_warn_rate') }} then 'warn' else 'ok' end
        {%- if var('kpi_purchase_budget_cny_per_mwh') is not none %}
            when 'purchase_mean_cny_per_mwh' then case
                when
                    compared.value
                    > {{ var('kpi_purchase_budget_cny_per_mwh') }} * (1 + {{ var('kpi_purchase_budget_excess_rate') }})
                    then 'warn'
                else 'ok'
            end
        {%- endif %}
        else 'none'
    end as status,
    compared.is_open_month
from compared
