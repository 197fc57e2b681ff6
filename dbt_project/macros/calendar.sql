{# workday, weekend or holiday: the calendar's exception (seed calendar_exception) where there is one, else the weekday. #}
{% macro day_type(day, exception) -%}
    coalesce({{ exception }}, {{ weekday_type(day) }})
{%- endmacro %}

{# The day type, a weekend day as saturday or sunday: many customers work on one of the two. #}
{% macro fine_day_type(day_type, day) -%}
    case
        when {{ day_type }} <> 'weekend' then {{ day_type }}
        when extract(isodow from {{ day }}) = 6 then 'saturday'
        else 'sunday'
    end
{%- endmacro %}

{# workday or weekend by the weekday alone: what a customer does who keeps no Chinese holidays. #}
{% macro weekday_type(day) -%}
    case when extract(isodow from {{ day }}) >= 6 then 'weekend' else 'workday' end
{%- endmacro %}
