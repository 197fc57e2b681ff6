with versions as (
    {{ landed_versions('contract_distribution', ['contract_id', 'delivery_year']) }}
)

select
    versions.contract_id,
    versions.delivery_year,
    versions.annual_mwh,
    versions.year_template_id,
    versions.year_template_version,
    versions.month_template_id,
    versions.month_template_version,
    versions.day_template_kind,
    versions.day_template_id,
    versions.day_template_version,
    versions.adjust_up_rate,
    versions.adjust_down_rate,
    versions.adjust_notice_days,
    versions.adjust_times_per_year,
    {{ provenance('versions') }}
from versions
where versions.recency = 1
