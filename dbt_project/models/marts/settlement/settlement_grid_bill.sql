with totals as (
    select
        lines.province,
        lines.delivery_month,
        lines.account_id,
        lines.bill,
        coalesce(sum(lines.amount_cny) filter (where lines.part_order = 1), 0) as energy_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.part_order = 2), 0) as line_loss_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.part_order = 3), 0) as transmission_distribution_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.part_order = 4), 0) as system_operation_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.part_order = 5), 0) as funds_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.part_order = 6), 0) as basic_charge_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.part_order = 7), 0) as power_factor_cny,
        sum(lines.amount_cny) as amount_cny,
        bool_or(lines.is_illustrative) as is_illustrative
    from {{ ref('int_grid_line') }} as lines
    group by lines.province, lines.delivery_month, lines.account_id, lines.bill
)

select
    totals.province,
    totals.delivery_month,
    totals.account_id,
    totals.bill,
    clear.customer_id,
    coalesce(customers.customer_name, clear.customer_id) as customer_name,
    coalesce(customers.customer_name_en, customers.customer_name, clear.customer_id) as customer_name_en,
    customers.manager_username,
    cast(clear.total_kwh as bigint) as energy_kwh,
    totals.energy_cny,
    totals.line_loss_cny,
    totals.transmission_distribution_cny,
    totals.system_operation_cny,
    totals.funds_cny,
    totals.basic_charge_cny,
    totals.power_factor_cny,
    totals.amount_cny,
    clear.vat_rate,
    {{ net_of_vat('totals.amount_cny', 'clear.vat_rate') }} as net_cny,
    totals.amount_cny - {{ net_of_vat('totals.amount_cny', 'clear.vat_rate') }} as vat_cny,
    {{ half_up('totals.amount_cny / nullif(clear.total_kwh, 0)', 6) }} as average_price_cny_per_kwh,
    clear.charge_basis,
    clear.declared_kw,
    clear.max_demand_kw,
    round(cast(clear.reactive_wh as numeric) * 0.001, 3) as reactive_kvarh,
    clear.reactive_source,
    clear.pf_standard,
    clear.power_factor,
    clear.pf_rate,
    clear.pack_hash,
    totals.is_illustrative
from totals
inner join {{ ref('int_grid_clear') }} as clear
    on
        totals.province = clear.province
        and totals.delivery_month = clear.delivery_month
        and totals.account_id = clear.account_id
left join {{ ref('int_customer') }} as customers on clear.customer_id = customers.customer_id
