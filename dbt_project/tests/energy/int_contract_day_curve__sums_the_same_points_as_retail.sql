-- wholesale actual energy and billed energy come from the same net points
with billed as (
    select
        points.contract_id,
        points.delivery_on,
        sum(points.energy_wh) as energy_wh
    from {{ ref('int_point_day_energy') }} as points
    where points.assignment_status = 'assigned'
    group by points.contract_id, points.delivery_on
    having count(points.energy_wh) > 0
)

select
    coalesce(billed.contract_id, curves.contract_id) as contract_id,
    coalesce(billed.delivery_on, curves.delivery_on) as delivery_on
from billed
full outer join {{ ref('int_contract_day_curve') }} as curves
    on
        billed.contract_id = curves.contract_id
        and billed.delivery_on = curves.delivery_on
where
    coalesce(billed.energy_wh, 0)
    is distinct from case when curves.contract_id is not null then {{ curve_sum('curves') }} else 0 end
