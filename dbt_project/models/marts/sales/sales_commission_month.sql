-- what channels earn with settled months; rounded once, to the fen
with months as (
    select
        margins.contract_id,
        margins.customer_id,
        margins.customer_name,
        margins.customer_name_en,
        margins.manager_username,
        margins.province,
        margins.delivery_month,
        margins.energy_mwh,
        margins.margin_cny,
        margins.is_illustrative,
        channels.channel_id,
        channels.channel_name,
        channels.channel_name_en,
        channels.channel_kind
    from {{ ref('settlement_margin') }} as margins
    inner join {{ ref('int_contract_channel') }} as channels on margins.contract_id = channels.contract_id
),

-- a rate of the contract's own goes before the channel's
rated as (
    select
        months.*,
        case when own.contract_id is not null then own.basis else shared.basis end as basis,
        case when own.contract_id is not null then own.rate else shared.rate end as rate
    from months
    left join {{ ref('stg_channel_commission') }} as own
        on
            months.channel_id = own.channel_id
            and months.contract_id = own.contract_id
            and months.delivery_month between own.effective_from and own.valid_to
    left join {{ ref('stg_channel_commission') }} as shared
        on
            months.channel_id = shared.channel_id
            and shared.contract_id = 'all'
            and months.delivery_month between shared.effective_from and shared.valid_to
)

select
    rated.channel_id,
    rated.channel_name,
    rated.channel_name_en,
    rated.channel_kind,
    rated.contract_id,
    rated.customer_id,
    rated.customer_name,
    rated.customer_name_en,
    rated.manager_username,
    rated.province,
    rated.delivery_month,
    rated.basis,
    rated.rate,
    rated.energy_mwh,
    rated.margin_cny,
    case rated.basis
        when 'cny_per_mwh' then {{ half_up('rated.energy_mwh * rated.rate', 2) }}
        -- a loss is the retailer's own: a channel shares gains only
        when 'share_of_margin' then {{ half_up('greatest(rated.margin_cny, 0) * rated.rate', 2) }}
        when 'cny_per_month' then {{ half_up('rated.rate', 2) }}
    end as commission_cny,
    case
        when rated.basis is null and rated.channel_kind is null then 'feed channel does not know channel ' || rated.channel_id
        when rated.basis is null
            then 'feed channel_commission has no rate of channel ' || rated.channel_id || ' for ' || to_char(rated.delivery_month, 'YYYY-MM')
    end as missing,
    rated.is_illustrative
from rated
-- own sales earn no commission, unless one is agreed
where rated.basis is not null or coalesce(rated.channel_kind, 'unknown') <> 'direct'
