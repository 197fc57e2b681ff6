-- Σ over contracts of own lines and shares = Σ of the lines, to the fen, per side in every settled month
with shares as (
    select
        margins.province,
        margins.delivery_month,
        {%- for side in settlement_sides() %}
            sum(margins.{{ side }}_cny) as {{ side }}_cny,
        {%- endfor %}
        sum(margins.correction_cny) as correction_cny
    from {{ ref('settlement_margin') }} as margins
    group by margins.province, margins.delivery_month
)

select
    months.province,
    months.delivery_month
from {{ ref('settlement_month') }} as months
left join shares
    on
        months.province = shares.province
        and months.delivery_month = shares.delivery_month
where
    {%- for side in settlement_sides() %}
        shares.{{ side }}_cny is distinct from months.{{ side }}_cny
        or
    {%- endfor %}
    shares.correction_cny is distinct from months.correction_cny
