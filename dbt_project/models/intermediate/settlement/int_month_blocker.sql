-- everything that keeps months from being settled: what their days lack, and what their packages lack
{%- for part in ['settlement_blocker', 'blocker_package'] %}
    select
        {{ part }}.province,
        {{ part }}.delivery_month,
        {{ part }}.is_open_month,
        {{ part }}.blocker_kind,
        {{ part }}.object_id,
        {{ part }}.delivery_on,
        {{ part }}.slot,
        {{ part }}.file_name,
        {{ part }}.line_no,
        {{ part }}.field,
        {{ part }}.message,
        {{ part }}.remedy
    from {{ ref('int_' ~ part) }} as {{ part }}
    {{ 'union all' if not loop.last }}
{%- endfor %}
