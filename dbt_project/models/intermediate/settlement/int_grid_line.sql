-- The lines of both bills, the power-factor adjustment last: the rate of the account's power factor on the rounded charges
-- in the province's base. Totals add lines.
with base as (
    select
        charges.province,
        charges.delivery_month,
        charges.account_id,
        charges.bill,
        coalesce(sum(charges.amount_cny) filter (where charges.is_in_pf_base), 0) as base_cny
    from {{ ref('int_grid_charge') }} as charges
    group by charges.province, charges.delivery_month, charges.account_id, charges.bill
),

lines as (
    select
        charges.province,
        charges.delivery_month,
        charges.account_id,
        charges.bill,
        charges.component,
        charges.item,
        charges.period_order,
        charges.tou_period,
        charges.quantity,
        charges.unit,
        charges.price_cny,
        charges.amount_cny,
        charges.is_illustrative,
        charges.note
    from {{ ref('int_grid_charge') }} as charges

    union all

    select
        base.province,
        base.delivery_month,
        base.account_id,
        base.bill,
        'power_factor' as component,
        'all' as item,
        cast(0 as integer) as period_order,
        'all' as tou_period,
        base.base_cny as quantity,
        'yuan' as unit,
        clear.pf_rate as price_cny,
        {{ half_up('base.base_cny * clear.pf_rate', 2) }} as amount_cny,
        false as is_illustrative,
        case
            when clear.power_factor is null then 'no energy, no power factor'
            else 'power factor ' || to_char(clear.power_factor, 'FM0.00') || ' against the standard ' || to_char(clear.pf_standard, 'FM0.00')
        end as note
    from base
    inner join {{ ref('int_grid_clear') }} as clear
        on
            base.province = clear.province
            and base.delivery_month = clear.delivery_month
            and base.account_id = clear.account_id
)

select
    md5(concat_ws(
        '|', 'grid', lines.bill, lines.province, to_char(lines.delivery_month, 'YYYY-MM'), lines.account_id, lines.component,
        lines.item, lines.tou_period
    )) as line_id,
    lines.province,
    lines.delivery_month,
    lines.account_id,
    clear.customer_id,
    lines.bill,
    -- the order in which a bill prints its lines
    case lines.component
        when 'energy' then 1
        when 'line_loss' then 2
        when 'transmission_distribution' then 3
        when 'funds' then 5
        when 'basic_charge' then 6
        when 'power_factor' then 7
        else 4
    end as part_order,
    lines.period_order,
    lines.component,
    lines.item,
    lines.tou_period,
    lines.quantity,
    lines.unit,
    lines.price_cny,
    lines.amount_cny,
    clear.pack_hash,
    lines.is_illustrative or clear.is_illustrative as is_illustrative,
    lines.note
from lines
inner join {{ ref('int_grid_clear') }} as clear
    on
        lines.province = clear.province
        and lines.delivery_month = clear.delivery_month
        and lines.account_id = clear.account_id
