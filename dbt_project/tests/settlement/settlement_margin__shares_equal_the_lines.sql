-- Σ over contracts of what was shared = Σ of the lines of each side, to the fen, in every settled month
with shares as (
    select
        margins.province,
        margins.delivery_month,
        sum(margins.wholesale_cny) as wholesale_cny,
        sum(margins.recovery_cny) as recovery_cny,
        sum(margins.operation_cny) as operation_cny,
        sum(margins.retail_cny) as retail_cny
    from {{ ref('settlement_margin') }} as margins
    group by margins.province, margins.delivery_month
),

lines as (
    select
        lines.province,
        {%- for side in ['wholesale', 'recovery', 'operation', 'retail'] %}
            coalesce(sum(lines.amount_cny) filter (where lines.side = '{{ side }}'), 0) as {{ side }}_cny,
        {%- endfor %}
        lines.delivery_month
    from {{ ref('settlement_line') }} as lines
    group by lines.province, lines.delivery_month
)

select
    lines.*,
    shares.wholesale_cny as shared_wholesale_cny,
    shares.recovery_cny as shared_recovery_cny,
    shares.operation_cny as shared_operation_cny
from lines
left join shares
    on
        lines.province = shares.province
        and lines.delivery_month = shares.delivery_month
where
    shares.wholesale_cny is distinct from lines.wholesale_cny
    or shares.recovery_cny is distinct from lines.recovery_cny
    or shares.operation_cny is distinct from lines.operation_cny
    or shares.retail_cny is distinct from lines.retail_cny
