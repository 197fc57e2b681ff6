-- What channels earn with settled months: of a closed one, and of every other, what the books hold. Basis and rate are those
-- known now.
with booked as (
    select
        lines.contract_id,
        lines.delivery_month,
        -sum(lines.amount_cny) as commission_cny
    from {{ ref('int_book_line') }} as lines
    where
        lines.component = 'channel_commission'
        and lines.reason_code is null
    group by lines.contract_id, lines.delivery_month
)

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
    margins.energy_mwh,
    margins.margin_cny - margins.income_cny as margin_cny,
    coalesce(booked.commission_cny, commissions.commission_cny) as commission_cny,
    case when booked.commission_cny is null then commissions.missing end as missing,
    margins.is_illustrative
from {{ ref('int_commission_month') }} as commissions
inner join {{ ref('settlement_margin') }} as margins
    on
        commissions.contract_id = margins.contract_id
        and commissions.delivery_month = margins.delivery_month
left join booked
    on
        commissions.contract_id = booked.contract_id
        and commissions.delivery_month = booked.delivery_month
