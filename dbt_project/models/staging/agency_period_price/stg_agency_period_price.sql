with versions as (
    {{ landed_versions('agency_period_price', ['province', 'delivery_month', 'tariff_class', 'voltage', 'tou_period']) }}
)

select
    versions.province,
    versions.delivery_month,
    versions.tariff_class,
    versions.voltage,
    versions.tou_period,
    versions.price_cny_per_kwh,
    versions.document,
    versions.published_on,
    versions.basis,
    {{ provenance('versions') }}
from versions
where versions.recency = 1
