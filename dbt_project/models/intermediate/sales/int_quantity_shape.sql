-- How a day spreads over its 24 hours, as weights: a delivered template, the hours of a time-of-use period (weight = its
-- quarter hours), or the system's typical day: its actual load on all days of the type in the twelve months before.
with wanted as (
    select distinct
        days.shape_id,
        days.day_template_kind,
        days.day_template_id,
        days.day_template_version,
        case when days.day_template_kind not in ('D2', 'D3', 'D4') then days.day_type end as day_type,
        case when days.day_template_kind in ('D2', 'D3', 'D4') then days.schedule_id end as schedule_id,
        case when days.day_template_kind = 'D1' and days.day_template_id is null then days.province end as province,
        case when days.day_template_kind = 'D1' and days.day_template_id is null then days.delivery_month end as delivery_month
    from {{ ref('int_quantity_pattern_day') }} as days
),

system_days as (
    select
        head.province,
        date_trunc('month', head.delivery_on) as load_month,
        {{ fine_day_type(day_type('head.delivery_on', 'exceptions.day_type'), 'head.delivery_on') }} as day_type,
        {{ curve_columns('head') }}
    from {{ ref('stg_system_day_version') }} as head
    left join {{ ref('calendar_exception') }} as exceptions on head.delivery_on = exceptions.delivery_on
    where
        head.recency = 1
        and head.system_series = 'load_actual'
        and {{ curve_missing('head') }} = 0
),

system_months as (
    select
        system_days.province,
        system_days.load_month,
        system_days.day_type,
        {{ curve_total('system_days') }}
    from system_days
    group by system_days.province, system_days.load_month, system_days.day_type
)

select distinct
    wanted.shape_id,
    lines.part as hour,
    -- a line of the day's own type comes before the line for all types
    first_value(lines.weight) over (
        partition by wanted.shape_id, lines.part order by case lines.day_type when 'all' then 1 else 0 end
    ) as hour_weight
from wanted
inner join {{ ref('stg_curve_template') }} as lines
    on
        wanted.day_template_id = lines.template_id
        and wanted.day_template_version = lines.template_version
        and wanted.day_template_kind = lines.template_kind
        and lines.day_type in (wanted.day_type, 'all')
        and lines.part between 1 and 24
{%- for kind, periods in (template_periods() or {}).items() %}
    union all
    select
        wanted.shape_id,
        (slots.slot + 3) / 4 as hour,
        cast(count(*) filter (where slots.tou_period in ('{{ periods | join("', '") }}')) as numeric) as hour_weight
    from wanted
    inner join {{ ref('stg_tou_schedule_slot') }} as slots on wanted.schedule_id = slots.schedule_id
    where wanted.day_template_kind = '{{ kind }}'
    group by wanted.shape_id, (slots.slot + 3) / 4
{%- endfor %}
union all
select
    wanted.shape_id,
    (slots.slot + 3) / 4 as hour,
    cast(sum(slots.load_kw) as numeric) as hour_weight
from wanted
inner join system_months as months
    on
        wanted.province = months.province
        and wanted.day_type = months.day_type
        and wanted.delivery_month - interval '1 year' <= months.load_month
        and wanted.delivery_month > months.load_month
cross join lateral {{ curve_rows(['months']) }} as slots (slot, load_kw)
group by wanted.shape_id, (slots.slot + 3) / 4
