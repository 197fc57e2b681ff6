with versions as (
    {{ landed_versions('agency_tariff', ['province', 'delivery_month', 'component', 'item']) }}
)

select
    versions.province,
    versions.delivery_month,
    versions.component,
    versions.item,
    versions.price_cny_per_kwh,
    versions.document,
    versions.published_on,
    versions.basis,
    {{ provenance('versions') }}
from versions
where versions.recency = 1
