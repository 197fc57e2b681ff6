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

{# the newest batch of metering in it #}
{% macro seen_of(progress) -%}
    cast(split_part({{ progress }}, ' ', 2) as bigint)
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
            from {{ ref('stg_tou_day') }} as tou
            where tou.province in (select contracts.province from {{ ref('stg_contract') }} as contracts))
    )
{%- endmacro %}

{# The newest batch of metering that the stored rows know, when only later metering can have changed them; else none.
   `now` is the SQL of the progress that they will have. #}
{% macro known_until(now) -%}
    {%- if not execute or not is_incremental() -%}{{ return(none) }}{%- endif -%}
    {%- set found = run_query(
        "select " ~ seen_of("progress.stored") ~ " as seen from (select "
        ~ progress_of(this) ~ " as stored, " ~ now ~ " as wanted) as progress "
        ~ "where split_part(progress.stored, ' ', 1) = split_part(progress.wanted, ' ', 1) "
        ~ "and " ~ seen_of("progress.stored") ~ " <= " ~ seen_of("progress.wanted")
    ) -%}
    {{ return(found.rows[0][0] if found.rows | length > 0 else none) }}
{%- endmacro %}

{# Whether the stored assignments are those of this run: the same basis, and later metering is only of point-days that
   had been delivered and still are. #}
{% macro assignments_stand() -%}
    {%- set seen = known_until(point_day_basis() ~ " || ' ' || " ~ metering_seen()) -%}
    {%- if seen is none -%}{{ return(false) }}{%- endif -%}
    {%- set strangers -%}
        with news as ({{ point_day_news(seen) }}),

        heads as (
            select
                head.metering_point_id,
                head.delivery_on
            from {{ ref('stg_meter_day') }} as head
            where head.seen_batch_seq > {{ seen }}
        )

        select count(*) as strangers
        from news
        left join {{ this }} as stored
            on
                news.delivery_on = stored.delivery_on
                and news.metering_point_id = stored.metering_point_id
                and stored.is_delivered
        where
            stored.delivery_on is null
            or (news.metering_point_id, news.delivery_on) not in (select heads.metering_point_id, heads.delivery_on from heads)
    {%- endset -%}
    {{ return(run_query(strangers).rows[0][0] == 0) }}
{%- endmacro %}
