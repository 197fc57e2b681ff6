-- What a province's price table says of a month, item by item: as published, else as the pack says, else (the line loss) by
-- the fallback that the pack allows. An item that none of them has is not here, and int_grid_blocker names it.
with months as (
    select distinct
        uses.province,
        uses.delivery_month,
        uses.pack_hash
    from {{ ref('int_grid_use') }} as uses
    where uses.pack_hash is not null
),

published as (
    select
        months.province,
        months.delivery_month,
        months.pack_hash,
        tariffs.component,
        tariffs.item,
        tariffs.price_cny_per_kwh,
        tariffs.basis = 'illustrative' as is_illustrative,
        'published: ' || tariffs.document as origin
    from months
    inner join {{ ref('stg_agency_tariff') }} as tariffs
        on
            months.province = tariffs.province
            and months.delivery_month = tariffs.delivery_month
),

known as (
    select
        months.*,
        sum(published.price_cny_per_kwh) filter (where published.component = 'energy') as energy_cny_per_kwh,
        bool_or(published.is_illustrative) filter (where published.component = 'energy') as is_illustrative,
        count(*) filter (where published.component = 'line_loss') as losses,
        count(*) filter (where published.component in {{ system_parts() }}) as system_items,
        count(*) filter (where published.component = 'funds') as funds
    from months
    left join published
        on
            months.province = published.province
            and months.delivery_month = published.delivery_month
    group by months.province, months.delivery_month, months.pack_hash
),

prices as (
    select published.*
    from published

    union all

    select
        known.province,
        known.delivery_month,
        known.pack_hash,
        others.component,
        'all' as item,
        others.price_cny_per_kwh,
        others.is_illustrative,
        others.origin
    from known
    inner join {{ ref('stg_pack_tariff') }} as packs on known.pack_hash = packs.pack_hash
    cross join
        lateral (
            values
            ('line_loss', known.losses, packs.line_loss_cny_per_kwh, false, 'rule pack'),
            (
                'line_loss',
                known.losses + case when packs.line_loss_cny_per_kwh is null then 0 else 1 end,
                case
                    when packs.line_loss_fallback = 'price_times_r_over_1_minus_r'
                        then {{ line_loss_price('known.energy_cny_per_kwh', 'packs.line_loss_rate') }}
                end,
                known.is_illustrative,
                'agency price × r/(1 − r) at the loss rate of the rule pack'
            ),
            ('system_operation', known.system_items, packs.system_operation_cny_per_kwh, false, 'rule pack'),
            ('funds', known.funds, packs.funds_cny_per_kwh, false, 'rule pack')
        ) as others (component, better, price_cny_per_kwh, is_illustrative, origin)
    where
        others.better = 0
        and others.price_cny_per_kwh is not null
)

select
    prices.province,
    prices.delivery_month,
    prices.component,
    prices.item,
    prices.price_cny_per_kwh,
    -- an item of system operation that the pack does not name floats, and is in the base, as system operation does
    cast(coalesce(
        packs.floats ->> prices.component,
        case when prices.component in {{ system_parts() }} then packs.floats ->> 'system_operation' end,
        'false'
    ) as boolean) as does_float,
    coalesce(
        packs.power_factor_base @> to_jsonb(prices.component)
        or (prices.component in {{ system_parts() }} and packs.power_factor_base @> to_jsonb(cast('system_operation' as text))),
        false
    ) as is_in_pf_base,
    prices.is_illustrative,
    prices.origin
from prices
inner join {{ ref('stg_pack_tariff') }} as packs on prices.pack_hash = packs.pack_hash
