-- The trading centre's items of a month, one line each, never pooled (domain §4.1). Recovered money that comes back is of the
-- recovery side. An item is of its whole month, and stands under the pack of the month's last settled day.
with months as (
    select distinct on (days.province, days.delivery_month)
        days.province,
        days.delivery_month,
        days.is_open_month,
        days.pack_hash
    from {{ ref('int_settlement_day') }} as days
    order by days.province asc, days.delivery_month asc, days.delivery_on desc
)

select
    months.province,
    months.delivery_month,
    months.is_open_month,
    months.pack_hash,
    {{ market_item_side('items') }} as side,
    {{ market_item_component('items') }} as component,
    items.quantity_mwh,
    items.price_cny_per_mwh,
    items.amount_cny,
    case items.item_kind
        when 'recovery_return' then 'recovered money returned to ' || items.payee
        else items.item_kind || ' item of the trading centre'
    end
    || coalesce(': ' || items.item_name, '') as note
from months
inner join {{ ref('stg_market_item') }} as items
    on
        months.province = items.province
        and months.delivery_month = items.delivery_month
