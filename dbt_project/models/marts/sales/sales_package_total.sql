{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='run_id',
        on_schema_change='append_new_columns',
        tags=['pricing'],
    )
}}

-- totals add lines; one missing number blocks the whole case
with summed as (
    select
        lines.run_id,
        lines.case_id,
        coalesce(sum(lines.amount_cny) filter (where lines.stage = 'energy'), 0) as energy_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.stage = 'balancing'), 0) as balancing_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.stage = 'deviation'), 0) as deviation_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.stage = 'cap_floor'), 0) as cap_floor_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.stage = 'green'), 0) as green_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.stage = 'service'), 0) as service_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.stage = 'pass_through'), 0) as pass_through_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.stage = 'refund'), 0) as refund_cny,
        sum(lines.amount_cny) as total_cny,
        bool_or(lines.amount_cny is null) as is_blocked,
        string_agg(distinct lines.missing, ', ') as missing
    from {{ ref('int_pricing_line') }} as lines
    group by lines.run_id, lines.case_id
),

known as (
    select
        inputs.run_id,
        inputs.case_id,
        sum(inputs.value) filter (where inputs.name = 'q') as quantity_mwh,
        max(inputs.value) filter (where inputs.name = 'cost' and inputs.period = 'all') as cost_cny_per_mwh
    from {{ ref('stg_pricing_input') }} as inputs
    where inputs.name in ('q', 'cost')
    group by inputs.run_id, inputs.case_id
),

joined as (
    select
        summed.*,
        known.quantity_mwh,
        known.cost_cny_per_mwh,
        summed.total_cny - summed.pass_through_cny as revenue_cny,
        summed.energy_cny + summed.balancing_cny + summed.deviation_cny + summed.cap_floor_cny as energy_fee_cny
    from summed
    left join known
        on
            summed.run_id = known.run_id
            and summed.case_id = known.case_id
)

select
    joined.run_id,
    joined.case_id,
    cases.contract_id,
    cases.delivery_month,
    packages.package_id,
    packages.package_version,
    cases.package_hash,
    case when joined.is_blocked then 'blocked' else 'priced' end as pricing_status,
    joined.missing,
    joined.quantity_mwh,
    case when not joined.is_blocked then joined.energy_cny end as energy_cny,
    case when not joined.is_blocked then joined.balancing_cny end as balancing_cny,
    case when not joined.is_blocked then joined.deviation_cny end as deviation_cny,
    case when not joined.is_blocked then joined.cap_floor_cny end as cap_floor_cny,
    case when not joined.is_blocked then joined.green_cny end as green_cny,
    case when not joined.is_blocked then joined.service_cny end as service_cny,
    case when not joined.is_blocked then joined.pass_through_cny end as pass_through_cny,
    case when not joined.is_blocked then joined.refund_cny end as refund_cny,
    case when not joined.is_blocked then joined.total_cny end as total_cny,
    case when not joined.is_blocked then joined.revenue_cny end as revenue_cny,
    case when not joined.is_blocked then round(joined.energy_fee_cny / nullif(joined.quantity_mwh, 0), 3) end as mean_price_cny_per_mwh,
    round(joined.cost_cny_per_mwh * joined.quantity_mwh, 2) as purchase_cny,
    case when not joined.is_blocked then joined.revenue_cny - round(joined.cost_cny_per_mwh * joined.quantity_mwh, 2) end as margin_cny
from joined
inner join {{ ref('int_pricing_case') }} as cases
    on
        joined.run_id = cases.run_id
        and joined.case_id = cases.case_id
inner join {{ ref('stg_package') }} as packages on cases.package_hash = packages.package_hash
