-- contracts with energy in a period that they have no price for, and contracts whose terms nobody knows
with used as (
    select
        scope.province,
        scope.delivery_month,
        scope.is_open_month,
        contracts.contract_id,
        contracts.file_name,
        contracts.line_no,
        periods.period
    from {{ ref('int_settlement_scope_day') }} as scope
    inner join {{ ref('int_point_day_energy') }} as points
        on
            scope.province = points.province
            and scope.delivery_on = points.delivery_on
    inner join {{ ref('stg_contract') }} as contracts on points.contract_id = contracts.contract_id
    inner join {{ ref('int_retail_terms') }} as terms
        on
            points.contract_id = terms.contract_id
            and scope.delivery_month = terms.delivery_month
            and terms.settles_by = 'contract_price'
    cross join
        lateral (
            values
            ('all', contracts.package_type = 'fixed')
            {%- for period in tou_periods() %}
                ,
                ('{{ period }}', contracts.package_type = 'tou_fixed' and points.{{ period }}_wh <> 0)
            {%- endfor %}
        ) as periods (period, is_used)
    where periods.is_used
    group by
        scope.province, scope.delivery_month, scope.is_open_month, contracts.contract_id, contracts.file_name,
        contracts.line_no, periods.period
),

unclear as (
    select
        terms.*,
        clauses.contract_id is not null as has_own_clause
    from {{ ref('int_retail_terms') }} as terms
    left join {{ ref('stg_contract_deviation') }} as clauses
        on
            terms.contract_id = clauses.contract_id
            and terms.terms_on between clauses.effective_from and clauses.valid_to
            and clauses.mode <> 'none'
    where
        terms.settles_by = 'unknown'
        or (terms.settles_by = 'package' and terms.has_deviation and clauses.contract_id is not null)
)

select
    used.province,
    used.delivery_month,
    used.is_open_month,
    'contract_price_missing' as blocker_kind,
    used.contract_id as object_id,
    cast(null as date) as delivery_on,
    cast(null as integer) as slot,
    used.file_name,
    used.line_no,
    used.period as field,
    'contract ' || used.contract_id || ' has no energy price for period ' || used.period as message,
    'deliver it in feed contract_price' as remedy
from used
left join {{ ref('stg_contract_price') }} as prices
    on
        used.contract_id = prices.contract_id
        and used.period = prices.period
        and prices.component = 'energy'
where prices.contract_id is null

union all

select
    unclear.province,
    unclear.delivery_month,
    unclear.is_open_month,
    'contract_terms_unclear' as blocker_kind,
    unclear.contract_id as object_id,
    cast(null as date) as delivery_on,
    cast(null as integer) as slot,
    unclear.version_file_name as file_name,
    unclear.version_line_no as line_no,
    case when unclear.settles_by = 'unknown' then 'package_id' else 'deviation' end as field,
    'version '
    || unclear.version_no
    || ' of contract '
    || unclear.contract_id
    || ' names package '
    || unclear.package_id
    || ' '
    || unclear.package_version
    || case
        when unclear.settles_by <> 'unknown' then ', which has a deviation clause, and feed contract_deviation has another one'
        when unclear.contents = 0 then ', which is not stored'
        else ', of which ' || unclear.contents || ' different definitions are stored'
    end as message,
    case
        when unclear.settles_by <> 'unknown'
            then 'leave the clause to one of them: mode none in feed contract_deviation, or a version of the package without it'
        when unclear.contents = 0 then 'store the definition: wattledger package price FILE --inputs FILE, or correct feed contract_version'
        else 'give the changed definition a version of its own and name it in feed contract_version'
    end as remedy
from unclear
