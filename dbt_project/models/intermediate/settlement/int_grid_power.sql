-- Demand, reactive energy and power factor of an account's month. Reactive energy: complete meter days, else the freezes of
-- the two months' first midnights, else a monthly total of the account; import and export both count, neither is netted
-- (83水电财字215号). Demand: what the freeze after the month shows, else the highest quarter hour of active import; points
-- of an account are billed one by one, so theirs add.
with points as (
    select
        uses.province,
        uses.delivery_month,
        uses.account_id,
        uses.last_on,
        uses.month_days,
        -- by capacity nobody asks for the demand, unless the area's own classes split their price by it
        coalesce(declared.charge_basis = 'demand', false) or packs.class_bounds is not null as is_demand_needed,
        keys.metering_point_id
    from {{ ref('int_grid_use') }} as uses
    inner join {{ ref('int_point_day_energy') }} as keys
        on
            uses.account_id = keys.account_id
            and keys.delivery_on between uses.delivery_month and uses.last_on
    left join {{ ref('stg_pack_tariff') }} as packs on uses.pack_hash = packs.pack_hash
    left join {{ ref('stg_declared_demand') }} as declared
        on
            uses.account_id = declared.account_id
            and uses.delivery_month = declared.delivery_month
    group by
        uses.province, uses.delivery_month, uses.account_id, uses.last_on, uses.month_days, declared.charge_basis,
        packs.class_bounds, keys.metering_point_id
),

curves as (
    select
        points.metering_point_id,
        points.delivery_month,
        points.account_id,
        head.channel,
        count(*) filter (where head.missing_slots = 0) = points.month_days as is_complete,
        sum({{ curve_sum('head') }}) as wh,
        max(greatest({{ curve_columns('head') }})) as max_slot_wh
    from points
    inner join {{ ref('stg_meter_day') }} as head
        on
            points.metering_point_id = head.metering_point_id
            and head.delivery_on between points.delivery_month and points.last_on
            and (
                head.channel in ('reactive_import', 'reactive_export')
                or (head.channel = 'active_import' and points.is_demand_needed)
            )
    group by points.metering_point_id, points.delivery_month, points.account_id, points.month_days, head.channel
),

registers as (
    select
        spans.metering_point_id,
        spans.channel,
        cast(spans.from_at at time zone 'Asia/Shanghai' as date) as delivery_month,
        spans.energy_kwh * 1000 as wh
    from {{ ref('int_register_energy') }} as spans
    where
        spans.kind = 'monthly_freeze'
        and spans.channel in ('reactive_import', 'reactive_export')
        and spans.from_at at time zone 'Asia/Shanghai' = date_trunc('month', spans.from_at at time zone 'Asia/Shanghai')
        and spans.to_at at time zone 'Asia/Shanghai' = spans.from_at at time zone 'Asia/Shanghai' + interval '1 month'
),

-- one unknown channel makes the sum unknown; export that nobody delivered is none
reactive as (
    select
        points.account_id,
        points.delivery_month,
        points.metering_point_id,
        coalesce(
            curve.wh, case when register.metering_point_id is not null and register.is_known then register.wh end
        ) as reactive_wh,
        case when curve.wh is not null then 'meter_day' else 'register_reading' end as reactive_source
    from points
    left join (
        select
            curves.account_id,
            curves.delivery_month,
            curves.metering_point_id,
            sum(curves.wh) as wh
        from curves
        where curves.channel in ('reactive_import', 'reactive_export')
        group by curves.account_id, curves.delivery_month, curves.metering_point_id
        having bool_and(curves.is_complete) and bool_or(curves.channel = 'reactive_import')
    ) as curve
        on
            points.account_id = curve.account_id
            and points.delivery_month = curve.delivery_month
            and points.metering_point_id = curve.metering_point_id
    left join (
        select
            registers.delivery_month,
            registers.metering_point_id,
            count(registers.wh) = count(*) and bool_or(registers.channel = 'reactive_import') as is_known,
            sum(registers.wh) as wh
        from registers
        group by registers.delivery_month, registers.metering_point_id
    ) as register
        on
            points.delivery_month = register.delivery_month
            and points.metering_point_id = register.metering_point_id
),

demand as (
    select
        points.account_id,
        points.delivery_month,
        points.metering_point_id,
        coalesce(
            frozen.max_demand_kw * meters.ct_ratio * meters.pt_ratio,
            -- Wh of a quarter hour × 4 = W
            cast(curves.max_slot_wh as numeric) * 0.004
        ) as max_demand_kw
    from points
    left join {{ ref('stg_register_reading') }} as frozen
        on
            points.metering_point_id = frozen.metering_point_id
            and frozen.kind = 'monthly_freeze'
            and frozen.channel = 'active_import'
            and frozen.read_at at time zone 'Asia/Shanghai' = points.delivery_month + interval '1 month'
    left join {{ ref('stg_metering_point') }} as meters
        on
            points.metering_point_id = meters.metering_point_id
            and points.last_on between meters.effective_from and meters.valid_to
    left join curves
        on
            points.account_id = curves.account_id
            and points.delivery_month = curves.delivery_month
            and points.metering_point_id = curves.metering_point_id
            and curves.channel = 'active_import'
),

accounts as (
    select
        reactive.account_id,
        reactive.delivery_month,
        case when count(*) = count(reactive.reactive_wh) then sum(reactive.reactive_wh) end as reactive_wh,
        max(reactive.reactive_source) as reactive_source,
        min(reactive.metering_point_id) filter (where reactive.reactive_wh is null) as unknown_point_id,
        case when count(*) = count(demand.max_demand_kw) then sum(demand.max_demand_kw) end as max_demand_kw
    from reactive
    inner join demand
        on
            reactive.account_id = demand.account_id
            and reactive.delivery_month = demand.delivery_month
            and reactive.metering_point_id = demand.metering_point_id
    group by reactive.account_id, reactive.delivery_month
),

totals as (
    select
        months.subject_id as account_id,
        months.delivery_month,
        sum(months.energy_kwh) * 1000 as wh
    from {{ ref('stg_month_energy') }} as months
    where
        months.subject_type = 'account'
        and months.channel in ('reactive_import', 'reactive_export')
        and months.period = 'all'
    group by months.subject_id, months.delivery_month
    having bool_or(months.channel = 'reactive_import')
),

joined as (
    select
        uses.province,
        uses.delivery_month,
        uses.account_id,
        uses.pack_hash,
        uses.pf_standard,
        uses.import_wh,
        coalesce(accounts.reactive_wh, totals.wh) as reactive_wh,
        case
            when accounts.reactive_wh is not null then accounts.reactive_source
            when totals.wh is not null then 'month_energy'
        end as reactive_source,
        accounts.unknown_point_id,
        accounts.max_demand_kw,
        declared.charge_basis,
        declared.declared_kw
    from {{ ref('int_grid_use') }} as uses
    left join accounts
        on
            uses.account_id = accounts.account_id
            and uses.delivery_month = accounts.delivery_month
    left join totals
        on
            uses.account_id = totals.account_id
            and uses.delivery_month = totals.delivery_month
    left join {{ ref('stg_declared_demand') }} as declared
        on
            uses.account_id = declared.account_id
            and uses.delivery_month = declared.delivery_month
),

measured as (
    select
        joined.*,
        {{ power_factor('joined.import_wh', 'joined.reactive_wh') }} as power_factor
    from joined
)

select
    measured.province,
    measured.delivery_month,
    measured.account_id,
    measured.charge_basis,
    measured.declared_kw,
    cast(measured.max_demand_kw as numeric(16, 4)) as max_demand_kw,
    cast(measured.reactive_wh as numeric(20, 0)) as reactive_wh,
    measured.reactive_source,
    measured.unknown_point_id,
    measured.pf_standard,
    cast(measured.power_factor as numeric(3, 2)) as power_factor,
    -- without any energy there is no power factor and nothing to adjust
    cast(case
        when measured.power_factor is not null then rates.rate
        when measured.reactive_wh is not null then 0
    end as numeric(8, 6)) as pf_rate
from measured
left join {{ ref('stg_pack_power_factor') }} as rates
    on
        measured.pack_hash = rates.pack_hash
        and measured.pf_standard = rates.pf_standard
        and measured.power_factor = rates.power_factor
