with versions as (
    {{ landed_versions('grid_statement', [
        'province', 'delivery_month', 'subject_type', 'subject_id', 'side', 'item', 'tou_period', 'line_kind',
    ]) }}
),

head as (
    select versions.*
    from versions
    where versions.recency = 1
)

select
    head.province,
    head.delivery_month,
    head.subject_type,
    head.subject_id,
    head.side,
    head.item,
    head.tou_period,
    head.line_kind,
    {{ half_up('head.quantity_kwh * 0.001', 3) }} as quantity_mwh,
    {{ half_up('head.price_cny_per_kwh * 1000', 3) }} as price_cny_per_mwh,
    head.amount_cny,
    head.net_cny,
    head.vat_cny,
    head.statement_no,
    head.issued_on,
    cast(head.known_at at time zone 'Asia/Shanghai' as date) as received_on,
    {{ provenance('head') }}
from head
where {{ is_not_replaced('head') }}
