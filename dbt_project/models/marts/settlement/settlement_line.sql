select
    lines.line_id,
    lines.province,
    lines.delivery_month,
    lines.side,
    lines.contract_id,
    lines.account_id,
    lines.customer_id,
    lines.component,
    lines.tou_period,
    lines.quantity_mwh,
    lines.price_cny_per_mwh,
    lines.average_price_cny_per_mwh,
    lines.amount_cny,
    lines.vat_rate,
    lines.net_cny,
    lines.vat_cny,
    lines.pack_hash,
    lines.is_illustrative,
    lines.note
from {{ ref('int_settlement_line') }} as lines
where not lines.is_open_month
