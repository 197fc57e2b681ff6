-- Inputs that the packages of a month lack. They are known to lack when the month is priced, after its purchases; such a month
-- has no lines on any side.
with named as (
    select distinct
        lines.contract_id,
        lines.delivery_month,
        parts.name
    from {{ ref('int_retail_package_line') }} as lines
    cross join lateral string_to_table(lines.missing, ', ') as parts (name)
    where lines.amount_cny is null
),

counted as (
    select
        named.*,
        count(*) filter (where named.name <> 'covered_fee') over (
            partition by named.contract_id, named.delivery_month
        ) as others
    from named
),

lacking as (
    select
        counted.contract_id,
        counted.delivery_month,
        counted.name
    from counted
    -- a fee that covers another one lacks what that one lacks
    where
        counted.name <> 'covered_fee'
        or counted.others = 0
),

described as (
    select
        terms.*,
        lacking.name,
        to_char(lacking.delivery_month, 'YYYY-MM') as month_name,
        coalesce(series.series_code, lacking.name) as series_code
    from lacking
    inner join {{ ref('int_retail_terms') }} as terms
        on
            lacking.contract_id = terms.contract_id
            and lacking.delivery_month = terms.delivery_month
    left join {{ ref('int_retail_series') }} as series
        on
            lacking.contract_id = series.contract_id
            and lacking.delivery_month = series.delivery_month
            and lacking.name = series.name
)

select
    described.province,
    described.delivery_month,
    described.is_open_month,
    'contract_input_missing' as blocker_kind,
    described.contract_id as object_id,
    cast(null as date) as delivery_on,
    cast(null as integer) as slot,
    described.version_file_name as file_name,
    described.version_line_no as line_no,
    described.name as field,
    'package '
    || described.package_id
    || ' '
    || described.package_version
    || ' of contract '
    || described.contract_id
    || case
        when described.name like 'a quotient%' then ' has ' || described.name || ' in '
        else ' lacks ' || described.name || ' for '
    end
    || described.month_name as message,
    case
        when described.name like 'a quotient%' then 'correct the formula of the package so that it holds without energy or fee'
        when described.name = 'price' then 'deliver the price of every period of the package in feed contract_price'
        when described.name in ('base', 'ref', 'market_mean', 'ceci')
            then
                'deliver series '
                || described.series_code
                || ' of '
                || described.province
                || ' for '
                || described.month_name
                || ' in feed reference_series, or name another series in feed contract_series'
        when described.name in ('green_contract_q', 'generation') then 'deliver the month in feed contract_green'
        when described.name in ('contract_q', 'quarter_contract_q', 'year_contract_q')
            then 'deliver the quantity in feed contract_quantity or contract_distribution'
        when described.name in ('quarter_q', 'year_q') then 'settle the earlier months of the quarter or year as well'
        when described.name = 'hour_contract_q' then 'deliver the annual quantity and its templates in feed contract_distribution'
        when described.name = 'balance_q' then 'deliver the month''s total of every account of the contract in feed month_energy'
        when described.name = 'w' then 'deliver the day-ahead or real-time prices that the pack settles against in feed market_price_day'
        when described.name = 'sharp_month' then 'add tou.schedule to the rule pack of the month and load it'
        when described.name in ('q', 'hour_q') and described.division = 'own'
            then 'deliver the energy of the package''s periods as input q in feed contract_input'
        when described.name = 'q' then 'add the time-of-use schedule of every day of the month to the rule pack and load it'
        else 'deliver ' || described.name || ' of the contract for ' || described.month_name || ' in feed contract_input'
    end as remedy
from described
