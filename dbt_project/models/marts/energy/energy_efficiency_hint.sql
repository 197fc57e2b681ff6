-- Hints to a customer about its own load. A hint whose data is not there is absent.
with hints as (
    select
        shifts.province,
        shifts.customer_id,
        shifts.delivery_month,
        'SHIFT_TO_VALLEY' as hint_code,
        shifts.contract_id,
        shifts.beneficiary,
        shifts.shifted_kwh as quantity,
        'kWh' as unit,
        shifts.value_cny,
        cast({{ var('hint_shift_rate') }} as numeric) as rate
    from {{ ref('int_shift_month') }} as shifts
    where shifts.value_cny > 0

    union all

    select
        nights.province,
        nights.customer_id,
        nights.delivery_month,
        'NIGHT_BASE_LOAD' as hint_code,
        cast(null as text) as contract_id,
        'customer' as beneficiary,
        nights.excess_kwh as quantity,
        'kWh' as unit,
        cast({{ half_up('nights.excess_kwh * nights.price_cny_per_mwh / 1000', 2) }} as numeric(20, 2)) as value_cny,
        nights.night_day_rate as rate
    from {{ ref('int_night_month') }} as nights
    where
        nights.night_day_rate > {{ var('hint_night_low_rate') }}
        and nights.night_day_rate <= {{ var('hint_night_high_rate') }}

    union all

    select
        peaks.province,
        peaks.customer_id,
        peaks.delivery_month,
        'PEAK_REDUCTION' as hint_code,
        cast(null as text) as contract_id,
        'customer' as beneficiary,
        cast((peaks.max_slot_wh - peaks.next_slot_wh) * 0.004 as numeric(20, 3)) as quantity,
        'kW' as unit,
        cast(null as numeric(20, 2)) as value_cny,
        cast(peaks.max_slot_wh - peaks.next_slot_wh as numeric) / peaks.max_slot_wh as rate
    from {{ ref('int_peak_month') }} as peaks
    where peaks.max_slot_wh - peaks.next_slot_wh >= {{ var('hint_min_peak_rate') }} * peaks.max_slot_wh
)

select
    hints.province,
    hints.customer_id,
    subjects.name_zh as customer_name_zh,
    subjects.name_en as customer_name_en,
    subjects.manager_username,
    hints.delivery_month,
    hints.hint_code,
    words.hint_zh,
    words.hint_en,
    hints.contract_id,
    hints.beneficiary,
    hints.quantity,
    hints.unit,
    hints.value_cny,
    {{ hint_text('words.text_zh', 'hints') }} as text_zh,
    {{ hint_text('words.text_en', 'hints') }} as text_en,
    words.assumption_zh,
    words.assumption_en
from hints
inner join {{ ref('efficiency_hint') }} as words
    on
        hints.hint_code = words.hint_code
        and hints.beneficiary = words.beneficiary
left join {{ ref('int_subject') }} as subjects
    on
        hints.customer_id = subjects.subject_id
        and subjects.subject_kind = 'customer'
