{# Incrementals that recompute exactly the changed keys, and heal themselves after a run that was killed midway:
   every stored row carries the digest of all that it was computed from. First the rows whose digest is no longer
   the upstream one are deleted (this also removes keys that vanished), then the rows that are absent are added. #}

{# One digest over values; NULL counts as a value of its own. #}
{% macro digest(values) -%}
    md5(concat_ws('|'{% for value in values %}, coalesce(cast({{ value }} as text), '~'){% endfor %}))
{%- endmacro %}

{# pre_hook: delete stored rows that have no row of the same key and digest in `upstream`. #}
{% macro delete_stale(upstream, keys) -%}
    {%- if is_incremental() -%}
        delete from {{ this }} as stored
        where not exists (
            select 1
            from {{ upstream }} as fresh
            where fresh.input_digest = stored.input_digest
            {%- for key in keys %} and fresh.{{ key }} = stored.{{ key }}{% endfor %}
        )
    {%- endif -%}
{%- endmacro %}

{# where-clause of the model: upstream keys that are not stored (after delete_stale: changed or new). #}
{% macro not_stored(alias, keys) -%}
    {%- if is_incremental() -%}
        not exists (
            select 1
            from {{ this }} as stored
            where true{% for key in keys %} and stored.{{ key }} = {{ alias }}.{{ key }}{% endfor %}
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{# pre_hook of a small incremental that is rewritten in full in one transaction: unlike a table it keeps its
   identity, so the views for charts over it never disappear while dbt runs. #}
{% macro empty_in_place() -%}
    {%- if is_incremental() -%}delete from {{ this }}{%- endif -%}
{%- endmacro %}

{# pre_hook: no nested loops in this model. Planners take a join by the parts of a key for almost unique, expect a row and
   loop: quadratic in what really changed. A hash join is linear whatever they think; what must not be read in full is
   narrowed with `among`. #}
{% macro linear_joins() -%}
    set local enable_nestloop = off
{%- endmacro %}

{# where-clause: `columns` of `alias` are each among those of `changed`. It finds the candidates by index and it is wider
   than the keys themselves, so the join by key stays. #}
{% macro among(alias, changed, columns) -%}
    {%- for column in columns -%}
        {{ alias }}.{{ column }} = any(array(select distinct chosen.{{ column }} from {{ changed }} as chosen))
        {{- ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# post_hook: statistics, once a tenth of the table is new in this transaction; before, they still serve. #}
{% macro analyze_grown(columns=none) -%}
    do $$ begin
        if pg_stat_get_xact_tuples_inserted('{{ this }}'::regclass) > 0.1 * (
            select greatest(known.reltuples, 0) from pg_class as known where known.oid = '{{ this }}'::regclass
        ) then
            analyze {{ this }}{{ ' (' ~ columns ~ ')' if columns }};
        end if;
    end $$
{%- endmacro %}

{# dbt deletes and inserts by key; a few keys go by index, whatever the query before needed (linear_joins). #}
{% macro get_incremental_delete_insert_sql(arg_dict) -%}
    set local enable_nestloop = on;
    {{ adapter.dispatch('get_incremental_delete_insert_sql', 'dbt')(arg_dict) }}
{%- endmacro %}
