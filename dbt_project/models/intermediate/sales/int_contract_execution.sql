-- contracted against actual energy over the finished months of the term; one unknown month leaves the rate unknown
with months as (
    select
        contracts.contract_id,
        cast(series.month as date) as delivery_month,
        cast(series.month + interval '1 month' as date) <= run.business_date as is_finished
    from {{ ref('stg_contract') }} as contracts
    inner join {{ ref('int_contract_state') }} as states on contracts.contract_id = states.contract_id
    cross join {{ ref('stg_run') }} as run
    cross join lateral generate_series(
        date_trunc('month', cast(contracts.effective_from as timestamp)),
        -- a terminated contract is not executed any more
        cast(least(contracts.effective_to, states.ended_on) as timestamp),
        interval '1 month'
    ) as series (month)
),

known as (
    select
        months.contract_id,
        months.is_finished,
        facts.contract_mwh,
        facts.actual_mwh
    from months
    left join {{ ref('sales_contract_month') }} as facts
        on
            months.contract_id = facts.contract_id
            and months.delivery_month = facts.delivery_month
),

-- every contract, also one that ended before its first day
summed as (
    select
        contracts.contract_id,
        sum(known.contract_mwh) as contract_mwh,
        sum(known.actual_mwh) as executed_mwh,
        count(*) filter (where known.is_finished) as finished_months,
        count(*) filter (where known.is_finished and known.contract_mwh is null) as months_without_quantity,
        count(*) filter (where known.is_finished and known.actual_mwh is null) as months_without_metering,
        sum(known.contract_mwh) filter (where known.is_finished) as finished_contract_mwh,
        sum(known.actual_mwh) filter (where known.is_finished) as finished_actual_mwh,
        sum(abs(known.actual_mwh - known.contract_mwh)) filter (where known.is_finished) as finished_deviation_mwh
    from {{ ref('stg_contract') }} as contracts
    left join known on contracts.contract_id = known.contract_id
    group by contracts.contract_id
)

select
    summed.*,
    case
        when summed.months_without_quantity + summed.months_without_metering = 0
            then round(summed.finished_actual_mwh / nullif(summed.finished_contract_mwh, 0), 6)
    end as execution_rate,
    case
        when summed.months_without_quantity + summed.months_without_metering = 0
            then round(summed.finished_deviation_mwh / nullif(summed.finished_contract_mwh, 0), 6)
    end as deviation_rate
from summed
