{{ config(tags=['pricing'], pre_hook='{{ linear_joins() }}') }}
-- The energy of each line to come. Components with a share get theirs in whole kWh per period by largest remainder, so
-- that together they have all of it; the others act on all energy. No energy at all is one line without a quantity.
with parts as (
    select
        cases.run_id,
        cases.case_id,
        components.component_no,
        components.grain,
        components.driver,
        components.share
    from {{ ref('int_pricing_case') }} as cases
    inner join {{ ref('stg_package_component') }} as components on cases.package_hash = components.package_hash
),

energy as (
    select
        inputs.run_id,
        inputs.case_id,
        inputs.name,
        inputs.period,
        inputs.value as energy_mwh
    from {{ ref('stg_pricing_input') }} as inputs
    inner join {{ ref('int_pricing_case') }} as cases
        on
            inputs.run_id = cases.run_id
            and inputs.case_id = cases.case_id
    where inputs.name in ('q', 'hour_q')
),

months as (
    select
        energy.run_id,
        energy.case_id,
        sum(energy.energy_mwh) as month_mwh
    from energy
    where energy.name = 'q'
    group by energy.run_id, energy.case_id
),

cells as (
    select
        parts.run_id,
        parts.case_id,
        parts.component_no,
        parts.grain,
        parts.share,
        energy.period,
        energy.energy_mwh
    from parts
    left join energy
        on
            parts.run_id = energy.run_id
            and parts.case_id = energy.case_id
            and parts.driver = energy.name
),

shared as (
    select
        cells.run_id,
        cells.case_id,
        cells.component_no,
        case when cells.grain = 'month' then 'all' else coalesce(cells.period, 'all') end as line_period,
        case
            when cells.share is null then cells.energy_mwh
            else cast({{ largest_remainder(
                numerator='(cells.energy_mwh * 1000000000 * coalesce(cells.share, 1))',
                denominator='1000000',
                total='cells.energy_mwh * 1000',
                partition_by='cells.run_id, cells.case_id, cells.period, case when cells.share is null then cells.component_no end',
                order_by='cells.component_no',
            ) }} as numeric) * 0.001
        end as energy_mwh
    from cells
)

select
    shared.run_id,
    shared.case_id,
    shared.component_no,
    shared.line_period,
    sum(shared.energy_mwh) as energy_mwh,
    max(months.month_mwh) as month_mwh
from shared
left join months
    on
        shared.run_id = months.run_id
        and shared.case_id = months.case_id
group by shared.run_id, shared.case_id, shared.component_no, shared.line_period
