-- Income beside energy of each settled contract-month (domain §4.6): the channel's commission, which is negative, and services.
-- Lines stand under the rule pack of the month's first settled day.
with packs as (
    select distinct on (days.province, days.delivery_month)
        days.province,
        days.delivery_month,
        days.pack_hash
    from {{ ref('int_settlement_day') }} as days
    where not days.is_open_month
    order by days.province, days.delivery_month, days.delivery_on
),

items as (
    select
        commissions.contract_id,
        commissions.delivery_month,
        'channel_commission' as component,
        -commissions.commission_cny as amount_cny,
        cast({{ var('service_vat_rate') }} as numeric) as vat_rate,
        'channel ' || commissions.channel_id || ': ' || commissions.basis || ' ' || commissions.rate as note
    from {{ ref('int_commission_month') }} as commissions
    where commissions.commission_cny is not null

    union all

    select
        services.contract_id,
        services.delivery_month,
        services.income_kind || '_' || services.service_id as component,
        services.fee_cny as amount_cny,
        services.vat_rate,
        'service ' || services.service_id || ': ' || services.service_kind || ', fee per ' || services.fee_basis as note
    from {{ ref('int_service_month') }} as services
)

select
    contracts.province,
    items.delivery_month,
    false as is_open_month,
    packs.pack_hash,
    items.contract_id,
    contracts.customer_id,
    items.component,
    items.amount_cny,
    items.vat_rate,
    items.note
from items
inner join {{ ref('stg_contract') }} as contracts on items.contract_id = contracts.contract_id
inner join packs
    on
        contracts.province = packs.province
        and items.delivery_month = packs.delivery_month
