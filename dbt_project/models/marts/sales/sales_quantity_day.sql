{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_on', 'contract_id'], 'unique': True}, {'columns': ['contract_id', 'delivery_month']}],
        pre_hook=[
            "{{ linear_joins() }}",
            "{{ delete_stale(ref('int_quantity_month_key'), ['contract_id', 'delivery_month']) }}",
        ],
        post_hook="{{ analyze_grown('delivery_on, contract_id, delivery_month') }}",
    )
}}

-- A contract's month on its days and hours, in whole kWh by largest remainder over all cells of the month: every cell is the
-- floor of its quota or one more, ties go to the earliest hour. Only the cells of the remainder at which the residue runs out
-- are looked at singly.
with changed as (
    select keys.*
    from {{ ref('int_quantity_month_key') }} as keys
    where {{ not_stored('keys', ['contract_id', 'delivery_month']) }}
),

cells as (
    select
        changed.contract_id,
        changed.delivery_month,
        changed.pattern_id,
        changed.quantity_kwh,
        classes.class_no,
        classes.hour,
        classes.days,
        {{ quota_floor('changed.quantity_kwh * classes.quota_numerator', 'classes.quota_denominator') }} as floor_kwh,
        {{ quota_remainder('changed.quantity_kwh * classes.quota_numerator', 'classes.quota_denominator') }} as remainder
    from changed
    inner join {{ ref('int_quantity_class') }} as classes on changed.pattern_id = classes.pattern_id
),

ranked as (
    select
        cells.*,
        cells.quantity_kwh - sum(cells.floor_kwh * cells.days) over month_cells as residue_kwh,
        sum(cells.days) over (month_cells order by cells.remainder desc) as cells_through,
        sum(cells.days) over (partition by cells.contract_id, cells.delivery_month, cells.remainder) as cells_alike
    from cells
    window month_cells as (partition by cells.contract_id, cells.delivery_month)
),

sized as (
    select
        ranked.*,
        ranked.floor_kwh + case when ranked.cells_through <= ranked.residue_kwh then 1 else 0 end as hour_kwh,
        ranked.residue_kwh - (ranked.cells_through - ranked.cells_alike) as left_kwh
    from ranked
),

class_hours as (
    select
        sized.contract_id,
        sized.delivery_month,
        sized.class_no,
        {{ hours_spread('sized', 'sized.hour_kwh') }}
    from sized
    group by sized.contract_id, sized.delivery_month, sized.class_no
),

marginal as (
    select
        sized.contract_id,
        days.delivery_on,
        sized.hour,
        sized.left_kwh,
        row_number() over (
            partition by sized.contract_id, sized.delivery_month order by days.delivery_on, sized.hour
        ) as place
    from sized
    inner join {{ ref('int_quantity_pattern_day') }} as days
        on
            sized.pattern_id = days.pattern_id
            and sized.class_no = days.class_no
    where
        sized.left_kwh > 0
        and sized.left_kwh < sized.cells_alike
),

extra_hours as (
    select
        marginal.contract_id,
        marginal.delivery_on,
        {{ hours_spread('marginal', '1') }}
    from marginal
    where marginal.place <= marginal.left_kwh
    group by marginal.contract_id, marginal.delivery_on
)

select
    changed.contract_id,
    days.delivery_on,
    changed.delivery_month,
    days.day_type,
    changed.input_digest,
    {{ hours_added('class_hours', 'extra_hours') }}
from changed
inner join {{ ref('int_quantity_pattern_day') }} as days on changed.pattern_id = days.pattern_id
left join class_hours
    on
        changed.contract_id = class_hours.contract_id
        and changed.delivery_month = class_hours.delivery_month
        and days.class_no = class_hours.class_no
left join extra_hours
    on
        changed.contract_id = extra_hours.contract_id
        and days.delivery_on = extra_hours.delivery_on
