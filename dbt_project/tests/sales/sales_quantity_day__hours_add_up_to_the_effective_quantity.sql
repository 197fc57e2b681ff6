with days as (
    select
        hours.contract_id,
        hours.delivery_month,
        sum({{ hours_sum('hours') }}) as month_kwh
    from {{ ref('sales_quantity_day') }} as hours
    group by hours.contract_id, hours.delivery_month
)

select
    months.contract_id,
    months.delivery_month,
    months.effective_mwh,
    days.month_kwh
from {{ ref('sales_quantity_month') }} as months
left join days
    on
        months.contract_id = days.contract_id
        and months.delivery_month = days.delivery_month
where
    months.distribution_status = 'distributed'
    and (days.month_kwh is null or days.month_kwh <> months.effective_mwh * 1000)
