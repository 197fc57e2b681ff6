with compared as (
    select
        totals.*,
        curves.curve_kwh,
        curves.curve_kwh - totals.energy_kwh as difference_kwh,
        curves.missing_slots
    from {{ ref('stg_month_energy') }} as totals
    left join {{ ref('int_month_curve') }} as curves
        on
            totals.subject_type = curves.subject_type
            and totals.subject_id = curves.subject_id
            and totals.channel = curves.channel
            and totals.period = curves.period
            and totals.delivery_month = curves.delivery_month
)

select
    compared.subject_type,
    compared.subject_id,
    compared.channel,
    compared.delivery_month,
    compared.period,
    compared.energy as delivered_energy,
    compared.unit as delivered_unit,
    compared.energy_kwh as delivered_kwh,
    compared.curve_kwh,
    compared.difference_kwh,
    cast(compared.difference_kwh / nullif(compared.energy_kwh, 0) as numeric(20, 6)) as difference_rate,
    compared.missing_slots,
    case
        when compared.missing_slots is null then 'unknown_subject'
        when compared.channel not in ('active_import', 'active_export') then 'not_comparable'
        when compared.missing_slots > 0 then 'curve_incomplete'
        when compared.curve_kwh is null then 'not_comparable'
        when abs(compared.difference_kwh) > {{ var('register_check_tolerance_rate') }} * compared.energy_kwh
            then 'deviates'
        else 'agrees'
    end as check_status
from compared
