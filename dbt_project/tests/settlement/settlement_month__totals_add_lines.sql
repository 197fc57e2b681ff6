-- totals add lines; nothing is rounded a second time
with lines as (
    select
        lines.province,
        lines.delivery_month,
        sum({{ signed_amount('lines') }}) as margin_cny
    from {{ ref('settlement_line') }} as lines
    -- charges passed on are no revenue
    where lines.side <> 'pass_through'
    group by lines.province, lines.delivery_month
)

select
    coalesce(lines.province, months.province) as province,
    coalesce(lines.delivery_month, months.delivery_month) as delivery_month,
    lines.margin_cny,
    months.margin_cny as month_margin_cny
from lines
full outer join {{ ref('settlement_month') }} as months
    on
        lines.province = months.province
        and lines.delivery_month = months.delivery_month
where lines.margin_cny is distinct from months.margin_cny
