-- What each rule pack says of the grid bill, NULL where it says nothing. Only here and in the other stg_pack_ models is the
-- body of a pack read.
select
    packs.pack_hash,
    packs.province,
    packs.vat_rate,
    {{ pack_value('packs', 'tariff.transmission_distribution') }} is not null as has_grid_prices,
    {{ pack_value('packs', 'tariff.class_bounds') }} as class_bounds,
    {{ pack_value('packs', 'tariff.line_loss_rate', 'numeric(5, 4)') }} as line_loss_rate,
    {{ pack_value('packs', 'tariff.line_loss_cny_per_kwh', 'numeric(12, 6)') }} as line_loss_cny_per_kwh,
    {{ pack_value('packs', 'tariff.line_loss_fallback', 'text') }} as line_loss_fallback,
    {{ pack_value('packs', 'tariff.system_operation_cny_per_kwh', 'numeric(12, 6)') }} as system_operation_cny_per_kwh,
    {{ pack_value('packs', 'tariff.funds_cny_per_kwh', 'numeric(12, 6)') }} as funds_cny_per_kwh,
    {{ pack_value('packs', 'tariff.demand.declared_share_min', 'numeric(5, 4)') }} as declared_share_min,
    {{ pack_value('packs', 'tariff.demand.tolerance_factor', 'numeric') }} as tolerance_factor,
    {{ pack_value('packs', 'tariff.demand.excess_factor', 'numeric') }} as excess_factor,
    {{ pack_value('packs', 'tariff.demand.discount_from_kwh_per_kva', 'integer') }} as discount_from_kwh_per_kva,
    {{ pack_value('packs', 'tariff.demand.discount_factor', 'numeric') }} as discount_factor,
    {{ pack_value('packs', 'tariff.power_factor_tables') }} is not null as has_power_factor_tables,
    {{ pack_value('packs', 'tariff.power_factor_base') }} as power_factor_base,
    {{ pack_value('packs', 'tou.floats') }} as floats,
    coalesce({{ pack_value('packs', 'tou.published_prices_prevail', 'boolean') }}, true) as do_published_prices_prevail,
    -- fen have two decimals more in yuan
    coalesce({{ pack_value('packs', 'tou.price_places_fen_per_kwh', 'integer') }} + 2, 6) as price_places,
    coalesce(
        array_to_string(packs.illustrative_items, ' ') ~ '(^| )(tariff[.]|tou[.]|settlement[.]vat_rate( |$))', false
    ) as is_illustrative,
    -- of everything that a bill reads: two packs with the same digest bill alike
    {{ digest([
        'packs.vat_rate',
        "jsonb_path_query_array(packs.body, '$.tariff.*.value')",
        "jsonb_path_query_array(packs.body, '$.tariff.demand.*.value')",
        pack_value('packs', 'tou.multiples'),
        pack_value('packs', 'tou.multiple_rules'),
        pack_value('packs', 'tou.floats'),
        pack_value('packs', 'tou.published_prices_prevail'),
        pack_value('packs', 'tou.price_places_fen_per_kwh'),
    ]) }} as tariff_digest
from {{ source('reference', 'rule_pack') }} as packs
