-- The rows of the transmission and distribution table that an account is billed by. One, or two where the use of the month
-- splits the price: energy up to the split at one price, the rest at the other.
with classed as (
    select
        uses.province,
        uses.delivery_month,
        uses.account_id,
        uses.pack_hash,
        uses.voltage_level,
        uses.metered_side,
        {{ kilovolts('uses.voltage_level') }} as account_kv,
        -- areas with classes of their own go by capacity, whatever the account says
        case
            when packs.class_bounds is null then uses.tariff_class
            else (
                select min(bounds.tariff_class)
                from jsonb_to_recordset(packs.class_bounds) as bounds (tariff_class text, from_kva integer, to_kva integer)
                where
                    uses.capacity_kva >= coalesce(bounds.from_kva, 0)
                    and (bounds.to_kva is null or uses.capacity_kva <= bounds.to_kva)
            )
        end as tariff_class
    from {{ ref('int_grid_use') }} as uses
    inner join {{ ref('stg_pack_tariff') }} as packs on uses.pack_hash = packs.pack_hash
),

matched as (
    select
        classed.province,
        classed.delivery_month,
        classed.account_id,
        prices.tariff_class,
        prices.voltage,
        prices.use_up_to,
        prices.use_above,
        prices.energy_cny_per_kwh,
        prices.demand_cny_per_kw_month,
        prices.capacity_cny_per_kva_month,
        -- the band that the account names, else the highest that its voltage reaches
        rank() over (
            partition by classed.province, classed.delivery_month, classed.account_id
            order by prices.voltage = classed.voltage_level desc, bands.from_kv desc
        ) as place
    from classed
    inner join {{ ref('stg_pack_grid_price') }} as prices
        on
            classed.pack_hash = prices.pack_hash
            and classed.tariff_class = prices.tariff_class
    inner join {{ ref('voltage_band') }} as bands on prices.voltage = bands.voltage
    where
        (prices.metered_side is null or prices.metered_side = classed.metered_side)
        and (
            prices.voltage = classed.voltage_level
            or (classed.account_kv >= bands.from_kv and classed.account_kv < bands.below_kv)
        )
)

select
    matched.province,
    matched.delivery_month,
    matched.account_id,
    matched.tariff_class,
    matched.voltage,
    matched.use_up_to,
    matched.use_above,
    matched.energy_cny_per_kwh,
    matched.demand_cny_per_kw_month,
    matched.capacity_cny_per_kva_month
from matched
where matched.place = 1
