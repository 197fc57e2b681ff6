{{ config(indexes=[{'columns': ['delivery_on', 'province', 'price_role'], 'unique': True}]) }}

-- The price curves that a day settles by, in 0.001 yuan/MWh: what a series says, where the pack settles by the hour the
-- mean of the hour's quarters, and where spot was suspended the price in its place. With one price for all three roles
-- each form comes to ΣQmlt·Pmlt + Σ(Qact - Qmlt)·P in such a slot, whatever the day-ahead quantity (domain §4.2).
with suspended as (
    select
        slots.province,
        slots.delivery_on,
        min(slots.slot) as first_slot,
        max(slots.slot) as last_slot,
        {{ rows_curve('slots.slot', 'slots.price') }}
    from {{ ref('int_suspension_slot') }} as slots
    group by slots.province, slots.delivery_on
),

roles as (
    select
        scope.province,
        scope.delivery_on,
        scope.granularity,
        roles.price_role,
        roles.price_series
    from {{ ref('int_settlement_scope_day') }} as scope
    cross join
        lateral (
            values ('day_ahead', 'da_unified'), ('real_time', 'rt_unified'), ('reference', scope.reference_series)
        ) as roles (price_role, price_series)
    where
        roles.price_series is not null
        and scope.settlement_form <> 'monthly_balance'
)

select
    roles.province,
    roles.delivery_on,
    roles.price_role,
    roles.price_series,
    prices.file_name,
    prices.line_no,
    coalesce(suspended.last_slot - suspended.first_slot + 1, 0) as suspended_slots,
    {{ settled_prices('prices', 'suspended', 'roles.granularity') }}
from roles
left join {{ ref('stg_market_price_day') }} as prices
    on
        roles.province = prices.province
        and roles.delivery_on = prices.delivery_on
        and roles.price_series = prices.price_series
left join suspended
    on
        roles.province = suspended.province
        and roles.delivery_on = suspended.delivery_on
