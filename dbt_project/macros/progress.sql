{# What a model of point-days was computed from, so that a run reads only what is new. `basis` names everything that decides
   assignments and schedules, except metering: landing is append-only, so the newest batch in a staged table names its
   content. `seen` is the newest batch of metering that was read. Both are the comment of the table: written in the
   transaction of its rows, gone with the table. When the basis differs or an earlier cut is read, or there is no
   comment, nothing is known about changes and everything is computed or compared. #}

{# post_hook of the model at the beginning of the chain #}
{% macro begin_progress() -%}
    do $$ begin
        execute format('comment on table {{ this }} is %L', (select {{ point_day_basis() }} || ' ' || {{ metering_seen() }}));
    end $$
{%- endmacro %}

{# post_hook of the models after it: as far as `upstream` was when they read it #}
{% macro follow_progress(upstream) -%}
    do $$ begin
        execute format('comment on table {{ this }} is %L', {{ progress_of(upstream) }});
    end $$
{%- endmacro %}

{% macro progress_of(relation) -%}
    obj_description(to_regclass('{{ relation }}'), 'pg_class')
{%- endmacro %}

{% macro metering_seen() -%}
    coalesce((select max(reigns.seen_batch_seq) from {{ ref('stg_meter_day_reign') }} as reigns), 0)
{%- endmacro %}

{% macro point_day_basis() -%}
    concat_ws(
        ':'
        {%- for staged in ['stg_metering_point', 'stg_account', 'stg_contract', 'stg_contract_account'] -%}
            , (select coalesce(max(dated.batch_seq), 0) || '/' || count(*) from {{ ref(staged) }} as dated)
        {%- endfor -%}
        , (select md5(coalesce(string_agg(cast(days.delivery_on as text), '|' order by days.delivery_on), ''))
            from {{ ref('int_calendar_day') }} as days)
        , (select md5(coalesce(string_agg(replace(cast(tou as text), ' ', '_'), '|' order by tou.province, tou.delivery_on), ''))
            from {{ ref('stg_tou_day') }} as tou)
    )
{%- endmacro %}

{# The newest batch of metering that the stored rows know, when only later metering can have changed them; else none.
   `now` is the SQL of the progress that they will have. #}
{% macro known_until(now) -%}
    {%- if not execute or not is_incremental() -%}{{ return(none) }}{%- endif -%}
    {%- set found = run_query(
        "select cast(split_part(progress.stored, ' ', 2) as bigint) as seen from (select "
        ~ progress_of(this) ~ " as stored, " ~ now ~ " as wanted) as progress "
        ~ "where split_part(progress.stored, ' ', 1) = split_part(progress.wanted, ' ', 1) "
        ~ "and cast(split_part(progress.stored, ' ', 2) as bigint) <= cast(split_part(progress.wanted, ' ', 2) as bigint)"
    ) -%}
    {{ return(found.rows[0][0] if found.rows | length > 0 else none) }}
{%- endmacro %}

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

{# Whether the stored assignments are those of this run: the same basis, and later metering is only of point-days that
   had been delivered and still are. #}
{% macro assignments_stand() -%}
    {%- set seen = known_until(point_day_basis() ~ " || ' ' || " ~ metering_seen()) -%}
    {%- if seen is none -%}{{ return(false) }}{%- endif -%}
    {%- set strangers -%}
        select count(*) as strangers
        from ({{ point_day_news(seen) }}) as news
        left join {{ this }} as stored
            on
                news.delivery_on = stored.delivery_on
                and news.metering_point_id = stored.metering_point_id
                and stored.is_delivered
        where
            stored.delivery_on is null
            or not exists (
                select 1 from {{ ref('stg_meter_day') }} as head
                where head.delivery_on = news.delivery_on and head.metering_point_id = news.metering_point_id
            )
    {%- endset -%}
    {{ return(run_query(strangers).rows[0][0] == 0) }}
{%- endmacro %}
