-- What the retailer earns with each settled contract-month (domain §4.6), item by item, from the books:
-- margin = retail - wholesale - recovery - operation - channel commission + value-added services + agency fees.
with items as (
    select
        lines.contract_id,
        lines.delivery_month,
        coalesce(sum(lines.amount_cny) filter (where lines.side = 'pass_through'), 0) as pass_through_cny,
        -coalesce(sum(lines.amount_cny) filter (where lines.component = 'channel_commission'), 0) as commission_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.side = 'income' and lines.component like 'value\_added\_%'), 0)
            as value_added_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.side = 'income' and lines.component like 'agency\_%'), 0) as agency_cny
    from {{ ref('int_book_line') }} as lines
    where lines.contract_id is not null and not lines.is_open_month
    group by lines.contract_id, lines.delivery_month
)

select
    margins.province,
    margins.delivery_month,
    margins.contract_id,
    margins.energy_wh,
    margins.retail_cny,
    coalesce(items.pass_through_cny, 0) as pass_through_cny,
    margins.wholesale_cny,
    margins.recovery_cny,
    margins.operation_cny,
    coalesce(items.commission_cny, 0) as commission_cny,
    coalesce(items.value_added_cny, 0) as value_added_cny,
    coalesce(items.agency_cny, 0) as agency_cny,
    margins.margin_cny,
    margins.is_illustrative
from {{ ref('int_settlement_margin') }} as margins
left join items
    on
        margins.contract_id = items.contract_id
        and margins.delivery_month = items.delivery_month
where not margins.is_open_month
