-- Wholesale lines shared over contracts in fen: real-time energy by each contract's own slots, the rest by energy.
-- Largest remainder, so the shares add up to each line exactly. Where there is no energy at all, equal shares.
with energy as (
    select
        days.province,
        days.delivery_month,
        days.is_open_month,
        days.pack_hash,
        days.contract_id,
        sum(days.energy_wh) as energy_wh,
        sum(days.energy_rt_nano) as energy_rt_nano
    from {{ ref('int_contract_day_value') }} as days
    group by days.province, days.delivery_month, days.is_open_month, days.pack_hash, days.contract_id
),

weighted as (
    select
        lines.province,
        lines.delivery_month,
        lines.is_open_month,
        lines.pack_hash,
        lines.component,
        energy.contract_id,
        cast(lines.amount_cny * 100 as bigint) as line_fen,
        energy.energy_wh,
        energy.energy_rt_nano,
        sum(energy.energy_wh) over line as line_energy_wh,
        count(*) over line as line_contracts
    from {{ ref('int_wholesale_line') }} as lines
    inner join energy
        on
            lines.province = energy.province
            and lines.delivery_month = energy.delivery_month
            and lines.pack_hash = energy.pack_hash
    window line as (
        partition by lines.province, lines.delivery_month, lines.pack_hash, lines.component
    )
),

quotas as (
    select
        weighted.*,
        case
            when weighted.component = 'energy_rt' then weighted.energy_rt_nano
            when weighted.line_energy_wh = 0 then weighted.line_fen
            else weighted.line_fen * weighted.energy_wh * sign(weighted.line_energy_wh)
        end as numerator,
        case
            when weighted.component = 'energy_rt' then 10000000
            when weighted.line_energy_wh = 0 then weighted.line_contracts
            else abs(weighted.line_energy_wh)
        end as denominator
    from weighted
)

select
    quotas.province,
    quotas.delivery_month,
    quotas.is_open_month,
    quotas.pack_hash,
    quotas.component,
    quotas.contract_id,
    {{ largest_remainder(
        numerator='quotas.numerator',
        denominator='quotas.denominator',
        total='quotas.line_fen',
        partition_by='quotas.province, quotas.delivery_month, quotas.pack_hash, quotas.component',
        order_by='quotas.contract_id',
    ) }} as amount_fen
from quotas
