-- Requests judged by the contract's rights. Rates are of the month's agreed quantity, so that a second request does not build
-- on the first. Only requests that nothing else speaks against use up the times of the year, in the order of the requests.
with requests as (
    select
        requests.*,
        agreed.agreed_mwh,
        agreed.adjust_notice_days,
        agreed.adjust_times_per_year,
        cast(extract(year from requests.delivery_month) as integer) as delivery_year,
        requests.adjusted_mwh - agreed.agreed_mwh as change_mwh,
        requests.delivery_month - requests.requested_on as notice_days,
        case sign(requests.adjusted_mwh - agreed.agreed_mwh)
            when 1 then agreed.adjust_up_rate
            when -1 then agreed.adjust_down_rate
            -- back to what was agreed needs a right at all, and is within any
            else coalesce(agreed.adjust_up_rate, agreed.adjust_down_rate)
        end as right_rate
    from {{ ref('stg_quantity_adjustment') }} as requests
    left join {{ ref('int_quantity_agreed') }} as agreed
        on
            requests.contract_id = agreed.contract_id
            and requests.delivery_month = agreed.delivery_month
),

spoken as (
    select
        requests.*,
        case
            when requests.agreed_mwh is null then 'no_quantity'
            when requests.right_rate is null then 'no_right'
            when abs(requests.change_mwh) > requests.agreed_mwh * requests.right_rate then 'over_rate'
            when requests.notice_days < requests.adjust_notice_days then 'late_notice'
        end as spoken_against
    from requests
),

counted as (
    select
        spoken.*,
        count(*) filter (where spoken.spoken_against is null) over (
            partition by spoken.contract_id, spoken.delivery_year
            order by spoken.requested_on, spoken.delivery_month, spoken.adjustment_no
        ) as times_used
    from spoken
),

judged as (
    select
        counted.*,
        case
            when counted.spoken_against is not null then counted.spoken_against
            when counted.times_used > counted.adjust_times_per_year then 'too_often'
        end as refusal_code
    from counted
)

select
    judged.contract_id,
    judged.delivery_month,
    judged.adjustment_no,
    judged.requested_on,
    judged.requested_by,
    judged.reason,
    judged.agreed_mwh,
    judged.adjusted_mwh,
    judged.change_mwh,
    judged.right_rate,
    judged.notice_days,
    judged.adjust_notice_days,
    judged.adjust_times_per_year,
    judged.refusal_code is null as is_accepted,
    judged.refusal_code,
    judged.refusal_code is null
    and row_number() over (
        partition by judged.contract_id, judged.delivery_month, judged.refusal_code is null
        order by judged.requested_on desc, judged.adjustment_no desc
    ) = 1 as is_effective
from judged
