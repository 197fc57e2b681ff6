-- an account's month asked for has an agency bill that adds its lines, or a blocker that says why not; never both
with lines as (
    select
        lines.province,
        lines.delivery_month,
        lines.account_id,
        sum(lines.amount_cny) as amount_cny
    from {{ ref('settlement_grid_bill_line') }} as lines
    where lines.bill = 'agency'
    group by lines.province, lines.delivery_month, lines.account_id
),

blocked as (
    select distinct
        uses.province,
        uses.delivery_month,
        uses.account_id
    from {{ ref('int_grid_use') }} as uses
    inner join {{ ref('settlement_grid_blocker') }} as blockers
        on
            uses.province = blockers.province
            and uses.delivery_month = blockers.delivery_month
            and (blockers.account_id is null or uses.account_id = blockers.account_id)
)

select
    uses.province,
    uses.delivery_month,
    uses.account_id,
    bills.amount_cny,
    lines.amount_cny as lines_cny
from {{ ref('int_grid_use') }} as uses
left join {{ ref('settlement_grid_bill') }} as bills
    on
        uses.province = bills.province
        and uses.delivery_month = bills.delivery_month
        and uses.account_id = bills.account_id
        and bills.bill = 'agency'
left join lines
    on
        uses.province = lines.province
        and uses.delivery_month = lines.delivery_month
        and uses.account_id = lines.account_id
left join blocked
    on
        uses.province = blocked.province
        and uses.delivery_month = blocked.delivery_month
        and uses.account_id = blocked.account_id
where
    bills.amount_cny is distinct from lines.amount_cny
    or (bills.account_id is null) <> (blocked.account_id is not null)
