{{
    config(
        materialized='incremental',
        incremental_strategy='direct',
        on_schema_change='fail',
        indexes=[
            {'columns': ['delivery_on', 'metering_point_id', 'channel', 'known_from'], 'unique': True},
            {'columns': ['seen_batch_seq']},
        ],
        post_hook="{{ analyze_grown() }}",
        pre_hook="{{ make_room_for_meter_days(late_versions) }}",
    )
}}

-- depends_on: {{ ref('stg_run') }} {{ ref('stg_batch') }}
-- Which version of a meter-day the business went by, from when to when: at each moment at which a version or a verdict
-- became known, the most trusted version known by then, the latest of equals. Only keys with a new version or verdict are
-- computed; when a run reads at an earlier cut than the stored one, the pre-hook empties the table and it is rebuilt.
with versions as (
    select
        {{ meter_day_key('versions') }},
        versions.version,
        versions.quality,
        versions.known_at,
        versions.batch_seq,
        {{ curve_missing('versions') }} as missing_slots
    from {{ ref('stg_meter_day_version') }} as versions
    {% if is_incremental() %}
        inner join {{ staged_news() }} as fresh on {{ same_meter_day('versions', 'fresh') }}
        where {{ among('versions', staged_news(), ['metering_point_id', 'delivery_on']) }}
    {% endif %}
),

verdicts as (
    select verdicts.*
    from {{ ref('stg_meter_day_verdict') }} as verdicts
    {% if is_incremental() %}
        inner join {{ staged_news() }} as fresh on {{ same_meter_day('verdicts', 'fresh') }}
    {% endif %}
),

news as (
    select
        {{ meter_day_key('versions') }},
        versions.known_at,
        versions.batch_seq
    from versions
    union all
    select
        {{ meter_day_key('verdicts') }},
        verdicts.known_at,
        verdicts.batch_seq
    from verdicts
),

moments as (
    select
        {{ meter_day_key('news') }},
        news.known_at,
        max(max(news.batch_seq)) over (partition by {{ meter_day_key('news') }}) as seen_batch_seq
    from news
    group by {{ meter_day_key('news') }}, news.known_at
),

-- the latest verdict on each version that is known at each moment
known as (
    select
        moments.*,
        versions.version,
        versions.batch_seq,
        {{ meter_day_trust('versions.quality', 'verdicts.verdict', 'versions.missing_slots') }} as trust,
        row_number() over (
            partition by {{ meter_day_key('moments') }}, moments.known_at, versions.version
            order by verdicts.batch_seq desc nulls last
        ) as recency
    from moments
    inner join versions
        on
            {{ same_meter_day('moments', 'versions') }}
            and moments.known_at >= versions.known_at
    left join verdicts
        on
            {{ same_meter_day('versions', 'verdicts') }}
            and versions.version = verdicts.version
            and moments.known_at >= verdicts.known_at
),

ranked as (
    select
        known.*,
        row_number() over (
            partition by {{ meter_day_key('known') }}, known.known_at order by known.trust desc, known.version desc
        ) as place
    from known
    where known.recency = 1
),

heads as (
    select
        ranked.*,
        lag(ranked.version * 10 + ranked.trust) over (
            partition by {{ meter_day_key('ranked') }} order by ranked.known_at
        ) as previous
    from ranked
    where ranked.place = 1
)

select
    {{ meter_day_key('heads') }},
    heads.known_at as known_from,
    lead(heads.known_at) over (partition by {{ meter_day_key('heads') }} order by heads.known_at) as known_to,
    heads.version,
    heads.trust,
    {{ trusted_quality('heads.trust') }} as quality,
    heads.batch_seq,
    heads.seen_batch_seq
from heads
where heads.previous is distinct from heads.version * 10 + heads.trust
