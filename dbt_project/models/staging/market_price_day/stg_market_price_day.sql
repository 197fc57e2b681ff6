{{ config(indexes=[{'columns': ['delivery_on', 'province', 'price_series'], 'unique': True}]) }}

select
    versions.province,
    versions.price_series,
    versions.delivery_on,
    {{ curve_columns('versions') }},
    {{ provenance('versions') }}
from {{ ref('stg_market_price_day_version') }} as versions
where versions.recency = 1
