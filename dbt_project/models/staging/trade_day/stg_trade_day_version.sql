{{ config(materialized='view') }}

with versions as (
    {{ landed_versions('trade_day', ['trade_id', 'delivery_on']) }}
)

select
    versions.trade_id,
    versions.delivery_on,
    versions.province,
    versions.product,
    versions.side,
    versions.counterparty,
    versions.price_cny_per_mwh,
    {{ hour_list('versions') }},
    {{ provenance('versions') }},
    versions.recency
from versions
