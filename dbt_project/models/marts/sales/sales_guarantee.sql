-- guarantees at the business date of the run
select
    guarantees.guarantee_id,
    guarantees.province,
    guarantees.guarantee_kind,
    guarantees.issuer,
    guarantees.beneficiary,
    guarantees.amount_cny,
    guarantees.valid_from,
    guarantees.valid_to,
    cast(guarantees.valid_to - run.business_date as integer) as days_to_expiry,
    case
        when run.business_date > guarantees.valid_to then 'expired'
        when run.business_date < guarantees.valid_from then 'not_yet_valid'
        when guarantees.valid_to - run.business_date <= {{ var('guarantee_expiry_notice_days') }} then 'expiring'
        else 'valid'
    end as guarantee_status
from {{ ref('stg_guarantee') }} as guarantees
cross join {{ ref('stg_run') }} as run
