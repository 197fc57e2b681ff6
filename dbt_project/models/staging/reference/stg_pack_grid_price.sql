select
    packs.pack_hash,
    prices.tariff_class,
    prices.voltage,
    prices.metered_side,
    prices.use_up_to,
    prices.use_above,
    prices.energy_cny_per_kwh,
    prices.demand_cny_per_kw_month,
    prices.capacity_cny_per_kva_month
from {{ source('reference', 'rule_pack') }} as packs
cross join lateral jsonb_to_recordset({{ pack_value('packs', 'tariff.transmission_distribution') }}) as prices (
    tariff_class text,
    voltage text,
    metered_side text,
    use_up_to integer,
    use_above integer,
    energy_cny_per_kwh numeric(12, 6),
    demand_cny_per_kw_month numeric(8, 2),
    capacity_cny_per_kva_month numeric(8, 2)
)
