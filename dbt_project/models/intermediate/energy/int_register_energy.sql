-- Energy between two consecutive freezes of one kind: (R1 - R0) x CT x PT (domain §6). It is not known (NULL) where the
-- meter or its ratios changed in between, or where the register ran backwards; energy_status says which.
with readings as (
    select
        readings.metering_point_id,
        readings.channel,
        readings.kind,
        readings.read_at,
        readings.register_kwh,
        points.meter_id,
        points.ct_ratio,
        points.pt_ratio
    from {{ ref('stg_register_reading') }} as readings
    left join {{ ref('stg_metering_point') }} as points
        on
            readings.metering_point_id = points.metering_point_id
            and cast(readings.read_at at time zone 'Asia/Shanghai' as date) between points.effective_from and points.valid_to
    where readings.register_kwh is not null
),

paired as (
    select
        readings.*,
        lag(readings.read_at) over register as previous_read_at,
        lag(readings.register_kwh) over register as previous_register_kwh,
        lag(readings.meter_id) over register as previous_meter_id,
        lag(readings.ct_ratio * readings.pt_ratio) over register as previous_multiplier
    from readings
    window register as (
        partition by readings.metering_point_id, readings.channel, readings.kind order by readings.read_at
    )
),

judged as (
    select
        paired.*,
        case
            when paired.meter_id is null or paired.previous_meter_id is null then 'unknown_point'
            when paired.meter_id <> paired.previous_meter_id then 'meter_changed'
            when paired.ct_ratio * paired.pt_ratio <> paired.previous_multiplier then 'ratio_changed'
            when paired.register_kwh < paired.previous_register_kwh then 'ran_backwards'
            else 'known'
        end as energy_status
    from paired
    where paired.previous_read_at is not null
)

select
    judged.metering_point_id,
    judged.channel,
    judged.kind,
    judged.previous_read_at as from_at,
    judged.read_at as to_at,
    judged.previous_register_kwh as from_register_kwh,
    judged.register_kwh as to_register_kwh,
    judged.ct_ratio,
    judged.pt_ratio,
    judged.energy_status,
    case
        when judged.energy_status = 'known'
            then cast((judged.register_kwh - judged.previous_register_kwh) * judged.ct_ratio * judged.pt_ratio as numeric(20, 3))
    end as energy_kwh
from judged
