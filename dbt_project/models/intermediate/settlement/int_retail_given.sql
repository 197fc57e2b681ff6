-- What feeds say of a contract-month that no metering or market enters, by input and period: numbers given for it, green
-- energy, published series, and whether the month has sharp periods. A given number goes before the others.
with months as (
    select distinct
        terms.province,
        terms.delivery_month
    from {{ ref('int_retail_terms') }} as terms
),

sharp as (
    select
        months.province,
        months.delivery_month,
        max(case when slots.schedule_id is null then 0 else 1 end) as sharp_month
    from months
    inner join {{ ref('stg_tou_day') }} as tou
        on
            months.province = tou.province
            and tou.delivery_on between months.delivery_month and months.delivery_month + interval '1 month - 1 day'
    left join {{ ref('stg_tou_schedule_slot') }} as slots
        on
            tou.schedule_id = slots.schedule_id
            and slots.tou_period = 'sharp'
    group by months.province, months.delivery_month
    having count(*) = count(tou.schedule_id)
),

known as (
    select
        green.contract_id,
        green.delivery_month,
        inputs.name,
        inputs.value
    from {{ ref('stg_contract_green') }} as green
    cross join
        lateral (
            values ('green_contract_q', green.green_contract_mwh), ('generation', green.generation_mwh)
        ) as inputs (name, value)

    union all

    select
        series.contract_id,
        series.delivery_month,
        series.name,
        series.value
    from {{ ref('int_retail_series') }} as series
    where series.value is not null

    union all

    select
        terms.contract_id,
        terms.delivery_month,
        'sharp_month' as name,
        sharp.sharp_month as value
    from {{ ref('int_retail_terms') }} as terms
    inner join sharp
        on
            terms.province = sharp.province
            and terms.delivery_month = sharp.delivery_month
)

select
    inputs.contract_id,
    inputs.delivery_month,
    inputs.input as name,
    inputs.period,
    inputs.value
from {{ ref('stg_contract_input') }} as inputs

union all

select
    known.contract_id,
    known.delivery_month,
    known.name,
    'all' as period,
    known.value
from known
left join {{ ref('stg_contract_input') }} as inputs
    on
        known.contract_id = inputs.contract_id
        and known.delivery_month = inputs.delivery_month
        and known.name = inputs.input
where inputs.contract_id is null
