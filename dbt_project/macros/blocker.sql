{# Rows of several blocker models, one under another. #}
{% macro blocker_rows(models) -%}
    {%- for model in models %}
    select
        {{ model }}.province,
        {{ model }}.delivery_month,
        {{ model }}.is_open_month,
        {{ model }}.blocker_kind,
        {{ model }}.object_id,
        {{ model }}.delivery_on,
        {{ model }}.slot,
        {{ model }}.file_name,
        {{ model }}.line_no,
        {{ model }}.field,
        {{ model }}.message,
        {{ model }}.remedy
    from {{ ref(model) }} as {{ model }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
