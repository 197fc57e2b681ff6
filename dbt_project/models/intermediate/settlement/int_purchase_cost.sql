-- The purchase cost of a contract's month in yuan/MWh (design §5): the retailer's wholesale lines over its energy, before
-- recovery and operation items; where the pack says `allocated`, the contract's own share of the lines over its own energy.
-- It reads no retail line, because packages read it.
with energy as (
    select
        days.province,
        days.delivery_month,
        days.is_open_month,
        days.contract_id,
        sum(days.energy_wh) as energy_wh
    from {{ ref('int_contract_day_value') }} as days
    group by days.province, days.delivery_month, days.is_open_month, days.contract_id
),

portfolio as (
    select
        energy.province,
        energy.delivery_month,
        sum(energy.energy_wh) as energy_wh
    from energy
    group by energy.province, energy.delivery_month
),

bought as (
    select
        lines.province,
        lines.delivery_month,
        case when count(*) = count(lines.amount_cny) then sum(lines.amount_cny) end as amount_cny
    from {{ ref('int_wholesale_line') }} as lines
    group by lines.province, lines.delivery_month
),

shared as (
    select
        shares.delivery_month,
        shares.contract_id,
        sum(shares.amount_fen) as amount_fen
    from {{ ref('int_wholesale_allocation') }} as shares
    inner join {{ ref('int_wholesale_line') }} as lines
        on
            shares.province = lines.province
            and shares.delivery_month = lines.delivery_month
            and shares.pack_hash = lines.pack_hash
            and shares.component = lines.component
    group by shares.delivery_month, shares.contract_id
),

bases as (
    select
        energy.*,
        portfolio.energy_wh as portfolio_wh,
        bought.amount_cny,
        shared.amount_fen,
        coalesce(packs.purchase_cost_basis, 'portfolio') as purchase_cost_basis
    from energy
    inner join portfolio
        on
            energy.province = portfolio.province
            and energy.delivery_month = portfolio.delivery_month
    inner join bought
        on
            energy.province = bought.province
            and energy.delivery_month = bought.delivery_month
    left join shared
        on
            energy.delivery_month = shared.delivery_month
            and energy.contract_id = shared.contract_id
    left join {{ ref('stg_pack_day') }} as packs
        on
            energy.province = packs.province
            and energy.delivery_month = packs.delivery_on
)

select
    bases.province,
    bases.delivery_month,
    bases.is_open_month,
    bases.contract_id,
    bases.energy_wh,
    case
        -- a contract without energy has no cost of its own; the price multiplies nothing
        when bases.purchase_cost_basis = 'allocated' and bases.energy_wh <> 0
            then {{ half_up('cast(bases.amount_fen as numeric) * 10000 / bases.energy_wh', 3) }}
        else {{ half_up('bases.amount_cny * 1000000 / nullif(bases.portfolio_wh, 0)', 3) }}
    end as cost_cny_per_mwh
from bases
