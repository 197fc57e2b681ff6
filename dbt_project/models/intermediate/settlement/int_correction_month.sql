{{ config(materialized='view') }}

-- Closed months with what their pack says about corrections, the month into which one is booked now (the first after all
-- closed ones), and what keeps every correction of the month from being booked.
with closed as (
    select
        runs.province,
        runs.origin_month,
        runs.run_id,
        cast(max(runs.origin_month) over (partition by runs.province) + interval '1 month' as date) as booked_month
    from {{ ref('stg_ledger_run') }} as runs
    where runs.kind = 'settlement'
),

latest as (
    select
        runs.province,
        runs.origin_month,
        max(runs.run_id) as last_run_id
    from {{ ref('stg_ledger_run') }} as runs
    group by runs.province, runs.origin_month
),

ruled as (
    select
        closed.*,
        latest.last_run_id,
        packs.pack_hash,
        packs.pack_effective_from,
        rules.correction_method,
        rules.correction_reach_months,
        rules.retrace_below_rate,
        {{ months_between('closed.origin_month', 'closed.booked_month') }} as months_back,
        exists(
            select 1
            from {{ ref('int_settlement_line') }} as lines
            where
                lines.province = closed.province
                and lines.delivery_month = closed.origin_month
        ) as is_head_settled
    from closed
    inner join latest
        on
            closed.province = latest.province
            and closed.origin_month = latest.origin_month
    -- the rules of the month are those of its last day
    left join {{ ref('stg_pack_day') }} as packs
        on
            closed.province = packs.province
            and packs.delivery_on = cast(closed.origin_month + interval '1 month - 1 day' as date)
    left join {{ ref('stg_pack_correction') }} as rules on packs.pack_hash = rules.pack_hash
)

select
    ruled.*,
    case
        when not ruled.is_head_settled then 'head_blocked'
        when ruled.correction_method is null or ruled.correction_reach_months is null then 'rule_missing'
        when ruled.months_back > ruled.correction_reach_months then 'out_of_reach'
    end as refusal_code,
    case
        when not ruled.is_head_settled
            then
                'what is known of ' || to_char(ruled.origin_month, 'YYYY-MM') || ' now cannot be settled: '
                || coalesce(
                    (
                        select min(blockers.message)
                        from {{ ref('int_month_blocker') }} as blockers
                        where
                            blockers.province = ruled.province
                            and blockers.delivery_month = ruled.origin_month
                    ),
                    'the month is not on the list of months to settle'
                )
        when ruled.correction_method is null then 'the rule pack has no settlement.correction_method'
        when ruled.correction_reach_months is null then 'the rule pack has no settlement.correction_reach_months'
        when ruled.months_back > ruled.correction_reach_months
            then
                to_char(ruled.origin_month, 'YYYY-MM') || ' is ' || ruled.months_back || ' months before '
                || to_char(ruled.booked_month, 'YYYY-MM') || ', the pack reaches back ' || ruled.correction_reach_months
    end as refusal
from ruled
