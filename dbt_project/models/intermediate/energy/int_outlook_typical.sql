-- A typical day per day type: the mean of that type's past days; a holiday without any borrows the weekend, and what has
-- no day of its type takes the mean of all. The spread is that of all days about the mean of their own type.
with by_type as (
    select
        history.scope,
        history.subject_id,
        history.day_type,
        count(*) as days,
        avg(history.energy_wh) as mean_wh
    from {{ ref('int_outlook_history') }} as history
    group by history.scope, history.subject_id, history.day_type
),

overall as (
    select
        history.scope,
        history.subject_id,
        count(*) as days,
        avg(history.energy_wh) as mean_wh,
        sqrt(
            sum(power(history.energy_wh - by_type.mean_wh, 2)) / nullif(count(*) - count(distinct history.day_type), 0)
        ) as spread_wh
    from {{ ref('int_outlook_history') }} as history
    inner join by_type
        on
            history.scope = by_type.scope
            and history.subject_id = by_type.subject_id
            and history.day_type = by_type.day_type
    group by history.scope, history.subject_id
)

select
    overall.scope,
    overall.subject_id,
    kinds.day_type,
    cast(round(coalesce(own.mean_wh, weekend.mean_wh, overall.mean_wh)) as bigint) as typical_wh,
    case
        when own.days > 0 then 'day_type'
        when weekend.days > 0 then 'weekend_for_holiday'
        else 'all_days'
    end as typical_basis,
    coalesce(own.days, weekend.days, overall.days) as typical_days,
    round(overall.spread_wh, 3) as spread_wh
from overall
cross join (values ('workday'), ('weekend'), ('holiday')) as kinds (day_type)
left join by_type as own
    on
        overall.scope = own.scope
        and overall.subject_id = own.subject_id
        and kinds.day_type = own.day_type
left join by_type as weekend
    on
        overall.scope = weekend.scope
        and overall.subject_id = weekend.subject_id
        and kinds.day_type = 'holiday'
        and weekend.day_type = 'weekend'
