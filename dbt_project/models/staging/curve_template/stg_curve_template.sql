with versions as (
    {{ landed_versions('curve_template', ['template_id', 'template_version', 'day_type', 'part']) }}
)

select
    versions.template_id,
    versions.template_version,
    versions.template_kind,
    versions.day_type,
    versions.part,
    versions.weight,
    {{ provenance('versions') }}
from versions
where versions.recency = 1
