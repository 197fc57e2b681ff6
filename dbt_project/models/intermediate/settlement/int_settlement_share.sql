-- Each contract's shares of what the retailer pays for a month, by side: wholesale, recovery, operation. Lines without a
-- contract are shared by int_wholesale_allocation; the line says the side of a component.
with sides as (
    select distinct
        lines.province,
        lines.delivery_month,
        lines.pack_hash,
        lines.component,
        lines.side
    from {{ ref('int_settlement_line') }} as lines
    where lines.side in ('wholesale', 'recovery', 'operation')
)

select
    shares.contract_id,
    shares.delivery_month,
    coalesce(cast(sum(shares.amount_fen) filter (where sides.side = 'wholesale') as numeric) / 100, 0) as wholesale_cny,
    coalesce(cast(sum(shares.amount_fen) filter (where sides.side = 'recovery') as numeric) / 100, 0) as recovery_cny,
    coalesce(cast(sum(shares.amount_fen) filter (where sides.side = 'operation') as numeric) / 100, 0) as operation_cny
from {{ ref('int_wholesale_allocation') }} as shares
inner join sides
    on
        shares.province = sides.province
        and shares.delivery_month = sides.delivery_month
        and shares.pack_hash = sides.pack_hash
        and shares.component = sides.component
group by shares.contract_id, shares.delivery_month
