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
    inner join {{ ref('int_point_day_energy') }} as keys
        on
            news.delivery_on = keys.delivery_on
            and news.metering_point_id = keys.metering_point_id
    where keys.contract_id is not null
{%- endmacro %}

{# days of such point-days #}
{% macro day_news(seen) -%}
    select distinct reigns.delivery_on
    from {{ ref('stg_meter_day_reign') }} as reigns
    where reigns.seen_batch_seq > {{ seen }}
{%- endmacro %}

{# pre_hook: what is new since the stored rows, as a small table with statistics, so that the joins that begin with it go by
   index, and the deletion of what will be computed again. When that is not known (`seen` is none), everything is read, nothing
   may loop, and what differs from `digests` is deleted. `news_keys` are the columns of the news, if they are not those of the
   rows. #}
{% macro make_room(seen, news, keys, digests, news_keys=none) -%}
    {%- if seen is not none -%}
        {{ stage_news(news, seen) }};
        delete from {{ this }} as stored using {{ staged_news() }} as news
        where true {%- for key in news_keys or keys %} and stored.{{ key }} = news.{{ key }}{% endfor %}
    {%- else -%}
        {{ linear_joins() }}
        {%- if is_incremental() -%}
            ; {{ delete_stale(digests, keys) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{% macro stage_news(news, seen) -%}
    create temporary table {{ staged_news() }} on commit drop as {{ news(seen) }};
    analyze {{ staged_news() }};
    {#- at the default cost, a spinning disk's, a hundredth of the rows counts as many enough to read them all -#}
    select set_config('random_page_cost', '1.1', true)
    where (select count(*) from {{ staged_news() }})
        < 0.1 * (select stored.reltuples from pg_class as stored where stored.oid = '{{ this }}'::regclass)
{%- endmacro %}

{% macro staged_news() -%}
    news_of_{{ this.identifier }}
{%- endmacro %}

{# end of a select: only the news, when they are known, else what is not stored #}
{% macro news_or_absent(alias, seen, keys) -%}
    {%- if seen is not none -%}
        inner join {{ staged_news() }} as news
            on true {%- for key in keys %} and {{ alias }}.{{ key }} = news.{{ key }}{% endfor %}
    {%- else -%}
        where {{ not_stored(alias, keys) }}
    {%- endif -%}
{%- endmacro %}

{# post_hook: statistics where they are needed, and how far the rows are. #}
{% macro keep_progress(upstream, columns=none) -%}
    {{ analyze_grown(columns) }};
    {{ follow_progress(upstream) }}
{%- endmacro %}
