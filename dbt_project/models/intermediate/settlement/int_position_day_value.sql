{{ config(indexes=[{'columns': ['delivery_on', 'province'], 'unique': True}]) }}

-- The position terms of both forms per day, exact in 1e-9 yuan (domain §4.1): of the difference form ΣQda(Pda - Prt) and
-- ΣQmlt(Pmlt - Pref), of two-settlement ΣQmlt·Pmlt, Σ(Qda - Qmlt)Pda and ΣQda·Prt. There is no day-ahead position in a
-- monthly balance and on a day that was suspended throughout; elsewhere its absence blocks the day.
with priced as (
    select
        days.province,
        days.delivery_month,
        days.is_open_month,
        days.delivery_on,
        days.pack_hash,
        days.settlement_form,
        coalesce(day_ahead.day_ahead_wh, 0) as day_ahead_wh,
        coalesce(mlt.mlt_wh, 0) as mlt_wh,
        coalesce(mlt.cost_nano, 0) as mlt_cost_nano,
        case when day_ahead.province is null then 0 else {{ curve_dot('day_ahead', 'da') }} end as day_ahead_at_da_nano,
        case when day_ahead.province is null then 0 else {{ curve_dot('day_ahead', 'rt') }} end as day_ahead_at_rt_nano,
        case when mlt.province is null then 0 else {{ curve_dot('mlt', 'reference') }} end as mlt_at_reference_nano
    from {{ ref('int_settlement_day') }} as days
    left join {{ ref('int_day_ahead_day') }} as day_ahead
        on
            days.province = day_ahead.province
            and days.delivery_on = day_ahead.delivery_on
    left join {{ ref('int_mlt_day') }} as mlt
        on
            days.province = mlt.province
            and days.delivery_on = mlt.delivery_on
    {%- for alias, role in [('da', 'day_ahead'), ('rt', 'real_time'), ('reference', 'reference')] %}
        left join {{ ref('int_settlement_price_day') }} as {{ alias }}
            on
                days.province = {{ alias }}.province
                and days.delivery_on = {{ alias }}.delivery_on
                and {{ alias }}.price_role = '{{ role }}'
    {%- endfor %}
)

select
    priced.province,
    priced.delivery_month,
    priced.is_open_month,
    priced.delivery_on,
    priced.pack_hash,
    priced.settlement_form,
    priced.day_ahead_wh,
    priced.day_ahead_at_rt_nano,
    priced.day_ahead_at_da_nano - priced.day_ahead_at_rt_nano as day_ahead_difference_nano,
    priced.mlt_wh,
    priced.mlt_cost_nano,
    priced.mlt_cost_nano - priced.mlt_at_reference_nano as mlt_difference_nano,
    priced.day_ahead_at_da_nano - priced.mlt_at_reference_nano as day_ahead_deviation_nano
from priced
