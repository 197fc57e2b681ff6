-- Load indices of domain §7 over the 96-point curves of a month's complete days.
with growing as (
    select
        {%- set n = var('growth_months') | int %}
        {%- for part, newest, oldest in [('recent', 0, n - 1), ('earlier', n, 2 * n - 1)] %}
            {%- set frame = "range between interval '" ~ oldest ~ " months' preceding and interval '" ~ newest ~ " months' preceding" %}
            count(months.energy_wh) over (subject {{ frame }}) as {{ part }}_months,
            sum(months.energy_wh) over (subject {{ frame }}) as {{ part }}_wh,
            sum(months.complete_days) over (subject {{ frame }}) as {{ part }}_days,
        {%- endfor %}
        months.*
    from {{ ref('int_load_month') }} as months
    window subject as (
        partition by months.province, months.subject_kind, months.subject_id order by months.delivery_month
    )
)

select
    months.province,
    months.subject_kind,
    months.subject_id,
    subjects.name_zh as subject_name_zh,
    subjects.name_en as subject_name_en,
    subjects.industry,
    months.delivery_month,
    months.days,
    months.complete_days,
    months.estimated_days,
    cast(round(1 - cast(months.missing_slots as numeric) / (months.days * 96), 6) as numeric(8, 6)) as completeness_rate,
    cast({{ wh_to_mwh('months.energy_wh') }} as numeric(16, 3)) as energy_mwh,
    cast(round(cast(months.energy_wh as numeric) * 4 / nullif(months.complete_days * 96, 0) / 1000, 3) as numeric(16, 3)) as mean_kw,
    cast(months.max_slot_wh * 0.004 as numeric(16, 3)) as max_kw,
    cast(months.min_slot_wh * 0.004 as numeric(16, 3)) as min_kw,
    {{ index_rate('months.energy_wh', 'months.max_slot_wh * 96 * months.complete_days') }} as load_rate,
    {{ index_rate('months.max_slot_wh - months.min_slot_wh', 'months.max_slot_wh') }} as peak_valley_rate,
    {{ index_rate('months.min_slot_wh', 'months.max_slot_wh') }} as min_max_rate,
    {{ variation_rate('months.complete_days * 96', 'months.energy_wh', 'months.square_wh2') }} as variation_rate,
    case when months.complete_days > 0 then months.zero_days end as zero_days,
    {{ index_rate('months.weekend_wh * months.workdays', 'months.workday_wh * months.weekends') }} as weekend_workday_rate,
    {%- for period in tou_periods() %}
        {{ index_rate('months.' ~ period ~ '_wh', 'months.energy_wh') }} as {{ period }}_rate,
    {%- endfor %}
    {{ index_rate('months.night_wh * 96', 'months.energy_wh * ' ~ (night_slots() | length)) }} as night_rate,
    case
        when months.recent_months = {{ var('growth_months') }} and months.earlier_months = {{ var('growth_months') }}
            then {{ index_rate('months.recent_wh * months.earlier_days', 'months.earlier_wh * months.recent_days') }} - 1
    end as growth_rate,
    {{ cosine_rate(
        'likeness.own_shape_wh2',
        'likeness.cross_shape_wh2 - likeness.own_shape_wh2',
        '(likeness.industry_shape_wh2 - 2 * likeness.cross_shape_wh2 + likeness.own_shape_wh2)',
    ) }} as industry_similarity_rate,
    {{ pearson_rate(
        'likeness.slots', 'likeness.own_wh', 'likeness.portfolio_wh', 'likeness.own_wh2', 'likeness.portfolio_wh2',
        'likeness.product_wh2',
    ) }} as portfolio_correlation_rate,
    peaks.customers,
    {{ index_rate('peaks.group_max_slot_wh', 'peaks.own_max_slot_wh') }} as simultaneity_rate
from growing as months
left join {{ ref('int_subject') }} as subjects
    on
        months.subject_kind = subjects.subject_kind
        and months.subject_id = subjects.subject_id
left join {{ ref('int_load_month_likeness') }} as likeness
    on
        months.province = likeness.province
        and months.subject_kind = likeness.subject_kind
        and months.subject_id = likeness.subject_id
        and months.delivery_month = likeness.delivery_month
left join {{ ref('int_load_month_peak') }} as peaks
    on
        months.province = peaks.province
        and months.subject_kind = peaks.subject_kind
        and months.subject_id = peaks.subject_id
        and months.delivery_month = peaks.delivery_month
