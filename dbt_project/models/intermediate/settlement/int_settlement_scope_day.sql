{{ config(indexes=[{'columns': ['delivery_on', 'province'], 'unique': True}]) }}

-- delivery days to settle: every day of the months asked for, and the days of the open month up to yesterday
with months as (
    select
        asked.province,
        asked.delivery_month,
        cast(asked.delivery_month + interval '1 month - 1 day' as date) as last_on,
        false as is_open_month
    from {{ ref('stg_settlement_month') }} as asked

    union all

    select distinct
        contracts.province,
        cast(date_trunc('month', run.business_date) as date) as delivery_month,
        run.business_date - 1 as last_on,
        true as is_open_month
    from {{ ref('stg_contract') }} as contracts
    cross join {{ ref('stg_run') }} as run
    where
        contracts.effective_from < run.business_date
        and contracts.effective_to >= date_trunc('month', run.business_date)
        and not exists (
            select 1
            from {{ ref('stg_settlement_month') }} as asked
            where
                asked.province = contracts.province
                and asked.delivery_month = date_trunc('month', run.business_date)
        )
)

select
    months.province,
    months.delivery_month,
    days.delivery_on,
    months.is_open_month,
    packs.pack_hash,
    packs.pack_effective_from,
    packs.settlement_form,
    packs.reference_point,
    -- contracts of the two-settlement form are held against the day-ahead price (domain §4.1)
    case packs.settlement_form
        when 'two_settlement' then 'da_unified'
        when 'difference' then packs.reference_point
    end as reference_series,
    packs.vat_rate,
    packs.mid_month_change,
    packs.granularity,
    packs.month_end_meter_difference,
    packs.suspended_price,
    packs.balance_energy_price,
    packs.deviation_bands,
    packs.required_items,
    coalesce(packs.is_illustrative, false) as is_illustrative
from months
inner join {{ ref('int_calendar_day') }} as days
    on days.delivery_on between months.delivery_month and months.last_on
left join {{ ref('stg_pack_day') }} as packs
    on
        months.province = packs.province
        and days.delivery_on = packs.delivery_on
