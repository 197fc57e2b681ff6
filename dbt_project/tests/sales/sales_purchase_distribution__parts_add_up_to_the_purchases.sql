with parts as (
    select
        shares.province,
        shares.delivery_month,
        shares.product,
        sum(shares.purchased_mwh) * 1000 as shared_kwh
    from {{ ref('sales_purchase_distribution') }} as shares
    group by shares.province, shares.delivery_month, shares.product
)

select
    bought.province,
    bought.delivery_month,
    bought.product,
    bought.purchased_kwh,
    parts.shared_kwh
from {{ ref('int_purchase_month') }} as bought
left join parts
    on
        bought.province = parts.province
        and bought.delivery_month = parts.delivery_month
        and bought.product = parts.product
left join {{ ref('sales_quantity_blocker') }} as blockers
    on
        bought.province = blockers.province
        and bought.delivery_month = blockers.delivery_month
        and blockers.missing_code = 'purchase'
where
    blockers.missing_code is null
    and (parts.shared_kwh is null or parts.shared_kwh <> bought.purchased_kwh)
