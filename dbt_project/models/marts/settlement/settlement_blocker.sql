select
    blockers.province,
    blockers.delivery_month,
    blockers.blocker_kind,
    blockers.object_id,
    blockers.delivery_on,
    blockers.slot,
    blockers.file_name,
    blockers.line_no,
    blockers.field,
    blockers.message,
    blockers.remedy,
    blockers.is_open_month
from {{ ref('int_month_blocker') }} as blockers
-- what a closed month lacks now keeps its corrections waiting, not the month: settlement_correction_proposal tells it
where
    not exists (
        select 1
        from {{ ref('stg_ledger_run') }} as closed
        where
            closed.kind = 'settlement'
            and closed.province = blockers.province
            and closed.origin_month = blockers.delivery_month
    )
