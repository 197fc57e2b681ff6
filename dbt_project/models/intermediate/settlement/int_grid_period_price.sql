-- The price of each component that floats, per period. Together they cost the printed price less what does not float, else
-- their flat prices times the multiple, rounded once. Each has its part of that; the first takes what rounding leaves.
with components as (
    select
        clear.province,
        clear.delivery_month,
        clear.account_id,
        prices.component,
        prices.item,
        prices.price_cny_per_kwh,
        prices.does_float,
        prices.is_in_pf_base,
        prices.is_illustrative
    from {{ ref('int_grid_clear') }} as clear
    inner join {{ ref('int_grid_price') }} as prices
        on
            clear.province = prices.province
            and clear.delivery_month = prices.delivery_month

    union all

    select
        clear.province,
        clear.delivery_month,
        clear.account_id,
        'transmission_distribution' as component,
        'all' as item,
        tariffs.energy_cny_per_kwh as price_cny_per_kwh,
        clear.does_grid_price_float as does_float,
        clear.is_grid_price_in_pf_base as is_in_pf_base,
        false as is_illustrative
    from {{ ref('int_grid_clear') }} as clear
    inner join {{ ref('int_grid_tariff') }} as tariffs
        on
            clear.province = tariffs.province
            and clear.delivery_month = tariffs.delivery_month
            and clear.account_id = tariffs.account_id
    where
        tariffs.use_up_to is null
        and tariffs.use_above is null
),

summed as (
    select
        components.*,
        sum(case when components.does_float then components.price_cny_per_kwh else 0 end) over account as floating_cny_per_kwh,
        sum(case when components.does_float then 0 else components.price_cny_per_kwh end) over account as level_cny_per_kwh,
        row_number() over (
            partition by components.province, components.delivery_month, components.account_id
            order by components.does_float desc, components.component = 'energy' desc, components.component, components.item
        ) as place
    from components
    window account as (partition by components.province, components.delivery_month, components.account_id)
),

period_total as (
    select
        summed.*,
        periods.period_order,
        periods.tou_period,
        periods.quantity_kwh,
        periods.printed_cny_per_kwh is not null as is_printed,
        case
            when periods.printed_cny_per_kwh is not null then periods.printed_cny_per_kwh - summed.level_cny_per_kwh
            else round(summed.floating_cny_per_kwh * periods.multiple, clear.price_places)
        end as period_cny_per_kwh,
        summed.is_illustrative or periods.is_illustrative as is_period_illustrative
    from summed
    inner join {{ ref('int_grid_period') }} as periods
        on
            summed.province = periods.province
            and summed.delivery_month = periods.delivery_month
            and summed.account_id = periods.account_id
    inner join {{ ref('int_grid_clear') }} as clear
        on
            summed.province = clear.province
            and summed.delivery_month = clear.delivery_month
            and summed.account_id = clear.account_id
    where summed.does_float
),

parts as (
    select
        period_total.*,
        case
            when period_total.place > 1
                then
                    coalesce(
                        {{ half_up(
                            'period_total.price_cny_per_kwh * period_total.period_cny_per_kwh / nullif(period_total.floating_cny_per_kwh, 0)', 6
                        ) }}, 0
                    )
            else 0
        end as part_cny_per_kwh
    from period_total
)

select
    parts.province,
    parts.delivery_month,
    parts.account_id,
    parts.component,
    parts.item,
    parts.period_order,
    parts.tou_period,
    parts.quantity_kwh,
    case
        when parts.place > 1 then parts.part_cny_per_kwh
        else parts.period_cny_per_kwh - sum(parts.part_cny_per_kwh) over (
            partition by parts.province, parts.delivery_month, parts.account_id, parts.tou_period
        )
    end as price_cny_per_kwh,
    parts.is_in_pf_base,
    parts.is_printed,
    parts.is_period_illustrative as is_illustrative
from parts
