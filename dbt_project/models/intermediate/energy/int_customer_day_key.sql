{{ config(
    indexes=[{'columns': ['delivery_on', 'customer_id', 'province'], 'unique': True}],
) }}

-- What a customer's day is the sum of: its points under contract, as in the portfolio, so that customers add up to it.
with accounts as (
    select
        points.province,
        points.customer_id,
        points.delivery_on,
        sum(accounts.capacity_kva) as capacity_kva,
        count(*) = count(accounts.capacity_kva) as is_capacity_known
    from (
        select distinct
            members.province,
            members.customer_id,
            members.account_id,
            members.delivery_on
        from {{ ref('int_point_day_energy') }} as members
        where members.assignment_status = 'assigned'
    ) as points
    left join {{ ref('stg_account') }} as accounts
        on
            points.account_id = accounts.account_id
            and points.delivery_on between accounts.effective_from and accounts.valid_to
    group by points.province, points.customer_id, points.delivery_on
),

points as (
    select
        points.province,
        points.customer_id,
        points.delivery_on,
        cast(count(*) as integer) as metering_points_expected,
        cast(count(points.version) as integer) as metering_points,
        cast(sum(case when points.quality = 'estimated' then 1 else 0 end) as integer) as estimated_points,
        cast(max(points.estimated_slots) as integer) as estimated_slots,
        {{ worst_quality('points.quality') }} as quality,
        {{ tou_complete_total('points') }},
        md5(string_agg(points.metering_point_id || points.input_digest, '|' order by points.metering_point_id)) as point_digest
    from {{ ref('int_point_day_energy') }} as points
    where points.assignment_status = 'assigned'
    group by points.province, points.customer_id, points.delivery_on
)

select
    points.province,
    points.customer_id,
    points.delivery_on,
    days.delivery_month,
    days.day_type,
    days.weekday_type,
    points.metering_points_expected,
    points.metering_points,
    points.estimated_points,
    points.estimated_slots,
    points.quality,
    {{ tou_columns('points') }},
    case when accounts.is_capacity_known then accounts.capacity_kva end as capacity_kva,
    {{ digest([
        'points.delivery_on', 'days.day_type', 'days.weekday_type', 'points.point_digest', 'accounts.capacity_kva',
        'accounts.is_capacity_known',
    ]) }} as input_digest
from points
inner join accounts
    on
        points.province = accounts.province
        and points.customer_id = accounts.customer_id
        and points.delivery_on = accounts.delivery_on
inner join {{ ref('int_calendar_day') }} as days on points.delivery_on = days.delivery_on
