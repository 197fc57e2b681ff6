with versions as (
    {{ landed_versions('market_item', ['province', 'delivery_month', 'item_kind', 'item_code', 'payee']) }}
)

select
    versions.province,
    versions.delivery_month,
    versions.item_kind,
    versions.item_code,
    versions.payee,
    versions.item_name,
    versions.quantity_mwh,
    versions.price_cny_per_mwh,
    -- payable by the retailer
    case versions.direction when 'pay' then 1 else -1 end
    * coalesce(versions.amount_cny, {{ half_up('versions.quantity_mwh * versions.price_cny_per_mwh', 2) }}) as amount_cny,
    {{ provenance('versions') }}
from versions
where versions.recency = 1
