with versions as (
    {{ landed_versions('customer', ['customer_id', 'effective_from']) }}
)

select
    versions.customer_id,
    versions.effective_from,
    versions.customer_name,
    versions.customer_name_en,
    versions.industry,
    versions.manager_username,
    {{ valid_to('versions', 'customer_id') }} as valid_to,
    {{ provenance('versions') }}
from versions
where versions.recency = 1
