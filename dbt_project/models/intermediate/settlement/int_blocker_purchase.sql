-- What the lines of the market lack beside prices and positions: rules and announced numbers of recoveries and of the
-- monthly balance, listed items, and the rule on meter differences. Only of months asked for: the running month's numbers
-- are not announced yet.
with months as (
    select
        scope.province,
        scope.delivery_month,
        scope.pack_hash,
        scope.settlement_form,
        scope.balance_energy_price,
        scope.month_end_meter_difference,
        scope.required_items,
        max(scope.delivery_on) as last_on
    from {{ ref('int_settlement_scope_day') }} as scope
    where not scope.is_open_month
    group by
        scope.province, scope.delivery_month, scope.pack_hash, scope.settlement_form, scope.balance_energy_price,
        scope.month_end_meter_difference, scope.required_items
),

-- (field of the pack, message) of rules that are not whole
rule_problem as (
    select
        rules.province,
        rules.delivery_month,
        'recovery.' || rules.kind || '.' || fields.field as field,
        'the rule pack of '
        || rules.province
        || ' has recovery '
        || rules.kind
        || ' in force in '
        || to_char(rules.delivery_month, 'YYYY-MM')
        || ' without '
        || fields.field as message
    from {{ ref('int_recovery_rule') }} as rules
    cross join lateral unnest(string_to_array(rules.incomplete, ',')) as fields (field)
    where not rules.is_open_month

    union all

    select
        months.province,
        months.delivery_month,
        'settlement.month_end_meter_difference' as field,
        'month totals of '
        || months.province
        || ' differ from the sum of the days in '
        || to_char(months.delivery_month, 'YYYY-MM')
        || ', and the rule pack does not say whether the difference is priced or levelled' as message
    from months
    inner join {{ ref('int_month_difference') }} as differences
        on
            months.province = differences.province
            and months.delivery_month = differences.delivery_month
    where months.month_end_meter_difference is null and not differences.is_contested
    group by months.province, months.delivery_month, months.pack_hash
    having {{ half_up('sum(differences.difference_kwh)', 0) }} <> 0
),

wanted as (
    select
        rules.province,
        rules.delivery_month,
        names.parameter,
        'recovery ' || rules.kind as wanted_by
    from {{ ref('int_recovery_rule') }} as rules
    cross join lateral unnest(string_to_array(rules.unannounced, ',')) as names (parameter)
    where not rules.is_open_month

    union all

    select
        months.province,
        months.delivery_month,
        'balance_price' as parameter,
        'the monthly balance' as wanted_by
    from months
    where months.settlement_form = 'monthly_balance' and months.balance_energy_price = 'announced'

    union all

    select
        months.province,
        months.delivery_month,
        'deviation_' || bands.direction || '_' || bands.step || '.price' as parameter,
        'the monthly balance' as wanted_by
    from months
    inner join {{ ref('stg_deviation_band') }} as bands on months.pack_hash = bands.pack_hash
    where months.settlement_form = 'monthly_balance' and bands.price_cny_per_mwh is null
),

parameter_problem as (
    select
        wanted.province,
        wanted.delivery_month,
        wanted.parameter,
        string_agg(distinct wanted.wanted_by, ', ' order by wanted.wanted_by) as wanted_by
    from wanted
    where
        not exists (
            select 1
            from {{ ref('stg_market_parameter') }} as said
            where
                said.province = wanted.province
                and said.delivery_month = wanted.delivery_month
                and said.parameter = wanted.parameter
        )
    group by wanted.province, wanted.delivery_month, wanted.parameter
),

item_problem as (
    select distinct
        months.province,
        months.delivery_month,
        codes.item_code
    from months
    cross join lateral unnest(string_to_array(months.required_items, ',')) as codes (item_code)
    where
        not exists (
            select 1
            from {{ ref('stg_market_item') }} as items
            where
                items.province = months.province
                and items.delivery_month = months.delivery_month
                and items.item_code = codes.item_code
        )
),

-- a recovery compares prices that nothing else of the day may need
price_problem as (
    select
        periods.province,
        periods.delivery_month,
        periods.delivery_on,
        periods.kind,
        case when periods.price_a_milli is null then periods.price_a else periods.price_b end as price_ref
    from {{ ref('int_recovery_period') }} as periods
    where
        periods.amount_nano is null
        and not periods.is_open_month
        -- a spot price that the energy itself lacks is named once, with its file and line
        and not exists (
            select 1
            from {{ ref('int_blocker_market') }} as spot
            where
                spot.province = periods.province
                and spot.delivery_month = periods.delivery_month
                and spot.delivery_on = coalesce(periods.delivery_on, spot.delivery_on)
                and left(spot.object_id, 3)
                = left(case when periods.price_a_milli is null then periods.price_a else periods.price_b end, 3)
        )
    group by
        periods.province, periods.delivery_month, periods.delivery_on, periods.kind,
        case when periods.price_a_milli is null then periods.price_a else periods.price_b end

    union all

    -- contracts that are not there have no mean that could price the energy of a monthly balance
    select
        months.province,
        months.delivery_month,
        cast(null as date) as delivery_on,
        'deviation_energy' as kind,
        'mlt_own_mean' as price_ref
    from months
    where
        months.settlement_form = 'monthly_balance'
        and months.balance_energy_price = 'mlt_own_mean'
        and not exists (
            select 1
            from {{ ref('int_mlt_day') }} as mlt
            where
                mlt.province = months.province
                and mlt.mlt_wh <> 0
                and mlt.delivery_on between months.delivery_month and months.last_on
        )
)

select
    problems.province,
    problems.delivery_month,
    false as is_open_month,
    'rule_missing' as blocker_kind,
    problems.province as object_id,
    cast(null as date) as delivery_on,
    cast(null as integer) as slot,
    'no delivery' as file_name,
    cast(null as integer) as line_no,
    problems.field,
    problems.message,
    'add the value to the rule pack of ' || problems.province || ' and load it' as remedy
from rule_problem as problems

union all

select
    problems.province,
    problems.delivery_month,
    false as is_open_month,
    'parameter_missing' as blocker_kind,
    problems.parameter as object_id,
    cast(null as date) as delivery_on,
    cast(null as integer) as slot,
    'no delivery' as file_name,
    cast(null as integer) as line_no,
    'value' as field,
    problems.wanted_by
    || ' of '
    || problems.province
    || ' needs '
    || problems.parameter
    || ' of '
    || to_char(problems.delivery_month, 'YYYY-MM')
    || ', which is announced and was not delivered' as message,
    'deliver '
    || problems.province
    || ', '
    || to_char(problems.delivery_month, 'YYYY-MM')
    || ', '
    || problems.parameter
    || ' and its value in feed market_parameter' as remedy
from parameter_problem as problems

union all

select
    problems.province,
    problems.delivery_month,
    false as is_open_month,
    'item_missing' as blocker_kind,
    problems.item_code as object_id,
    cast(null as date) as delivery_on,
    cast(null as integer) as slot,
    'no delivery' as file_name,
    cast(null as integer) as line_no,
    'item_code' as field,
    'the list of market items of '
    || problems.province
    || ' for '
    || to_char(problems.delivery_month, 'YYYY-MM')
    || ' has no '
    || problems.item_code
    || ', without which the rule pack settles no month' as message,
    'deliver it in feed market_item; an item that did not occur has amount 0' as remedy
from item_problem as problems

union all

select
    problems.province,
    problems.delivery_month,
    false as is_open_month,
    'price_missing' as blocker_kind,
    problems.price_ref as object_id,
    problems.delivery_on,
    cast(null as integer) as slot,
    'no delivery' as file_name,
    cast(null as integer) as line_no,
    problems.kind as field,
    problems.kind
    || ' of '
    || problems.province
    || ' needs '
    || problems.price_ref
    || ' of '
    || coalesce(cast(problems.delivery_on as text), to_char(problems.delivery_month, 'YYYY-MM')) as message,
    case
        when problems.price_ref = 'mlt_own_mean' then 'deliver the contracts in feed trade_day'
        else 'deliver the day in feed market_price_day, or the month in feed market_parameter where the number is announced'
    end as remedy
from price_problem as problems
