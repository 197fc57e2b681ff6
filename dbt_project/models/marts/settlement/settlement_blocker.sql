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
