{# All versions of a feed within the run's cut, with what the batch knows about them; `recency` 1 = the latest. #}
{% macro landed_versions(feed, key) -%}
    select
        landed.*,
        batch.batch_seq,
        batch.known_at,
        batch.file_name,
        row_number() over (
            partition by {% for column in key %}landed.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
            order by landed.version desc
        ) as recency
    from {{ source('landing', feed) }} as landed
    inner join {{ ref('stg_batch') }} as batch on landed.batch_id = batch.batch_id
{%- endmacro %}

{# Columns that every staged record carries: its version and the line of the delivery that brought it. #}
{% macro provenance(alias) -%}
    {{ alias }}.version, {{ alias }}.batch_seq, {{ alias }}.known_at, {{ alias }}.file_name, {{ alias }}.line_no
{%- endmacro %}

{# Last day of a dated record: its own end, or the day before the next record of the same object begins. #}
{% macro valid_to(alias, object) -%}
    least(
        coalesce({{ alias }}.effective_to, date '9999-12-31'),
        coalesce(
            lead({{ alias }}.effective_from)
                over (partition by {{ alias }}.{{ object }} order by {{ alias }}.effective_from) - 1,
            date '9999-12-31'
        )
    )
{%- endmacro %}
