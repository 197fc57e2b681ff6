{{ config(materialized='view') }}

-- tolerances and deadlines of statements (domain §1.3); NULL where the pack says nothing
select
    packs.pack_hash,
    packs.province,
    cast(packs.body #>> '{reconciliation,quantity_tolerance_mwh,value}' as numeric) as quantity_tolerance_mwh,
    cast(packs.body #>> '{reconciliation,price_tolerance_cny_per_mwh,value}' as numeric) as price_tolerance_cny_per_mwh,
    cast(packs.body #>> '{reconciliation,amount_tolerance_cny,value}' as numeric) as amount_tolerance_cny,
    coalesce(
        packs.illustrative_items
        && array[
            'reconciliation.quantity_tolerance_mwh', 'reconciliation.price_tolerance_cny_per_mwh',
            'reconciliation.amount_tolerance_cny'
        ],
        false
    ) as is_illustrative,
    cast(packs.body #>> '{calendar,monthly_objection_working_days,value}' as integer) as objection_working_days,
    cast(packs.body #>> '{calendar,dispute_working_days,value}' as integer) as dispute_working_days,
    cast(packs.body #>> '{calendar,answer_working_days,value}' as integer) as answer_working_days,
    cast(packs.body #>> '{calendar,monthly_formal_working_day,value}' as integer) as formal_working_day
from {{ source('reference', 'rule_pack') }} as packs
