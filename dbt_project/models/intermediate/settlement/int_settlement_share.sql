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
    cast(coalesce(sum(shares.amount_fen) filter (where sides.side = 'wholesale'), 0) * 0.01 as numeric(16, 2)) as wholesale_cny,
    cast(coalesce(sum(shares.amount_fen) filter (where sides.side = 'recovery'), 0) * 0.01 as numeric(16, 2)) as recovery_cny,
    cast(coalesce(sum(shares.amount_fen) filter (where sides.side = 'operation'), 0) * 0.01 as numeric(16, 2)) as operation_cny
from {{ ref('int_wholesale_allocation') }} as shares
inner join sides
    on
        shares.province = sides.province
        and shares.delivery_month = sides.delivery_month
        and shares.pack_hash = sides.pack_hash
        and shares.component = sides.component
group by shares.contract_id, shares.delivery_month
