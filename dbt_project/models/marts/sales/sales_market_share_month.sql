-- own energy against the published size of the market; settled months only, because an open month's energy still grows
select
    volumes.province,
    volumes.delivery_month,
    volumes.market_mwh,
    volumes.retailers,
    settled.energy_mwh as own_settled_mwh,
    volumes.own_mwh as own_published_mwh,
    settled.energy_mwh - volumes.own_mwh as difference_mwh,
    round(settled.energy_mwh / nullif(volumes.market_mwh, 0), 6) as share_rate,
    round(volumes.own_mwh / nullif(volumes.market_mwh, 0), 6) as published_share_rate
from {{ ref('stg_market_volume') }} as volumes
left join {{ ref('settlement_month') }} as settled
    on
        volumes.province = settled.province
        and volumes.delivery_month = settled.delivery_month
