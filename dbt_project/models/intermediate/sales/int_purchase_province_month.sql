-- Whether a province's purchases of a month can be shared over its contracts: every quantity that should be there is known,
-- and there is one.
with quantities as (
    select
        contracts.province,
        months.delivery_month,
        sum(months.effective_mwh) as contract_mwh,
        min(case when months.effective_mwh is null then months.contract_id end) as unknown_contract_id
    from {{ ref('int_contract_quantity_month') }} as months
    inner join {{ ref('stg_contract') }} as contracts on months.contract_id = contracts.contract_id
    group by contracts.province, months.delivery_month
),

purchases as (
    select
        bought.province,
        bought.delivery_month,
        sum(bought.purchased_kwh) as purchased_kwh
    from {{ ref('int_purchase_month') }} as bought
    group by bought.province, bought.delivery_month
)

select
    purchases.province,
    purchases.delivery_month,
    purchases.purchased_kwh,
    quantities.contract_mwh,
    quantities.unknown_contract_id,
    quantities.unknown_contract_id is null and coalesce(quantities.contract_mwh, 0) > 0 as is_distributable
from purchases
left join quantities
    on
        purchases.province = quantities.province
        and purchases.delivery_month = quantities.delivery_month
