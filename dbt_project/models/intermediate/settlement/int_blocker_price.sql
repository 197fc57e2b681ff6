-- contracts with energy in a period that they have no price for
with used as (
    select
        scope.province,
        scope.delivery_month,
        scope.is_open_month,
        contracts.contract_id,
        contracts.file_name,
        contracts.line_no,
        periods.period
    from {{ ref('int_settlement_scope_day') }} as scope
    inner join {{ ref('int_point_day_energy') }} as points
        on
            scope.province = points.province
            and scope.delivery_on = points.delivery_on
    inner join {{ ref('stg_contract') }} as contracts on points.contract_id = contracts.contract_id
    cross join
        lateral (
            values
            ('all', contracts.package_type = 'fixed')
            {%- for period in tou_periods() %}
                ,
                ('{{ period }}', contracts.package_type = 'tou_fixed' and points.{{ period }}_wh <> 0)
            {%- endfor %}
        ) as periods (period, is_used)
    where periods.is_used
    group by
        scope.province, scope.delivery_month, scope.is_open_month, contracts.contract_id, contracts.file_name,
        contracts.line_no, periods.period
)

select
    used.province,
    used.delivery_month,
    used.is_open_month,
    'contract_price_missing' as blocker_kind,
    used.contract_id as object_id,
    cast(null as date) as delivery_on,
    cast(null as integer) as slot,
    used.file_name,
    used.line_no,
    used.period as field,
    'contract ' || used.contract_id || ' has no energy price for period ' || used.period as message,
    'deliver it in feed contract_price' as remedy
from used
left join {{ ref('stg_contract_price') }} as prices
    on
        used.contract_id = prices.contract_id
        and used.period = prices.period
        and prices.component = 'energy'
where prices.contract_id is null
