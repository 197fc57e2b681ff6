{# Tables and views in the place of those that stand. dbt's own way renames the old one away, the new one in and drops the old
   one after the commit: each of these prepares a context of all macros and asks the server once, which for most models costs
   more than their rows. Here the new one has its name from the start where nothing stands, else one statement drops and
   renames; all of it in the transaction of the rows, so that a run that is killed leaves no half of it. `grants` and
   `persist_docs` are not for this project: its readers get their rights by post-hook. #}
{% materialization table, adapter='postgres' -%}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- set stored = load_cached_relation(this) -%}
    {%- set fresh = make_intermediate_relation(target) if stored else target -%}
    {%- call statement('main') -%}
        {{ get_create_table_as_sql(False, fresh, sql) }}
    {%- endcall -%}
    {%- do create_indexes(fresh) -%}
    {%- if stored -%}
        {%- call statement('replace') -%}
            {{ drop_stored(stored) }};
            alter table {{ fresh }} rename to {{ target.identifier }}
        {%- endcall -%}
    {%- endif -%}
    {{ end_with_hooks(post_hooks) }}
    {{ return({'relations': [target]}) }}
{%- endmaterialization %}

{% materialization view, adapter='postgres' -%}
    {%- set target = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- set stored = load_cached_relation(this) -%}
    {%- call statement('main') -%}
        {% if stored %}{{ drop_stored(stored) }};{% endif %}
        {{ get_create_view_as_sql(target, sql) }}
    {%- endcall -%}
    {{ end_with_hooks(post_hooks) }}
    {{ return({'relations': [target]}) }}
{%- endmaterialization %}

{# the views over it go with it, for PostgreSQL and for what dbt knows of the database #}
{% macro drop_stored(stored) -%}
    {%- do adapter.cache_dropped(stored) -%}
    drop {{ stored.type }} if exists {{ stored }} cascade
{%- endmacro %}

{% macro end_with_hooks(post_hooks) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
{%- endmacro %}
