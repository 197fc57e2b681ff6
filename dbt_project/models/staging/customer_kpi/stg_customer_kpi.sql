with versions as (
    {{ landed_versions('customer_kpi', ['customer_id', 'kpi_month', 'kpi_code']) }}
)

select
    versions.customer_id,
    versions.kpi_month,
    versions.kpi_code,
    versions.value,
    versions.unit,
    {{ provenance('versions') }}
from versions
where versions.recency = 1
