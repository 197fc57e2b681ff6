-- Lines of the market shared over contracts in fen: real-time energy by each contract's own slots, the rest by energy, a
-- line of the whole month by the energy of all its days (decision 0002). Largest remainder, so the shares add up to each
-- line exactly. Where there is no energy at all, equal shares.
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

member as (
    select
        lines.province,
        lines.delivery_month,
        lines.is_open_month,
        lines.pack_hash,
        lines.side,
        lines.component,
        energy.contract_id,
        cast(lines.amount_cny * 100 as bigint) as line_fen,
        -- a line by own slots is shared as it was before rounding; what is not of the own slots goes by energy
        coalesce(
            case when lines.component in ('energy_rt', 'real_time_deviation') then lines.exact_nano end,
            lines.amount_cny * 1000000000
        ) as line_nano,
        sum(energy.energy_wh) as energy_wh,
        sum(case when lines.component in ('energy_rt', 'real_time_deviation') then energy.energy_rt_nano else 0 end) as own_nano
    from {{ ref('int_purchase_line') }} as lines
    inner join energy
        on
            lines.province = energy.province
            and lines.delivery_month = energy.delivery_month
            and (lines.is_whole_month or lines.pack_hash = energy.pack_hash)
    group by
        lines.province, lines.delivery_month, lines.is_open_month, lines.pack_hash, lines.side, lines.component,
        lines.amount_cny, lines.exact_nano, energy.contract_id
),

weighted as (
    select
        member.*,
        sum(member.energy_wh) over line as line_energy_wh,
        member.line_nano - sum(member.own_nano) over line as shared_nano,
        count(*) over line as line_contracts
    from member
    window line as (
        partition by member.province, member.delivery_month, member.pack_hash, member.side, member.component
    )
),

quotas as (
    select
        weighted.*,
        case
            when weighted.line_energy_wh = 0 then weighted.own_nano * weighted.line_contracts + weighted.shared_nano
            else
                weighted.own_nano * abs(weighted.line_energy_wh)
                + weighted.shared_nano * weighted.energy_wh * sign(weighted.line_energy_wh)
        end as numerator,
        case
            when weighted.line_energy_wh = 0 then weighted.line_contracts
            else abs(weighted.line_energy_wh)
        end * 10000000 as denominator
    from weighted
)

select
    quotas.province,
    quotas.delivery_month,
    quotas.is_open_month,
    quotas.pack_hash,
    quotas.side,
    quotas.component,
    quotas.contract_id,
    {{ largest_remainder(
        numerator='quotas.numerator',
        denominator='quotas.denominator',
        total='quotas.line_fen',
        partition_by='quotas.province, quotas.delivery_month, quotas.pack_hash, quotas.side, quotas.component',
        order_by='quotas.contract_id',
    ) }} as amount_fen
from quotas
