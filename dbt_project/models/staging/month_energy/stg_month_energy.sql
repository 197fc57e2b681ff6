with versions as (
    {{ landed_versions('month_energy', ['subject_type', 'subject_id', 'channel', 'delivery_month', 'period']) }}
)

select
    versions.subject_type,
    versions.subject_id,
    versions.channel,
    versions.delivery_month,
    versions.period,
    versions.energy,
    versions.unit,
    versions.energy_kwh,
    {{ provenance('versions') }}
from versions
where versions.recency = 1
