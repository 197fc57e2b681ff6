-- Register against curve, per point and freeze month. A freeze stands for the midnight that begins its day.
with spans as (
    select
        registers.metering_point_id,
        registers.channel,
        cast(registers.from_at at time zone 'Asia/Shanghai' as date) as from_on,
        cast(registers.to_at at time zone 'Asia/Shanghai' as date) - 1 as to_on,
        registers.energy_kwh,
        registers.energy_status
    from {{ ref('int_register_energy') }} as registers
    where
        registers.kind = 'monthly_freeze'
        and registers.channel in ('active_import', 'active_export')
),

curves as (
    select
        spans.metering_point_id,
        spans.channel,
        spans.from_on,
        sum(case spans.channel when 'active_import' then points.import_wh else points.export_wh end) as curve_wh,
        96 * (spans.to_on - spans.from_on + 1) - coalesce(sum(96 - points.missing_slots), 0) as missing_slots
    from spans
    inner join {{ ref('int_calendar_day') }} as days on days.delivery_on between spans.from_on and spans.to_on
    left join {{ ref('int_point_day_energy') }} as points
        on
            spans.metering_point_id = points.metering_point_id
            and days.delivery_on = points.delivery_on
    group by spans.metering_point_id, spans.channel, spans.from_on, spans.to_on
),

compared as (
    select
        spans.*,
        cast(curves.curve_wh / 1000 as numeric(20, 3)) as curve_kwh,
        curves.missing_slots
    from spans
    inner join curves
        on
            spans.metering_point_id = curves.metering_point_id
            and spans.channel = curves.channel
            and spans.from_on = curves.from_on
)

select
    compared.metering_point_id,
    compared.channel,
    cast(date_trunc('month', compared.from_on) as date) as delivery_month,
    compared.from_on,
    compared.to_on,
    compared.energy_kwh as register_kwh,
    compared.curve_kwh,
    compared.curve_kwh - compared.energy_kwh as difference_kwh,
    cast((compared.curve_kwh - compared.energy_kwh) / nullif(compared.energy_kwh, 0) as numeric(12, 6)) as difference_rate,
    cast(compared.missing_slots as integer) as missing_slots,
    case
        when compared.energy_status <> 'known' then compared.energy_status
        when compared.missing_slots > 0 or compared.curve_kwh is null then 'curve_incomplete'
        when
            abs(compared.curve_kwh - compared.energy_kwh)
            > {{ var('register_check_tolerance_rate') }} * compared.energy_kwh
            then 'deviates'
        else 'agrees'
    end as check_status
from compared
