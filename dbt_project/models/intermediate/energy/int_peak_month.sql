-- The highest quarter hour of a customer's month, and what it would be if its few highest days had kept to the next highest
-- one. Only customers with a two-part tariff, whose basic charge may depend on it.
with ranked as (
    select
        days.province,
        days.customer_id,
        days.delivery_month,
        days.max_slot_wh,
        row_number() over (
            partition by days.province, days.customer_id, days.delivery_month
            order by days.max_slot_wh desc, days.delivery_on
        ) as place,
        count(*) over (partition by days.province, days.customer_id, days.delivery_month) as days
    from {{ ref('int_customer_day_curve') }} as days
    where days.missing_slots = 0
)

select
    ranked.province,
    ranked.customer_id,
    ranked.delivery_month,
    max(case when ranked.place = 1 then ranked.max_slot_wh end) as max_slot_wh,
    max(case when ranked.place = {{ var('hint_peak_days') }} + 1 then ranked.max_slot_wh end) as next_slot_wh
from ranked
where
    ranked.place in (1, {{ var('hint_peak_days') }} + 1)
    and ranked.days >= {{ var('hint_min_days') }}
    and exists (
        select 1
        from {{ ref('stg_account') }} as accounts
        where
            accounts.customer_id = ranked.customer_id
            and accounts.tariff_class = 'two_part'
            and accounts.effective_from < ranked.delivery_month + interval '1 month'
            and accounts.valid_to >= ranked.delivery_month
    )
group by ranked.province, ranked.customer_id, ranked.delivery_month
