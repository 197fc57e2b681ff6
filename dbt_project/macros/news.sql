{# What later metering brought since a model's stored rows (see progress.sql), and the model's work on it alone. #}

{# point-days with a version or a verdict later than batch `seen` #}
{% macro point_day_news(seen) -%}
    select distinct
        reigns.metering_point_id,
        reigns.delivery_on
    from {{ ref('stg_meter_day_reign') }} as reigns
    where reigns.seen_batch_seq > {{ seen }}
{%- endmacro %}

{# contracts and days of such point-days #}
{% macro contract_day_news(seen) -%}
    select distinct
        keys.contract_id,
        keys.delivery_on
    from ({{ point_day_news(seen) }}) as news
    inner join {{ ref('int_point_day_key') }} as keys
        on
            news.delivery_on = keys.delivery_on
            and news.metering_point_id = keys.metering_point_id
    where keys.contract_id is not null
{%- endmacro %}

{# pre_hook, the first one: what is new since the stored rows, as a small table with statistics, so that the joins that begin
   with it go by index. When that is not known, everything is read and nothing may loop. #}
{% macro stage_news(upstream, news) -%}
    {%- set seen = known_until(progress_of(upstream)) -%}
    {%- if seen is none -%}
        {{ linear_joins() }}
    {%- else -%}
        create temporary table {{ staged_news() }} on commit drop as {{ news(seen) }};
        analyze {{ staged_news() }}
    {%- endif -%}
{%- endmacro %}

{% macro staged_news() -%}
    news_of_{{ this.identifier }}
{%- endmacro %}

{# join clause of the model: only the news, when they are known #}
{% macro with_news(alias, upstream, keys) -%}
    {%- if known_until(progress_of(upstream)) is not none -%}
        inner join {{ staged_news() }} as news
            on true {%- for key in keys %} and {{ alias }}.{{ key }} = news.{{ key }}{% endfor %}
    {%- endif -%}
{%- endmacro %}

{# pre_hook: delete what will be computed again: the rows of the news, or all of them. #}
{% macro delete_news(upstream, keys) -%}
    {%- if is_incremental() -%}
        {%- if known_until(progress_of(upstream)) is none -%}
            truncate {{ this }}
        {%- else -%}
            delete from {{ this }} as stored using {{ staged_news() }} as news
            where true {%- for key in keys %} and stored.{{ key }} = news.{{ key }}{% endfor %}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# pre_hook: as delete_stale, but looks only at the news when they are known. #}
{% macro delete_stale_news(upstream, keys) -%}
    {%- if is_incremental() -%}
        {%- if known_until(progress_of(upstream)) is none -%}
            {{ delete_stale(upstream, keys) }}
        {%- else -%}
            delete from {{ this }} as stored using {{ staged_news() }} as news
            where
                not exists (
                    select 1
                    from {{ upstream }} as fresh
                    where fresh.input_digest = stored.input_digest
                    {%- for key in keys %} and fresh.{{ key }} = stored.{{ key }}{% endfor %}
                )
                {%- for key in keys %} and stored.{{ key }} = news.{{ key }}{% endfor %}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
