-- what the curve of a province-day is the sum of
select
    contracts.province,
    contracts.delivery_on,
    cast(sum(contracts.metering_points_expected) as integer) as metering_points_expected,
    cast(sum(contracts.metering_points) as integer) as metering_points,
    cast(sum(contracts.missing_slots) as bigint) as missing_slots,
    md5(string_agg(contracts.contract_id || contracts.input_digest, '|' order by contracts.contract_id)) as input_digest
from {{ ref('int_contract_day_key') }} as contracts
group by contracts.province, contracts.delivery_on
