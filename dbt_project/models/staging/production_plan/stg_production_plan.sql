with versions as (
    {{ landed_versions('production_plan', ['subject_type', 'subject_id', 'plan_on', 'shift']) }}
)

select
    versions.subject_type,
    versions.subject_id,
    versions.plan_on,
    versions.shift,
    versions.planned_output,
    versions.output_unit,
    versions.planned_stop = 'yes' as is_planned_stop,
    versions.expected_energy_kwh,
    {{ provenance('versions') }}
from versions
where versions.recency = 1
