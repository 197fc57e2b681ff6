{# incremental_strategy='direct': a few changed keys are written by one insert. dbt's own way fills a temporary table, asks for
   the types of its columns and the target's, and copies it: for a few thousand rows that costs more than the rows. The
   pre-hook has deleted what the insert brings anew. Everything else is as dbt does it: the first build, a full refresh, the
   other strategies. An insert has no parallel workers, so this is for models that read what changed. #}
{% materialization incremental, adapter='postgres' -%}
    {%- set stored = load_cached_relation(this) -%}
    {%- if config.get('incremental_strategy') != 'direct' or stored is none or stored.is_view or should_full_refresh() -%}
        {{ return(dbt.materialization_incremental_default()) }}
    {%- endif -%}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main') -%}
        {{ get_incremental_direct_sql({'target_relation': target}) }}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{%- endmaterialization %}

{# The insert by name. Other columns than the table has are refused, whatever on_schema_change says: their values in the rows
   that stand are not known. #}
{% macro get_incremental_direct_sql(arg_dict) -%}
    {%- set target = arg_dict['target_relation'] -%}
    {%- set both = column_names(
        'select fresh.*, stored.* from (' ~ sql ~ ') as fresh cross join ' ~ target ~ ' as stored where false'
    ) -%}
    {%- set fresh, stored = both[:both | length // 2], both[both | length // 2:] -%}
    {%- if stored | sort != fresh | sort -%}
        {#- of unequal lists nobody knows where the first one ends -#}
        {%- set stored = column_names('select * from ' ~ target ~ ' where false') -%}
        {%- set fresh = column_names(get_empty_subquery_sql(sql)) -%}
        {{ exceptions.raise_compiler_error(
            this ~ ' has columns that its SQL has not (' ~ stored | reject('in', fresh) | join(', ')
            ~ ') or lacks some of it (' ~ fresh | reject('in', stored) | join(', ') ~ '): run it once with --full-refresh'
        ) }}
    {%- endif -%}
    insert into {{ target }} ({{ fresh | join(', ') }})
    {{ sql }}
{%- endmacro %}

{% macro column_names(query) -%}
    {{ return(adapter.get_column_schema_from_query(query) | map(attribute='name') | list) }}
{%- endmacro %}
