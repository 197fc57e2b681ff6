select
    shares.line_id,
    shares.contract_id,
    shares.province,
    shares.delivery_month,
    shares.origin_month,
    shares.side,
    shares.component,
    shares.energy_wh,
    cast(shares.amount_cny as numeric(16, 2)) as amount_cny
from {{ ref('int_book_share') }} as shares
where not shares.is_open_month
