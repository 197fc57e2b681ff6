-- what channels earn with settled months
select
    commissions.channel_id,
    commissions.channel_name,
    commissions.channel_name_en,
    commissions.channel_kind,
    commissions.contract_id,
    margins.customer_id,
    margins.customer_name,
    margins.customer_name_en,
    margins.manager_username,
    commissions.province,
    commissions.delivery_month,
    commissions.basis,
    commissions.rate,
    commissions.energy_mwh,
    commissions.margin_cny,
    commissions.commission_cny,
    commissions.missing,
    margins.is_illustrative
from {{ ref('int_commission_month') }} as commissions
inner join {{ ref('settlement_margin') }} as margins
    on
        commissions.contract_id = margins.contract_id
        and commissions.delivery_month = margins.delivery_month
