-- net energy of each contract and month: of closed months as closed, of every other month as computed
select
    booked.province,
    booked.origin_month as delivery_month,
    false as is_open_month,
    booked.contract_id,
    booked.customer_id,
    booked.customer_name,
    booked.customer_name_en,
    booked.package_type,
    booked.energy_wh
from {{ ref('stg_ledger_contract') }} as booked
where booked.kind = 'settlement'

union all

select
    days.province,
    days.delivery_month,
    days.is_open_month,
    days.contract_id,
    cast(null as text) as customer_id,
    cast(null as text) as customer_name,
    cast(null as text) as customer_name_en,
    cast(null as text) as package_type,
    cast(sum(days.energy_wh) as bigint) as energy_wh
from {{ ref('int_contract_day_value') }} as days
where
    not exists (
        select 1
        from {{ ref('stg_ledger_run') }} as runs
        where
            runs.kind = 'settlement'
            and runs.province = days.province
            and runs.origin_month = days.delivery_month
    )
group by days.province, days.delivery_month, days.is_open_month, days.contract_id
