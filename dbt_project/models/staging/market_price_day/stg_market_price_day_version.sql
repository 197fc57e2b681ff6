{{ config(materialized='view') }}

with versions as (
    {{ landed_versions('market_price_day', ['province', 'price_series', 'delivery_on']) }}
)

select
    versions.province,
    versions.price_series,
    versions.delivery_on,
    {{ curve_columns('versions') }},
    {{ provenance('versions') }},
    versions.recency
from versions
