-- account-months that nothing keeps from a bill, with what their charges are reckoned from
select
    uses.province,
    uses.delivery_month,
    uses.account_id,
    uses.customer_id,
    uses.pack_hash,
    uses.capacity_kva,
    {{ half_up('cast(uses.energy_wh as numeric) / 1000', 0) }} as total_kwh,
    power.charge_basis,
    power.declared_kw,
    power.max_demand_kw,
    power.reactive_wh,
    power.reactive_source,
    power.pf_standard,
    power.power_factor,
    power.pf_rate,
    packs.vat_rate,
    packs.price_places,
    packs.declared_share_min,
    packs.tolerance_factor,
    packs.excess_factor,
    packs.discount_from_kwh_per_kva,
    packs.discount_factor,
    coalesce(cast(packs.floats ->> 'transmission_distribution' as boolean), false) as does_grid_price_float,
    packs.power_factor_base @> to_jsonb(cast('transmission_distribution' as text)) as is_grid_price_in_pf_base,
    packs.power_factor_base @> to_jsonb(cast('basic_charge' as text)) as is_basic_charge_in_pf_base,
    packs.is_illustrative or uses.is_tou_illustrative as is_illustrative
from {{ ref('int_grid_use') }} as uses
inner join {{ ref('stg_pack_tariff') }} as packs on uses.pack_hash = packs.pack_hash
inner join {{ ref('int_grid_power') }} as power
    on
        uses.province = power.province
        and uses.delivery_month = power.delivery_month
        and uses.account_id = power.account_id
where
    not exists (
        select 1
        from {{ ref('int_grid_blocker') }} as blockers
        where
            uses.province = blockers.province
            and uses.delivery_month = blockers.delivery_month
            and uses.account_id = blockers.account_id
    )
    -- apart, so that either is a hash join
    and not exists (
        select 1
        from {{ ref('int_grid_blocker') }} as blockers
        where
            uses.province = blockers.province
            and uses.delivery_month = blockers.delivery_month
            and blockers.account_id is null
    )
