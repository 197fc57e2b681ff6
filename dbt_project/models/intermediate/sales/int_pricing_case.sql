{{ config(tags=['pricing']) }}
-- the cases of this run; a full refresh prices those of every run again
select
    cases.run_id,
    cases.case_id,
    cases.contract_id,
    cases.delivery_month,
    cases.package_hash
from {{ ref('stg_pricing_case') }} as cases
{%- if not flags.FULL_REFRESH %}
inner join {{ ref('stg_run') }} as runs on cases.run_id = runs.run_id
{%- endif %}
