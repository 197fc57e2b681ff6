{%- set columns = [
    'province', 'delivery_month', 'is_open_month', 'blocker_kind', 'object_id', 'delivery_on', 'slot', 'file_name',
    'line_no', 'field', 'message', 'remedy',
] -%}
{%- set absent = {
    'delivery_on': 'cast(null as date)', 'slot': 'cast(null as integer)', 'line_no': 'cast(null as integer)',
    'file_name': "'no delivery'",
} -%}
{%- set parts = [
    (ref('int_blocker_rule'), ['slot', 'file_name', 'line_no']),
    (ref('int_blocker_metering'), []),
    (ref('int_blocker_market'), []),
    (ref('int_blocker_price'), ['delivery_on', 'slot']),
] -%}
{%- for relation, lacking in parts %}
    select
        {%- for column in columns %}
            {{ absent[column] if column in lacking else 'blockers.' ~ column }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }} as blockers
    {{ 'union all' if not loop.last }}
{%- endfor %}
