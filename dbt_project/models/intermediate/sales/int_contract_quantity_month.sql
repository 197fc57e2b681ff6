-- The one place where a contract's quantity of a month is decided: the last accepted adjustment, else the quantity delivered
-- for the month, else the month's part of the annual quantity. An adjustment leaves the other months as they are.
select
    agreed.contract_id,
    agreed.delivery_month,
    agreed.pattern_id,
    agreed.base_mwh,
    agreed.delivered_mwh,
    agreed.agreed_mwh,
    adjustments.adjustment_no,
    adjustments.adjusted_mwh,
    cast(coalesce(adjustments.adjusted_mwh, agreed.agreed_mwh) as numeric(16, 3)) as effective_mwh,
    case
        when adjustments.adjusted_mwh is not null then 'adjustment'
        when agreed.delivered_mwh is not null then 'contract_quantity'
        when agreed.base_mwh is not null then 'annual'
    end as quantity_source
from {{ ref('int_quantity_agreed') }} as agreed
left join {{ ref('int_quantity_adjustment') }} as adjustments
    on
        agreed.contract_id = adjustments.contract_id
        and agreed.delivery_month = adjustments.delivery_month
        and adjustments.is_effective
