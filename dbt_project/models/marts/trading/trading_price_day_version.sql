{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_on', 'province', 'price_series', 'known_at'], 'unique': True}],
        pre_hook="{{ empty_in_place() }}",
    )
}}

-- a version is visible from its known_at until a later version is known; one that never was visible is left out
with versions as (
    select
        versions.*,
        min(versions.known_at) over (
            partition by versions.province, versions.price_series, versions.delivery_on
            order by versions.version
            rows between 1 following and unbounded following
        ) as superseded_at
    from {{ ref('stg_market_price_day_version') }} as versions
)

select
    versions.province,
    versions.price_series,
    versions.delivery_on,
    versions.known_at,
    {{ curve_columns('versions') }},
    versions.version
from versions
where versions.superseded_at is null or versions.superseded_at > versions.known_at
