{{ config(tags=['after_forecast']) }}

-- the day that the periods were laid out for, which is not this run's when the day's refresh failed
with today as (
    select max(contracts.business_date) as business_date
    from {{ ref('int_outlook_contract') }} as contracts
),

named as (
    select
        judged.*,
        contracts.contract_id,
        contracts.customer_id,
        contracts.mode,
        contracts.price_basis,
        contracts.price_series,
        contracts.down_band_rate,
        contracts.up_band_rate,
        contracts.borne_by,
        contracts.customer_share_rate,
        charges.projected_charge_cny,
        charges.customer_charge_cny,
        charges.retailer_charge_cny,
        today.business_date,
        case
            when judged.scope = 'contract' then coalesce(customers.manager_username, '{{ var("owner_sales") }}')
            else '{{ var("owner_trading") }}'
        end as owner,
        case contracts.period_kind
            when 'year' then to_char(judged.delivery_month, 'YYYY')
            when 'quarter' then to_char(judged.delivery_month, 'YYYY-"Q"Q')
            else to_char(judged.delivery_month, 'YYYY-MM')
        end as period_code,
        case judged.scope
            when 'contract'
                then coalesce(customers.customer_name, contracts.customer_id) || ' 合同 ' || contracts.contract_id
            when 'portfolio_mlt' then {{ province_zh('judged.province') }} || ' 中长期持仓'
            else {{ province_zh('judged.province') }} || ' 日前持仓'
        end as subject_zh,
        case judged.scope
            when 'contract'
                then
                    'contract ' || contracts.contract_id || ' of '
                    || coalesce(customers.customer_name_en, customers.customer_name, contracts.customer_id)
            when 'portfolio_mlt' then 'medium/long-term position of ' || {{ province_en('judged.province') }}
            else 'day-ahead position of ' || {{ province_en('judged.province') }}
        end as subject_en
    from {{ ref('int_outlook_judged') }} as judged
    cross join today
    left join {{ ref('int_outlook_contract') }} as contracts
        on
            judged.subject_id = contracts.contract_id
            and judged.scope = 'contract'
    left join {{ ref('int_outlook_charge') }} as charges on contracts.contract_id = charges.contract_id
    left join {{ ref('int_customer') }} as customers on contracts.customer_id = customers.customer_id
)

select
    named.scope,
    named.subject_id,
    named.contract_id,
    named.customer_id,
    named.province,
    named.owner,
    named.delivery_month,
    named.business_date as business_on,
    named.period_code,
    named.period_from_on,
    named.period_to_on,
    named.period_days,
    named.mode,
    named.contract_mwh,
    named.actual_mwh,
    named.actual_through_on,
    named.actual_days,
    named.gap_days,
    named.forecast_mwh,
    named.projected_mwh,
    named.projected_low_mwh,
    named.projected_high_mwh,
    named.projected_deviation_mwh,
    named.projected_deviation_rate,
    named.progress_rate,
    named.time_progress_rate,
    named.execution_rate,
    named.down_band_rate,
    named.up_band_rate,
    named.borne_by,
    named.customer_share_rate,
    named.charge_status,
    named.projected_charge_cny,
    named.customer_charge_cny,
    named.retailer_charge_cny,
    named.deviation_level,
    named.execution_level,
    named.level,
    case
        when named.forecast_mwh is null then null
        when named.actual_days = named.period_days then 'actual'
        when named.scaled_days > 0 then 'typical_day_scaled_to_portfolio_p50'
        else 'typical_day'
    end as forecast_method,
    case when named.projected_low_mwh is not null then 'p10_p90_of_weekly_blocks' end as range_method,
    {{ outlook_message_zh('named') }} as message_zh,
    {{ outlook_message_en('named') }} as message_en
from named
