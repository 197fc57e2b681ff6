with versions as (
    {{ landed_versions('centre_statement', ['province', 'delivery_month', 'side', 'item', 'line_kind']) }}
),

head as (
    select versions.*
    from versions
    where versions.recency = 1
)

select
    head.province,
    head.delivery_month,
    head.side,
    head.item,
    head.line_kind,
    head.quantity_mwh,
    head.mean_price_cny_per_mwh as price_cny_per_mwh,
    head.amount_cny,
    head.statement_no,
    head.issued_on,
    cast(head.known_at at time zone 'Asia/Shanghai' as date) as received_on,
    {{ provenance('head') }}
from head
where {{ is_not_replaced('head') }}
