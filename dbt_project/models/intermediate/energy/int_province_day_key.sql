{{ config(materialized='view') }}

-- what the curve of a province-day is the sum of
select
    contracts.province,
    contracts.delivery_on,
    cast(sum(contracts.metering_points_expected) as integer) as metering_points_expected,
    cast(sum(contracts.metering_points) as integer) as metering_points,
    cast(sum(contracts.missing_slots) as bigint) as missing_slots,
    -- sums of hashes need no order, so that the contracts of many days are not sorted; two seeds make 128 bits
    md5(concat_ws(
        '|', count(*),
        sum(hashtextextended(contracts.contract_id || '|' || contracts.input_digest, 0)),
        sum(hashtextextended(contracts.contract_id || '|' || contracts.input_digest, 1))
    )) as input_digest
from {{ ref('int_contract_day_key') }} as contracts
group by contracts.province, contracts.delivery_on
