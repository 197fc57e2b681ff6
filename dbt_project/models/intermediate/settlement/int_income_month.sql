-- What the retailer earns with each settled contract-month (domain §4.6), item by item:
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
    from {{ ref('int_settlement_line') }} as lines
    where lines.contract_id is not null and not lines.is_open_month
    group by lines.contract_id, lines.delivery_month
)

select
    costs.province,
    costs.delivery_month,
    costs.contract_id,
    costs.energy_wh,
    coalesce(sold.retail_cny, 0) as retail_cny,
    coalesce(sold.pass_through_cny, 0) as pass_through_cny,
    shares.wholesale_cny,
    shares.recovery_cny,
    shares.operation_cny,
    coalesce(sold.commission_cny, 0) as commission_cny,
    coalesce(sold.value_added_cny, 0) as value_added_cny,
    coalesce(sold.agency_cny, 0) as agency_cny,
    coalesce(sold.retail_cny, 0) - shares.wholesale_cny - shares.recovery_cny - shares.operation_cny
    - coalesce(sold.commission_cny, 0) + coalesce(sold.value_added_cny, 0) + coalesce(sold.agency_cny, 0) as margin_cny,
    coalesce(sold.is_illustrative, false) as is_illustrative
from {{ ref('int_purchase_cost') }} as costs
inner join {{ ref('int_settlement_share') }} as shares
    on
        costs.contract_id = shares.contract_id
        and costs.delivery_month = shares.delivery_month
left join sold
    on
        costs.contract_id = sold.contract_id
        and costs.delivery_month = sold.delivery_month
where not costs.is_open_month
