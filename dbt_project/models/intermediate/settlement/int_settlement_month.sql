with energy as (
    select
        margins.province,
        margins.delivery_month,
        margins.is_open_month,
        sum(margins.energy_wh) as energy_wh
    from {{ ref('int_settlement_margin') }} as margins
    group by margins.province, margins.delivery_month, margins.is_open_month
),

money as (
    select
        lines.province,
        lines.delivery_month,
        sum(lines.amount_cny) filter (where lines.side = 'retail') as retail_cny,
        sum(lines.amount_cny) filter (where lines.side = 'wholesale') as wholesale_cny,
        sum(lines.amount_cny) filter (where lines.side = 'income') as income_cny,
        bool_or(lines.is_illustrative) as is_illustrative
    from {{ ref('int_settlement_line') }} as lines
    group by lines.province, lines.delivery_month
),

deviation as (
    select
        days.province,
        days.delivery_month,
        sum(positions.deviation_wh) as deviation_wh,
        sum(positions.day_ahead_wh) as day_ahead_wh
    from {{ ref('int_settlement_day') }} as days
    inner join {{ ref('int_position_day') }} as positions
        on
            days.province = positions.province
            and days.delivery_on = positions.delivery_on
    group by days.province, days.delivery_month
),

means as (
    select
        energy.*,
        coalesce(money.retail_cny, 0) as retail_cny,
        money.wholesale_cny,
        coalesce(money.income_cny, 0) as income_cny,
        {{ half_up('money.wholesale_cny * 1000000 / nullif(energy.energy_wh, 0)', 3) }} as purchase_mean_cny_per_mwh,
        {{ half_up('coalesce(money.retail_cny, 0) * 1000000 / nullif(energy.energy_wh, 0)', 3) }} as sales_mean_cny_per_mwh,
        round(deviation.deviation_wh / nullif(deviation.day_ahead_wh, 0), 6) as deviation_rate,
        money.is_illustrative
    from energy
    inner join money
        on
            energy.province = money.province
            and energy.delivery_month = money.delivery_month
    left join deviation
        on
            energy.province = deviation.province
            and energy.delivery_month = deviation.delivery_month
)

select
    means.province,
    means.delivery_month,
    means.is_open_month,
    means.energy_wh,
    means.retail_cny,
    means.wholesale_cny,
    means.income_cny,
    means.retail_cny - means.wholesale_cny + means.income_cny as margin_cny,
    means.purchase_mean_cny_per_mwh,
    means.sales_mean_cny_per_mwh,
    -- of the printed means, so that what is printed adds up
    means.sales_mean_cny_per_mwh - means.purchase_mean_cny_per_mwh as spread_cny_per_mwh,
    means.deviation_rate,
    means.is_illustrative
from means
