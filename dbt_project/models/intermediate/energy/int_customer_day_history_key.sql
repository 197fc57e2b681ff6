{{ config(
    indexes=[{'columns': ['delivery_on', 'customer_id', 'province'], 'unique': True}],
) }}

-- Digest of a customer's day with all days that its judgement looks back on: eight weeks of days, each of which has been
-- compared with its own typical day of the four weeks before. Digests of a window are added as numbers, in one pass.
select
    keys.province,
    keys.customer_id,
    keys.delivery_on,
    md5(
        count(*) over history || '|' || sum({{ digest_number('keys.input_digest') }}) over history || '|' || keys.input_digest
    ) as input_digest
from {{ ref('int_customer_day_key') }} as keys
window history as (
    partition by keys.province, keys.customer_id
    order by keys.delivery_on
    range between
    interval '{{ var("abnormal_trailing_days") + var("typical_trailing_days") }} days' preceding and current row
)
