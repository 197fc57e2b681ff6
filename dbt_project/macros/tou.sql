{% macro tou_periods() -%}
    {{ return(['sharp', 'peak', 'flat', 'valley', 'deep_valley']) }}
{%- endmacro %}

{# {schedule id: {period: [slots]}} of the schedules that any delivery day of a contracted province uses.
   Read from the database when a model runs, so a new schedule needs no change of code. #}
{% macro tou_schedules() -%}
    {%- set schedules = {} -%}
    {%- if execute and flags.WHICH in ('build', 'run', 'compile', 'test', 'show') -%}
        {%- set query -%}
            select s.schedule_id, s.slot, s.tou_period
            from {{ source('reference', 'tou_schedule_slot') }} as s
            where s.schedule_id in (
                select t.schedule_id
                from {{ source('reference', 'tou_day') }} as t
                where t.province in (select c.province from {{ source('landing', 'contract') }} as c)
                union
                select t.schedule_id
                from {{ source('reference', 'tou_conditional_day') }} as t
                where t.province in (select c.province from {{ source('landing', 'contract') }} as c)
            )
            order by s.schedule_id, s.slot
        {%- endset -%}
        {%- for row in run_query(query) -%}
            {%- set periods = schedules.setdefault(row['schedule_id'], {}) -%}
            {%- do periods.setdefault(row['tou_period'], []).append(row['slot'] | int) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(schedules) }}
{%- endmacro %}

{# The schedule of an account on a day, from stg_tou_day and stg_account: a class-bound condition concerns only accounts
   of its tariff class and from its capacity on. NULL when the condition that decides is not known. #}
{% macro account_schedule(tou, account) -%}
    case
        when
            {{ tou }}.is_class_bound
            and ({{ tou }}.class_tariff_class is null or {{ tou }}.class_tariff_class = {{ account }}.tariff_class)
            and ({{ tou }}.class_min_capacity_kva is null or {{ account }}.capacity_kva >= {{ tou }}.class_min_capacity_kva)
            then {{ tou }}.class_schedule_id
        else {{ tou }}.schedule_id
    end
{%- endmacro %}

{# Five columns <period>_wh: energy of the present slots per time-of-use period, one CASE arm per schedule.
   NULL when the day has no schedule. #}
{% macro curve_tou(alias, schedule) -%}
    {%- set schedules = tou_schedules() -%}
    {%- for period in tou_periods() -%}
        {%- if schedules -%}
            case {{ schedule }}
            {%- for schedule_id, periods in schedules.items() %}
                when '{{ schedule_id }}' then {{ curve_sum(alias, periods.get(period, [])) }}
            {%- endfor %}
            end as {{ period }}_wh
        {%- else -%}
            cast(null as bigint) as {{ period }}_wh
        {%- endif -%}
        {{ ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# int8 sum of `term` over the slots of some periods, one CASE arm per schedule; in `term` a # stands for the slot's
   column. NULL without a schedule. #}
{% macro tou_sum(schedule, periods, term) -%}
    {%- set schedules = tou_schedules() -%}
    {%- if schedules -%}
        case {{ schedule }}
        {%- for schedule_id, slots_of in schedules.items() %}
            when '{{ schedule_id }}' then cast(0 as bigint)
            {%- for period in periods -%}
                {%- for slot in slots_of.get(period, []) %} + {{ term | replace('#', 'p%02d' % slot) }}{% endfor -%}
            {%- endfor -%}
        {%- endfor %}
        end
    {%- else -%}
        cast(null as bigint)
    {%- endif -%}
{%- endmacro %}

{# Place of a period on a statement: all, then the periods from sharp to deep valley, then hours h01 … h24, then others. #}
{% macro period_place(column) -%}
    case
        when {{ column }} = 'all' then 0
        {%- for period in tou_periods() %}
            when {{ column }} = '{{ period }}' then {{ loop.index }}
        {%- endfor %}
        when {{ column }} ~ '^h[0-9][0-9]$' then 10 + cast(right({{ column }}, 2) as integer)
        else 99
    end
{%- endmacro %}
