{# Schemas are named exactly as the design says, without a target prefix. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}

{% macro warn_without_run() -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- if run_query('select count(*) as runs from ' ~ source('ops', 'run'))[0]['runs'] == 0 -%}
            {{ exceptions.warn('ops.run is empty, so no record is within a cut and every mart will be empty') }}
        {%- endif -%}
    {%- endif -%}
    select 1
{%- endmacro %}

{% macro mart_readers() -%}
    {{ return(['wl_bi', 'wl_forecast', 'wl_finance', 'wl_ledger']) }}
{%- endmacro %}

{# post-hook of all models: a table that was just made has no statistics, and a query that joins it is then planned as if it
   had a few rows, which at many contracts is quadratic. Incremental models say themselves when theirs are due. #}
{% macro analyze_table() -%}
    {%- if model.config.materialized == 'table' -%} analyze {{ this }} {%- endif -%}
{%- endmacro %}

{# post-hook of marts. dbt's own `grants` fails where a role does not exist (a developer's database). #}
{% macro grant_readers(relation) -%}
    do $$
    declare reader text;
    begin
        for reader in
            select rolname from pg_roles where rolname in ('{{ mart_readers() | join("', '") }}')
        loop
            execute format('grant select on {{ relation }} to %I', reader);
        end loop;
    end $$
{%- endmacro %}

{% macro grant_marts_usage() -%}
    do $$
    declare reader text; mart text;
    begin
        for reader in
            select rolname from pg_roles where rolname in ('{{ mart_readers() | join("', '") }}')
        loop
            for mart in
                select nspname from pg_namespace
                where nspname like 'marts\_%' and pg_has_role(current_user, nspowner, 'usage')
            loop
                execute format('grant usage on schema %I to %I', mart, reader);
            end loop;
        end loop;
    end $$
{%- endmacro %}
