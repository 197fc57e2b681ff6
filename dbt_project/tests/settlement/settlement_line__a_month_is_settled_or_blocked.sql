-- every month asked for has lines or blockers, never both, never neither
with asked as (
    select
        months.province,
        months.delivery_month,
        exists(
            select 1
            from {{ ref('settlement_line') }} as lines
            where
                lines.province = months.province
                and lines.delivery_month = months.delivery_month
                and lines.reason_code is null
        ) as has_lines,
        exists(
            select 1
            from {{ ref('settlement_blocker') }} as blockers
            where
                blockers.province = months.province
                and blockers.delivery_month = months.delivery_month
        ) as has_blockers
    from {{ ref('stg_settlement_month') }} as months
)

select asked.*
from asked
where asked.has_lines = asked.has_blockers
