{# What a pricing reads of a contract's month, computed for the contract-months of `chosen` only: the settlement chooses those
   whose package needs it, a what-if all settled ones. #}

{# Prices on the contract's own curve, yuan/MWh with 3 decimals. `chosen` has contract_id, delivery_month and source: a market
   series, or 'reference' for the series that the pack settles against on each day. A series that lacks a day, or a slot where
   there is energy, gives no price. Without any energy the price is the mean over the slots: it multiplies nothing. #}
{% macro own_curve_prices(chosen) -%}
    series_days as (
        select
            prices.province,
            prices.delivery_on,
            prices.price_series,
            {{ curve_sum('prices') }} as price_total,
            {{ curve_missing('prices') }} as missing_slots,
            {{ curve_columns('prices') }}
        from {{ ref('stg_market_price_day') }} as prices
    ),

    valued_days as (
        select
            chosen.contract_id,
            chosen.delivery_month,
            chosen.source,
            {{ curve_sum('curves') }} as energy_wh,
            case when prices.missing_slots = 0 then prices.price_total end as price_total,
            {{ curve_dot('curves', 'prices') }} as amount_nano,
            prices.province is not null as is_priced
        from (select distinct contract_id, delivery_month, source from {{ chosen }}) as chosen
        inner join {{ ref('int_settlement_day') }} as days
            on chosen.delivery_month = days.delivery_month
        inner join {{ ref('int_contract_day_curve') }} as curves
            on
                chosen.contract_id = curves.contract_id
                and days.province = curves.province
                and days.delivery_on = curves.delivery_on
        left join series_days as prices
            on
                days.province = prices.province
                and days.delivery_on = prices.delivery_on
                and prices.price_series = case chosen.source when 'reference' then days.reference_series else chosen.source end
    ),

    own_curve_prices as (
        select
            valued_days.contract_id,
            valued_days.delivery_month,
            valued_days.source,
            case
                when sum(valued_days.energy_wh) <> 0
                    then {{ half_up('sum(valued_days.amount_nano) * 0.001 / sum(valued_days.energy_wh)', 3) }}
                when count(*) = count(valued_days.price_total)
                    then {{ half_up('sum(valued_days.price_total) * 0.001 / (count(*) * 96)', 3) }}
            end as price_cny_per_mwh
        from valued_days
        group by valued_days.contract_id, valued_days.delivery_month, valued_days.source
        having bool_and(valued_days.is_priced) and count(*) = count(valued_days.amount_nano)
    )
{%- endmacro %}

{# Billed kWh of each account by hours of the day, h01 … h24, for prices of 24 hours; by largest remainder of what is billed.
   `chosen` has contract_id and delivery_month. #}
{% macro hours_of_day(chosen) -%}
    billed_accounts as (
        select
            quantities.contract_id,
            quantities.account_id,
            quantities.delivery_month,
            sum(quantities.quantity_kwh) as quantity_kwh
        from {{ ref('int_retail_quantity') }} as quantities
        inner join {{ chosen }} as chosen
            on
                quantities.contract_id = chosen.contract_id
                and quantities.delivery_month = chosen.delivery_month
        group by quantities.contract_id, quantities.account_id, quantities.delivery_month
    ),

    account_hours as (
        select
            billed.contract_id,
            billed.account_id,
            billed.delivery_month,
            {%- for hour in hour_columns() %}
                sum({{ curve_sum('net', range(loop.index0 * 4 + 1, loop.index0 * 4 + 5)) }}) as {{ hour }},
            {%- endfor %}
            max(billed.quantity_kwh) as account_kwh
        from billed_accounts as billed
        inner join {{ ref('int_point_day_energy') }} as points
            on
                billed.contract_id = points.contract_id
                and billed.account_id = points.account_id
        inner join {{ ref('int_settlement_day') }} as days
            on
                points.province = days.province
                and points.delivery_on = days.delivery_on
                and billed.delivery_month = days.delivery_month
        inner join {{ ref('int_point_day_net') }} as net
            on
                points.delivery_on = net.delivery_on
                and points.metering_point_id = net.metering_point_id
        group by billed.contract_id, billed.account_id, billed.delivery_month
    ),

    hours_of_day as (
        select
            account_hours.contract_id,
            account_hours.account_id,
            account_hours.delivery_month,
            hours.period,
            {{ largest_remainder(
                numerator='hours.wh',
                denominator='1000',
                total='account_hours.account_kwh',
                partition_by='account_hours.contract_id, account_hours.account_id, account_hours.delivery_month',
                order_by='hours.period',
            ) }} as quantity_kwh
        from account_hours
        cross join
            lateral (
                values
                {%- for hour in hour_columns() %}
                    ('{{ hour }}', account_hours.{{ hour }}){{ ',' if not loop.last }}
                {%- endfor %}
            ) as hours (period, wh)
    )
{%- endmacro %}

{# kWh of each contract by hours of the month, d01h01 …, for hourly clauses; by largest remainder of the contract's energy,
   rounded once. `chosen` has contract_id and delivery_month. #}
{% macro hours_of_month(chosen) -%}
    month_hours as (
        select
            days.delivery_month,
            curves.contract_id,
            curves.delivery_on,
            hours.hour,
            hours.wh,
            {{ half_up('sum(hours.wh) over (partition by curves.contract_id, days.delivery_month) / 1000', 0) }} as month_kwh
        from {{ chosen }} as chosen
        inner join {{ ref('int_settlement_day') }} as days
            on chosen.delivery_month = days.delivery_month
        inner join {{ ref('int_contract_day_curve') }} as curves
            on
                chosen.contract_id = curves.contract_id
                and days.province = curves.province
                and days.delivery_on = curves.delivery_on
        cross join
            lateral (
                values
                {%- for hour in hour_columns() %}
                    ('{{ hour }}', {{ curve_sum('curves', range(loop.index0 * 4 + 1, loop.index0 * 4 + 5)) }}){{ ',' if not loop.last }}
                {%- endfor %}
            ) as hours (hour, wh)
    ),

    hours_of_month as (
        select
            month_hours.contract_id,
            month_hours.delivery_month,
            {{ hour_of_month('month_hours.delivery_on', 'month_hours.hour') }} as period,
            {{ largest_remainder(
                numerator='month_hours.wh',
                denominator='1000',
                total='month_hours.month_kwh',
                partition_by='month_hours.contract_id, month_hours.delivery_month',
                order_by='month_hours.delivery_on, month_hours.hour',
            ) }} as quantity_kwh
        from month_hours
    )
{%- endmacro %}

{# Contracted kWh of each hour of the month as it is distributed (docs/quantities.md). #}
{% macro contract_hours_of_month(chosen) -%}
    contract_hours as (
        select
            days.contract_id,
            days.delivery_month,
            {{ hour_of_month('days.delivery_on', 'hours.hour') }} as period,
            hours.quantity_kwh
        from {{ chosen }} as chosen
        inner join {{ ref('sales_quantity_day') }} as days
            on
                chosen.contract_id = days.contract_id
                and chosen.delivery_month = days.delivery_month
        cross join
            lateral (
                values
                {%- for hour in hour_columns() %}
                    ('{{ hour }}', days.{{ hour }}){{ ',' if not loop.last }}
                {%- endfor %}
            ) as hours (hour, quantity_kwh)
    )
{%- endmacro %}

{# d01h01 … #}
{% macro hour_of_month(delivery_on, hour) -%}
    to_char({{ delivery_on }}, '"d"DD') || {{ hour }}
{%- endmacro %}
