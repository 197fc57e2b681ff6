select
    blockers.province,
    blockers.delivery_month,
    blockers.account_id,
    blockers.blocker_kind,
    blockers.field,
    blockers.file_name,
    blockers.line_no,
    blockers.message,
    blockers.remedy
from {{ ref('int_grid_blocker') }} as blockers
