-- Σ over contracts of the allocated wholesale = Σ of the wholesale lines, to the fen, in every settled month
with shares as (
    select
        margins.province,
        margins.delivery_month,
        sum(margins.wholesale_cny) as wholesale_cny,
        sum(margins.retail_cny) as retail_cny
    from {{ ref('settlement_margin') }} as margins
    group by margins.province, margins.delivery_month
),

lines as (
    select
        lines.province,
        lines.delivery_month,
        sum(lines.amount_cny) filter (where lines.side = 'wholesale') as wholesale_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.side = 'retail'), 0) as retail_cny
    from {{ ref('settlement_line') }} as lines
    group by lines.province, lines.delivery_month
)

select
    lines.province,
    lines.delivery_month,
    lines.wholesale_cny,
    shares.wholesale_cny as shared_wholesale_cny
from lines
left join shares
    on
        lines.province = shares.province
        and lines.delivery_month = shares.delivery_month
where
    shares.wholesale_cny is distinct from lines.wholesale_cny
    or shares.retail_cny is distinct from lines.retail_cny
