{{ config(materialized='view') }}

-- What the retail lines of a settled contract-month consist of, and what rounding per account added to one rounding per
-- contract, component, period and price.
with cells as (
    select
        lines.contract_id,
        lines.delivery_month,
        lines.component,
        sum(lines.amount_cny) as amount_cny,
        {{ half_up('sum(lines.quantity_mwh) * lines.price_cny_per_mwh', 2) }} as joint_cny
    from {{ ref('int_settlement_line') }} as lines
    where lines.side = 'retail' and not lines.is_open_month
    group by lines.contract_id, lines.delivery_month, lines.component, lines.tou_period, lines.price_cny_per_mwh
)

select
    cells.contract_id,
    cells.delivery_month,
    string_agg(distinct cells.component, ', ' order by cells.component) as settled_components,
    sum(cells.amount_cny - coalesce(cells.joint_cny, cells.amount_cny)) as rounding_cny
from cells
group by cells.contract_id, cells.delivery_month
