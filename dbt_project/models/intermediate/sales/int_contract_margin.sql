-- planned against settled margin; a settled month without a plan leaves the comparison unknown
with plan as (
    select
        plans.contract_id,
        sum(plans.energy_mwh) as plan_energy_mwh,
        sum(plans.revenue_cny) as plan_revenue_cny,
        sum(plans.margin_cny) as plan_margin_cny
    from {{ ref('stg_contract_plan') }} as plans
    group by plans.contract_id
),

settled as (
    select
        margins.contract_id,
        count(*) as settled_months,
        count(*) filter (where plans.contract_id is null) as months_without_plan,
        sum(margins.retail_cny) as retail_cny,
        -- a plan is made before channel commission
        sum(margins.margin_cny - margins.income_cny) as margin_cny,
        sum(plans.margin_cny) as settled_plan_margin_cny,
        bool_or(margins.is_illustrative) as is_illustrative
    from {{ ref('settlement_margin') }} as margins
    left join {{ ref('stg_contract_plan') }} as plans
        on
            margins.contract_id = plans.contract_id
            and margins.delivery_month = plans.delivery_month
    group by margins.contract_id
)

select
    contracts.contract_id,
    plan.plan_energy_mwh,
    plan.plan_revenue_cny,
    plan.plan_margin_cny,
    coalesce(settled.settled_months, 0) as settled_months,
    coalesce(settled.months_without_plan, 0) as months_without_plan,
    settled.retail_cny,
    settled.margin_cny,
    case when settled.months_without_plan = 0 then settled.settled_plan_margin_cny end as settled_plan_margin_cny,
    settled.is_illustrative
from {{ ref('stg_contract') }} as contracts
left join plan on contracts.contract_id = plan.contract_id
left join settled on contracts.contract_id = settled.contract_id
