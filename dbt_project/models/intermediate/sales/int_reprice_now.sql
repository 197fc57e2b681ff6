{{ config(materialized='view') }}

-- what the retail lines of a settled contract-month consist of
select
    lines.contract_id,
    lines.delivery_month,
    string_agg(distinct lines.component, ', ' order by lines.component) as settled_components
from {{ ref('int_settlement_line') }} as lines
where lines.side = 'retail' and not lines.is_open_month
group by lines.contract_id, lines.delivery_month
