-- What channels earn with a contract's month: of its energy, of its margin before commission, or a fixed sum; rounded once, to
-- the fen. A loss is the retailer's own: a channel shares gains only.
with retail as (
    select
        lines.contract_id,
        lines.delivery_month,
        sum(lines.amount_cny) as retail_cny
    from {{ ref('int_retail_line') }} as lines
    where lines.side = 'retail' and not lines.is_open_month
    group by lines.contract_id, lines.delivery_month
),

-- all that the retailer pays for the contract's energy
bought as (
    select
        shares.contract_id,
        shares.delivery_month,
        cast(sum(shares.amount_fen) as numeric) / 100 as bought_cny
    from {{ ref('int_wholesale_allocation') }} as shares
    where not shares.is_open_month
    group by shares.contract_id, shares.delivery_month
),

months as (
    select
        energy.province,
        energy.delivery_month,
        energy.contract_id,
        {{ wh_to_mwh('energy.energy_wh') }} as energy_mwh,
        coalesce(retail.retail_cny, 0) - bought.bought_cny as margin_cny,
        channels.channel_id,
        channels.channel_name,
        channels.channel_name_en,
        channels.channel_kind
    from {{ ref('int_purchase_cost') }} as energy
    inner join bought
        on
            energy.contract_id = bought.contract_id
            and energy.delivery_month = bought.delivery_month
    inner join {{ ref('int_contract_channel') }} as channels on energy.contract_id = channels.contract_id
    left join retail
        on
            energy.contract_id = retail.contract_id
            and energy.delivery_month = retail.delivery_month
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
    rated.province,
    rated.delivery_month,
    rated.basis,
    rated.rate,
    rated.energy_mwh,
    rated.margin_cny,
    case rated.basis
        when 'cny_per_mwh' then {{ half_up('rated.energy_mwh * rated.rate', 2) }}
        when 'share_of_margin' then {{ half_up('greatest(rated.margin_cny, 0) * rated.rate', 2) }}
        when 'cny_per_month' then {{ half_up('rated.rate', 2) }}
    end as commission_cny,
    case
        when rated.basis is null and rated.channel_kind is null then 'feed channel does not know channel ' || rated.channel_id
        when rated.basis is null
            then 'feed channel_commission has no rate of channel ' || rated.channel_id || ' for ' || to_char(rated.delivery_month, 'YYYY-MM')
    end as missing
from rated
-- own sales earn no commission, unless one is agreed
where rated.basis is not null or coalesce(rated.channel_kind, 'unknown') <> 'direct'
