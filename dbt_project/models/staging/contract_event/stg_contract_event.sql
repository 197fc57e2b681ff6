with versions as (
    {{ landed_versions('contract_event', ['contract_id', 'event_no']) }}
)

select
    versions.contract_id,
    versions.event_no,
    versions.event,
    versions.happened_on,
    versions.actor,
    versions.reason,
    versions.registration_no,
    versions.effective_on,
    versions.version_no,
    versions.new_contract_id,
    versions.fee_cny,
    {{ provenance('versions') }}
from versions
where versions.recency = 1
