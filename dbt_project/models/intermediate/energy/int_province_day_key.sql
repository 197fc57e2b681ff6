{{ config(materialized='view') }}

-- what the curve of a province-day is the sum of
with sums as (
    select
        contracts.province,
        contracts.delivery_on,
        {{ province_day_counts('contracts') }}
    from {{ ref('int_contract_day') }} as contracts
    group by contracts.province, contracts.delivery_on
)

select
    sums.*,
    {{ province_day_digest('sums') }} as input_digest
from sums
