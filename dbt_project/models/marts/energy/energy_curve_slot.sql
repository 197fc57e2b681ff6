{{ config(materialized='view', tags=['after_forecast']) }}

-- The long shape, for charts only. It reads relations that dbt never drops in a normal run.
with days as (
    select
        actual.province,
        actual.delivery_on
    from {{ ref('int_province_day_curve') }} as actual
    union
    select
        prices.province,
        prices.delivery_on
    from {{ ref('trading_price_day_version') }} as prices
    union
    select
        day_ahead.province,
        day_ahead.delivery_on
    from {{ ref('int_day_ahead_day') }} as day_ahead
    union
    select
        forecasts.province,
        forecasts.delivery_on
    from {{ ref('stg_forecast_load_day') }} as forecasts
),

prices as (
    select distinct on (versions.province, versions.price_series, versions.delivery_on) versions.*
    from {{ ref('trading_price_day_version') }} as versions
    order by versions.province, versions.price_series, versions.delivery_on, versions.known_at desc
),

mlt as (
    select distinct on (versions.province, versions.delivery_on) versions.*
    from {{ ref('trading_mlt_day_version') }} as versions
    order by versions.province, versions.delivery_on, versions.known_at desc
)

select
    days.province,
    days.delivery_on,
    cast(slots.slot as integer) as slot,
    cast(days.delivery_on as timestamp) + (slots.slot - 1) * interval '15 minutes' as slot_start_at,
    lpad(cast(slots.slot / 4 as text), 2, '0') || ':' || lpad(cast(slots.slot % 4 * 15 as text), 2, '0') as slot_label,
    {%- for quantity in ['actual', 'mlt', 'day_ahead', 'forecast_p10', 'forecast_p50', 'forecast_p90'] %}
        cast(slots.{{ quantity }}_wh / 1000000.0 as numeric(16, 6)) as {{ quantity }}_mwh,
    {%- endfor %}
    cast(slots.da_price / 1000.0 as numeric(12, 3)) as da_price_cny_per_mwh,
    cast(slots.rt_price / 1000.0 as numeric(12, 3)) as rt_price_cny_per_mwh
from days
left join {{ ref('int_province_day_curve') }} as actual
    on
        days.province = actual.province
        and days.delivery_on = actual.delivery_on
left join mlt
    on
        days.province = mlt.province
        and days.delivery_on = mlt.delivery_on
left join {{ ref('int_day_ahead_day') }} as day_ahead
    on
        days.province = day_ahead.province
        and days.delivery_on = day_ahead.delivery_on
left join prices as da
    on
        days.province = da.province
        and days.delivery_on = da.delivery_on
        and da.price_series = 'da_unified'
left join prices as rt
    on
        days.province = rt.province
        and days.delivery_on = rt.delivery_on
        and rt.price_series = 'rt_unified'
{%- for quantile in [10, 50, 90] %}
    left join {{ ref('stg_forecast_load_day') }} as p{{ quantile }}
        on
            days.province = p{{ quantile }}.province
            and days.delivery_on = p{{ quantile }}.delivery_on
            and p{{ quantile }}.quantile = {{ quantile }}
{%- endfor %}
cross join lateral {{ curve_rows(['actual', 'mlt', 'day_ahead', 'p10', 'p50', 'p90', 'da', 'rt']) }}
    as slots (
        slot, actual_wh, mlt_wh, day_ahead_wh, forecast_p10_wh, forecast_p50_wh, forecast_p90_wh, da_price, rt_price
    )
