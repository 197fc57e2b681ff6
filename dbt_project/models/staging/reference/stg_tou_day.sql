{{ config(materialized='view') }}

-- The schedule of each delivery day, with the condition that its pack makes for it. A condition that nobody has decided
-- leaves the schedule NULL for those whom it concerns: unknown, never the one without the condition.
with holiday as (
    select
        exceptions.delivery_on,
        exceptions.day_type,
        replace(lower(exceptions.name_en), ' ', '_') as holiday_code,
        count(*) over (
            partition by exceptions.day_type, exceptions.name_en, extract(year from exceptions.delivery_on)
        ) as holiday_days
    from {{ ref('calendar_exception') }} as exceptions
),

-- the yearly notice names exchanged workdays too: a year without it has neither known holidays nor known weekends
noticed_year as (
    select distinct cast(extract(year from holiday.delivery_on) as integer) as calendar_year
    from holiday
),

conditional as (
    select
        days.*,
        days.tariff_class is not null or days.min_capacity_kva is not null as is_class_bound,
        case
            when days.decided_by = 'always' then true
            when days.decided_by = 'feed' then said.does_hold
            when years.calendar_year is not null then
                coalesce(
                    holiday.day_type = 'holiday'
                    and array['all', holiday.holiday_code] && string_to_array(days.holidays, ',')
                    and holiday.holiday_days >= coalesce(days.min_holiday_days, 0),
                    false
                )
                or days.is_on_weekends and {{ day_type('days.delivery_on', 'holiday.day_type') }} = 'weekend'
        end as does_hold
    from {{ source('reference', 'tou_conditional_day') }} as days
    left join {{ ref('stg_tou_condition_day') }} as said
        on
            days.province = said.province
            and days.delivery_on = said.delivery_on
            and days.condition_code = said.condition_code
    left join holiday on days.delivery_on = holiday.delivery_on
    left join noticed_year as years on extract(year from days.delivery_on) = years.calendar_year
)

select
    days.province,
    days.delivery_on,
    case
        when conditional.condition_code is null or conditional.is_class_bound then days.schedule_id
        when conditional.does_hold then conditional.schedule_id
        when not conditional.does_hold then days.schedule_id
    end as schedule_id,
    coalesce(conditional.is_class_bound, false) as is_class_bound,
    case
        when conditional.does_hold then conditional.schedule_id
        when not conditional.does_hold then days.schedule_id
    end as class_schedule_id,
    conditional.tariff_class as class_tariff_class,
    conditional.min_capacity_kva as class_min_capacity_kva,
    conditional.condition_code,
    conditional.description as condition_description,
    conditional.decided_by as condition_decided_by,
    conditional.does_hold as does_condition_hold,
    days.is_illustrative or coalesce(conditional.is_illustrative, false) as is_illustrative
from {{ source('reference', 'tou_day') }} as days
left join conditional
    on
        days.province = conditional.province
        and days.delivery_on = conditional.delivery_on
