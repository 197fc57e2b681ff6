{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[{'columns': ['customer_id', 'delivery_on', 'reference_type', 'province'], 'unique': True}],
        post_hook='analyze {{ this }}',
        pre_hook="{{ delete_stale(ref('int_customer_day_history_key'), ['delivery_on', 'customer_id', 'province']) }}",
    )
}}

-- A customer's day beside its typical day. A day that the calendar moves (a holiday, a worked weekend day) is also set
-- beside the typical day of its plain weekday, and a holiday beside a weekend: not every customer keeps the calendar. A
-- weekend day is set beside weekends and beside its own weekday: not every customer rests on both.
with changed as (
    select keys.*
    from {{ ref('int_customer_day_history_key') }} as keys
    where {{ not_stored('keys', ['delivery_on', 'customer_id', 'province']) }}
),

compared as (
    select
        days.province,
        days.customer_id,
        days.delivery_on,
        days.day_type,
        kinds.reference_type,
        days.missing_slots,
        days.energy_wh,
        days.night_wh,
        days.max_slot_wh,
        days.zero_slots,
        days.capacity_kva,
        typical.typical_days,
        typical.typical_energy_wh,
        {{ curve_shape_distance('days', 'days.energy_wh', 'typical', 'typical.typical_energy_wh') }} as shape_distance_rate,
        case
            when days.zero_slots > 0 then {{ curve_idle_flags('days', 'typical', 'typical.typical_energy_wh') }}
        end as idle_flags,
        changed.input_digest
    from changed
    inner join {{ ref('int_customer_day_curve') }} as days
        on
            changed.customer_id = days.customer_id
            and changed.delivery_on = days.delivery_on
            and changed.province = days.province
    cross join
        lateral (
            select days.day_type as reference_type
            union
            select days.weekday_type as reference_type
            union
            select {{ fine_day_type('days.weekday_type', 'days.delivery_on') }} as reference_type
            union
            select 'weekend' as reference_type
            where days.day_type = 'holiday'
        ) as kinds
    cross join lateral (
        {{ typical_day(ref('int_customer_day_curve'), ['customer_id', 'province'], 'days', 'kinds.reference_type') }}
    ) as typical
)

select
    compared.province,
    compared.customer_id,
    compared.delivery_on,
    compared.day_type,
    compared.reference_type,
    compared.reference_type in (compared.day_type, {{ fine_day_type('compared.day_type', 'compared.delivery_on') }}) as is_own_type,
    compared.missing_slots,
    compared.energy_wh,
    compared.night_wh,
    compared.max_slot_wh,
    compared.capacity_kva,
    cast(compared.typical_days as integer) as typical_days,
    cast(round(cast(compared.typical_energy_wh as numeric) / nullif(compared.typical_days, 0), 0) as bigint) as typical_wh,
    cast(compared.shape_distance_rate as numeric(8, 6)) as shape_distance_rate,
    cast(coalesce(idle.run_slots, 0) as integer) as idle_run_slots,
    case
        when idle.run_slots > 0 then position(repeat('1', idle.run_slots) in compared.idle_flags)
    end as idle_from_slot,
    compared.input_digest
from compared
cross join lateral (
    select max(length(runs.run)) as run_slots
    from regexp_split_to_table(compared.idle_flags, '0+') as runs (run)
) as idle
