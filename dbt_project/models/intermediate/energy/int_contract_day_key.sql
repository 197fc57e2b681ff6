-- what the curve of a contract-day is the sum of
select
    points.province,
    points.contract_id,
    points.delivery_on,
    count(*) as metering_points_expected,
    count(points.version) as metering_points,
    sum(points.missing_slots) as missing_slots,
    md5(string_agg(points.metering_point_id || points.input_digest, '|' order by points.metering_point_id)) as input_digest
from {{ ref('int_point_day_energy') }} as points
where points.assignment_status = 'assigned'
group by points.province, points.contract_id, points.delivery_on
