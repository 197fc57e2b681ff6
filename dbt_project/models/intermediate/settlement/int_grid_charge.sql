-- Every charge of a grid bill but the power-factor adjustment, twice: `agency` as the customer would pay the grid company,
-- `market` as it pays now. There the retailer's lines take the place of the agency price, and what the province floats for
-- agency users is charged level.
with retail as (
    select
        lines.province,
        lines.delivery_month,
        lines.account_id,
        sum(lines.amount_cny) as amount_cny,
        bool_or(lines.is_illustrative) as is_illustrative
    from {{ ref('int_settlement_line') }} as lines
    where
        lines.side = 'retail'
        and lines.account_id is not null
        and not lines.is_open_month
    group by lines.province, lines.delivery_month, lines.account_id
),

bills as (
    select
        clear.*,
        kinds.bill
    from {{ ref('int_grid_clear') }} as clear
    left join retail
        on
            clear.province = retail.province
            and clear.delivery_month = retail.delivery_month
            and clear.account_id = retail.account_id
    cross join (values ('agency'), ('market')) as kinds (bill)
    where kinds.bill = 'agency' or retail.account_id is not null
),

-- kWh of a row of the price table: all, or the part on its side of the split (per kVA, in class_2 per kW of demand)
grid_row as (
    select
        bills.province,
        bills.delivery_month,
        bills.account_id,
        bills.bill,
        bills.is_grid_price_in_pf_base,
        tariffs.energy_cny_per_kwh,
        case
            when tariffs.use_up_to is not null then 'up_to_' || tariffs.use_up_to
            when tariffs.use_above is not null then 'above_' || tariffs.use_above
            else 'all'
        end as item,
        case
            when tariffs.use_up_to is not null
                then
                    least(
                        bills.total_kwh,
                        {{ half_up(
                            "tariffs.use_up_to * case tariffs.tariff_class when 'class_2' then bills.max_demand_kw else bills.capacity_kva end", 0
                        ) }}
                    )
            when tariffs.use_above is not null
                then
                    greatest(
                        bills.total_kwh
                        - {{ half_up(
                            "tariffs.use_above * case tariffs.tariff_class when 'class_2' then bills.max_demand_kw else bills.capacity_kva end", 0
                        ) }},
                        0
                    )
            else bills.total_kwh
        end as quantity_kwh
    from bills
    inner join {{ ref('int_grid_tariff') }} as tariffs
        on
            bills.province = tariffs.province
            and bills.delivery_month = tariffs.delivery_month
            and bills.account_id = tariffs.account_id
    where bills.bill = 'market' or not bills.does_grid_price_float
),

basic as (
    select
        bills.*,
        tariffs.capacity_cny_per_kva_month,
        greatest(bills.declared_kw, bills.declared_share_min * bills.capacity_kva) as billed_kw,
        tariffs.demand_cny_per_kw_month
        * case
            when bills.total_kwh >= cast(bills.discount_from_kwh_per_kva as bigint) * bills.capacity_kva then bills.discount_factor
            else 1
        end as demand_cny_per_kw_month
    from bills
    inner join (
        select
            rows_of.province,
            rows_of.delivery_month,
            rows_of.account_id,
            max(rows_of.demand_cny_per_kw_month) as demand_cny_per_kw_month,
            max(rows_of.capacity_cny_per_kva_month) as capacity_cny_per_kva_month
        from {{ ref('int_grid_tariff') }} as rows_of
        where rows_of.demand_cny_per_kw_month is not null
        group by rows_of.province, rows_of.delivery_month, rows_of.account_id
    ) as tariffs
        on
            bills.province = tariffs.province
            and bills.delivery_month = tariffs.delivery_month
            and bills.account_id = tariffs.account_id
),

charges as (
    select
        bills.province,
        bills.delivery_month,
        bills.account_id,
        bills.bill,
        prices.component,
        prices.item,
        cast(0 as integer) as period_order,
        'all' as tou_period,
        cast(bills.total_kwh as numeric) as quantity,
        'kWh' as unit,
        prices.price_cny_per_kwh as price_cny,
        prices.is_in_pf_base,
        prices.is_illustrative,
        prices.origin as note
    from bills
    inner join {{ ref('int_grid_price') }} as prices
        on
            bills.province = prices.province
            and bills.delivery_month = prices.delivery_month
    where
        (bills.bill = 'agency' and not prices.does_float)
        or (bills.bill = 'market' and prices.component <> 'energy')

    union all

    select
        periods.province,
        periods.delivery_month,
        periods.account_id,
        'agency' as bill,
        periods.component,
        periods.item,
        periods.period_order,
        periods.tou_period,
        cast(periods.quantity_kwh as numeric) as quantity,
        'kWh' as unit,
        periods.price_cny_per_kwh as price_cny,
        periods.is_in_pf_base,
        periods.is_illustrative,
        case when periods.is_printed then 'part of the printed price of the period' else 'flat price × multiple of the period' end as note
    from {{ ref('int_grid_period_price') }} as periods

    union all

    select
        grid_row.province,
        grid_row.delivery_month,
        grid_row.account_id,
        grid_row.bill,
        'transmission_distribution' as component,
        grid_row.item,
        cast(0 as integer) as period_order,
        'all' as tou_period,
        cast(grid_row.quantity_kwh as numeric) as quantity,
        'kWh' as unit,
        grid_row.energy_cny_per_kwh as price_cny,
        grid_row.is_grid_price_in_pf_base as is_in_pf_base,
        false as is_illustrative,
        'price table of the rule pack' as note
    from grid_row
    where grid_row.item = 'all' or grid_row.quantity_kwh > 0

    union all

    select
        basic.province,
        basic.delivery_month,
        basic.account_id,
        basic.bill,
        'basic_charge' as component,
        items.item,
        cast(0 as integer) as period_order,
        'all' as tou_period,
        cast(items.quantity as numeric) as quantity,
        items.unit,
        items.price_cny,
        basic.is_basic_charge_in_pf_base as is_in_pf_base,
        false as is_illustrative,
        items.note
    from basic
    cross join
        lateral (
            values
            ('capacity', basic.charge_basis = 'capacity', basic.capacity_kva, 'kVA', basic.capacity_cny_per_kva_month, 'transformer capacity'),
            (
                'demand', basic.charge_basis = 'demand', basic.billed_kw, 'kW', basic.demand_cny_per_kw_month,
                case when basic.billed_kw > basic.declared_kw then 'least demand that may be declared' else 'declared demand' end
            ),
            (
                'demand_excess',
                basic.charge_basis = 'demand' and basic.max_demand_kw > basic.tolerance_factor * basic.billed_kw,
                basic.max_demand_kw - basic.tolerance_factor * basic.billed_kw, 'kW',
                basic.demand_cny_per_kw_month * basic.excess_factor,
                'demand beyond ' || basic.tolerance_factor || ' times the declared one, charged ' || basic.excess_factor || ' times'
            )
        ) as items (item, is_charged, quantity, unit, price_cny, note)
    where items.is_charged
),

-- as it is printed: what is printed multiplies to the amount
printed as (
    select
        charges.province,
        charges.delivery_month,
        charges.account_id,
        charges.bill,
        charges.component,
        charges.item,
        charges.period_order,
        charges.tou_period,
        {{ half_up('charges.quantity', 4) }} as quantity,
        charges.unit,
        {{ half_up('charges.price_cny', 6) }} as price_cny,
        charges.is_in_pf_base,
        charges.is_illustrative,
        charges.note
    from charges
)

select
    printed.province,
    printed.delivery_month,
    printed.account_id,
    printed.bill,
    printed.component,
    printed.item,
    printed.period_order,
    printed.tou_period,
    printed.quantity,
    printed.unit,
    printed.price_cny,
    {{ half_up('printed.quantity * printed.price_cny', 2) }} as amount_cny,
    printed.is_in_pf_base,
    printed.is_illustrative,
    printed.note
from printed

union all

-- what the retailer bills stays as it was rounded there; its mean price is display only
select
    bills.province,
    bills.delivery_month,
    bills.account_id,
    bills.bill,
    'energy' as component,
    'all' as item,
    cast(0 as integer) as period_order,
    'all' as tou_period,
    round(cast(bills.total_kwh as numeric), 4) as quantity,
    'kWh' as unit,
    cast(null as numeric) as price_cny,
    retail.amount_cny,
    coalesce(prices.is_in_pf_base, false) as is_in_pf_base,
    retail.is_illustrative,
    'retail lines of the account' as note
from bills
inner join retail
    on
        bills.province = retail.province
        and bills.delivery_month = retail.delivery_month
        and bills.account_id = retail.account_id
left join (
    select
        priced.province,
        priced.delivery_month,
        bool_or(priced.is_in_pf_base) as is_in_pf_base
    from {{ ref('int_grid_price') }} as priced
    where priced.component = 'energy'
    group by priced.province, priced.delivery_month
) as prices
    on
        bills.province = prices.province
        and bills.delivery_month = prices.delivery_month
where bills.bill = 'market'
