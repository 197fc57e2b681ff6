-- What the retailer earns with each settled contract-month (domain §4.6), item by item, from the books:
-- margin = retail - wholesale - recovery - operation - channel commission + value-added services + agency fees.
with sold as (
    select
        lines.contract_id,
        lines.delivery_month,
        coalesce(sum(lines.amount_cny) filter (where lines.side = 'retail'), 0) as retail_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.side = 'pass_through'), 0) as pass_through_cny,
        -coalesce(sum(lines.amount_cny) filter (where lines.component = 'channel_commission'), 0) as commission_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.side = 'income' and lines.component like 'value\_added\_%'), 0)
            as value_added_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.side = 'income' and lines.component like 'agency\_%'), 0) as agency_cny,
        bool_or(lines.is_illustrative) as is_illustrative
    from {{ ref('int_book_line') }} as lines
    where lines.contract_id is not null and not lines.is_open_month
    group by lines.contract_id, lines.delivery_month
),

borne as (
    select
        shares.contract_id,
        shares.delivery_month,
        coalesce(sum(shares.amount_cny) filter (where shares.side = 'wholesale'), 0) as wholesale_cny,
        coalesce(sum(shares.amount_cny) filter (where shares.side = 'recovery'), 0) as recovery_cny,
        coalesce(sum(shares.amount_cny) filter (where shares.side = 'operation'), 0) as operation_cny
    from {{ ref('int_book_share') }} as shares
    where not shares.is_open_month
    group by shares.contract_id, shares.delivery_month
)

select
    energy.province,
    energy.delivery_month,
    energy.contract_id,
    energy.energy_wh,
    coalesce(sold.retail_cny, 0) as retail_cny,
    coalesce(sold.pass_through_cny, 0) as pass_through_cny,
    borne.wholesale_cny,
    borne.recovery_cny,
    borne.operation_cny,
    coalesce(sold.commission_cny, 0) as commission_cny,
    coalesce(sold.value_added_cny, 0) as value_added_cny,
    coalesce(sold.agency_cny, 0) as agency_cny,
    coalesce(sold.retail_cny, 0) - borne.wholesale_cny - borne.recovery_cny - borne.operation_cny
    - coalesce(sold.commission_cny, 0) + coalesce(sold.value_added_cny, 0) + coalesce(sold.agency_cny, 0) as margin_cny,
    coalesce(sold.is_illustrative, false) as is_illustrative
from {{ ref('int_book_energy') }} as energy
inner join borne
    on
        energy.contract_id = borne.contract_id
        and energy.delivery_month = borne.delivery_month
left join sold
    on
        energy.contract_id = sold.contract_id
        and energy.delivery_month = sold.delivery_month
where not energy.is_open_month
