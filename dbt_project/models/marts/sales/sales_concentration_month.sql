-- how much of a settled month's energy few customers have
with customers as (
    select
        margins.province,
        margins.delivery_month,
        margins.customer_id,
        sum(margins.energy_mwh) as energy_mwh
    from {{ ref('settlement_margin') }} as margins
    group by margins.province, margins.delivery_month, margins.customer_id
),

ranked as (
    select
        customers.*,
        row_number() over (
            partition by customers.province, customers.delivery_month
            order by customers.energy_mwh desc, customers.customer_id
        ) as place,
        customers.energy_mwh
        / nullif(sum(customers.energy_mwh) over (partition by customers.province, customers.delivery_month), 0) as share_rate
    from customers
),

months as (
    select
        ranked.province,
        ranked.delivery_month,
        count(*) as customers,
        sum(ranked.energy_mwh) as energy_mwh,
        sum(ranked.energy_mwh) filter (where ranked.place <= 5) as top5_mwh,
        round(sum(ranked.share_rate) filter (where ranked.place <= 5), 6) as top5_rate,
        round(sum(ranked.share_rate * ranked.share_rate) * 10000, 2) as hhi
    from ranked
    group by ranked.province, ranked.delivery_month
)

select
    months.province,
    months.delivery_month,
    cast(months.customers as integer) as customers,
    months.energy_mwh,
    months.top5_mwh,
    months.top5_rate,
    months.hhi,
    case
        when months.top5_rate > {{ var('kpi_concentration_warn_rate') }} then 'warn'
        when months.top5_rate is not null then 'ok'
        else 'none'
    end as status
from months
