-- closed months as closed; of every other month that settlement shows, what is known now
with months as (
    select distinct
        lines.province,
        lines.delivery_month
    from {{ ref('settlement_line') }} as lines
    where
        not exists (
            select 1
            from {{ ref('stg_ledger_run') }} as runs
            where
                runs.kind = 'settlement'
                and runs.province = lines.province
                and runs.origin_month = lines.delivery_month
        )
),

used as (
    select
        months.province,
        months.delivery_month,
        days.contract_id,
        days.account_id,
        days.metering_point_id,
        min(days.delivery_on) as from_on,
        max(days.delivery_on) as to_on,
        cast(count(*) as integer) as days,
        sum(days.energy_wh) as energy_wh
    from months
    inner join {{ ref('int_point_day_energy') }} as days
        on
            months.province = days.province
            and months.delivery_month <= days.delivery_on
            and months.delivery_month + interval '1 month' > days.delivery_on
    where days.assignment_status = 'assigned'
    group by months.province, months.delivery_month, days.contract_id, days.account_id, days.metering_point_id
),

meters as (
    select
        used.contract_id,
        used.delivery_month,
        used.metering_point_id,
        used.account_id,
        string_agg(distinct points.meter_id, ', ' order by points.meter_id) as meter_ids
    from used
    inner join {{ ref('stg_metering_point') }} as points
        on
            used.metering_point_id = points.metering_point_id
            and used.to_on >= points.effective_from
            and used.from_on <= points.valid_to
    group by used.contract_id, used.delivery_month, used.metering_point_id, used.account_id
),

listed as (
    select
        used.province,
        used.delivery_month,
        used.contract_id,
        used.account_id,
        used.metering_point_id,
        meters.meter_ids,
        used.from_on,
        used.to_on,
        used.days,
        {{ wh_to_mwh('used.energy_wh') }} as energy_mwh
    from used
    left join meters
        on
            used.contract_id = meters.contract_id
            and used.delivery_month = meters.delivery_month
            and used.account_id = meters.account_id
            and used.metering_point_id = meters.metering_point_id

    union all

    select
        booked.province,
        booked.origin_month as delivery_month,
        booked.contract_id,
        booked.account_id,
        booked.metering_point_id,
        booked.meter_ids,
        booked.from_on,
        booked.to_on,
        booked.days,
        booked.energy_mwh
    from {{ ref('stg_ledger_point') }} as booked
)

select
    listed.province,
    listed.delivery_month,
    listed.contract_id,
    contracts.customer_id,
    customers.manager_username,
    listed.account_id,
    listed.metering_point_id,
    listed.meter_ids,
    listed.from_on,
    listed.to_on,
    listed.days,
    listed.energy_mwh
from listed
inner join {{ ref('stg_contract') }} as contracts on listed.contract_id = contracts.contract_id
left join {{ ref('int_customer') }} as customers on contracts.customer_id = customers.customer_id
