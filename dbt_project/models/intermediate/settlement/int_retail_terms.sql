-- The terms under which each contract-month is settled: the package that the version in force names, or the prices of feed
-- contract_price where there is no version, or where the package is one fixed or time-of-use price and the contract agrees on
-- its own. A version that names no stored package, or two, leaves the terms unknown.
with months as (
    select
        scope.province,
        scope.delivery_month,
        scope.is_open_month,
        min(scope.delivery_on) as first_on,
        max(scope.delivery_on) as last_on
    from {{ ref('int_settlement_scope_day') }} as scope
    group by scope.province, scope.delivery_month, scope.is_open_month
),

contract_months as (
    select
        months.province,
        months.delivery_month,
        months.is_open_month,
        contracts.contract_id,
        contracts.customer_id,
        contracts.file_name,
        contracts.line_no,
        greatest(months.first_on, contracts.effective_from) as terms_on
    from months
    inner join {{ ref('stg_contract') }} as contracts
        on
            months.province = contracts.province
            and months.last_on >= contracts.effective_from
            and months.first_on <= contracts.effective_to
),

own_prices as (
    select prices.contract_id
    from {{ ref('stg_contract_price') }} as prices
    where prices.component = 'energy'
    group by prices.contract_id
),

-- as the contract document has it: one fixed or time-of-use component that prices all energy takes the contract's prices
shapes as (
    select
        components.package_hash,
        count(*) as components,
        case
            when count(*) filter (where components.stage = 'energy') = 1
                then min(components.component_no) filter (where components.stage = 'energy' and components.kind in ('fixed', 'tou'))
        end as priced_component_no,
        bool_or(components.stage = 'deviation') as has_deviation
    from {{ ref('stg_package_component') }} as components
    group by components.package_hash
),

divisions as (
    select
        components.package_hash,
        case
            when coalesce(bool_and(parameters.period in ('{{ tou_periods() | join("', '") }}')), true) then 'tou'
            when bool_and(parameters.period ~ '^h(0[1-9]|1[0-9]|2[0-4])$') then 'hour_of_day'
            else 'own'
        end as division
    from {{ ref('stg_package_component') }} as components
    left join {{ ref('stg_package_parameter') }} as parameters
        on
            components.package_hash = parameters.package_hash
            and components.component_no = parameters.component_no
            and parameters.period <> 'all'
    where
        components.driver = 'q'
        and components.grain = 'period'
    group by components.package_hash
),

joined as (
    select
        contract_months.*,
        versions.version_no,
        versions.package_id,
        versions.package_version,
        versions.file_name as version_file_name,
        versions.line_no as version_line_no,
        coalesce(packages.contents, 0) as contents,
        packages.package_hash,
        own_prices.contract_id is not null as has_own_prices
    from contract_months
    left join {{ ref('stg_contract_version') }} as versions
        on
            contract_months.contract_id = versions.contract_id
            and contract_months.terms_on between versions.effective_from and versions.valid_to
    left join {{ ref('int_package') }} as packages
        on
            versions.package_id = packages.package_id
            and versions.package_version = packages.package_version
    left join own_prices on contract_months.contract_id = own_prices.contract_id
)

select
    joined.province,
    joined.delivery_month,
    joined.is_open_month,
    joined.contract_id,
    joined.customer_id,
    joined.terms_on,
    joined.file_name,
    joined.line_no,
    joined.version_no,
    joined.version_file_name,
    joined.version_line_no,
    joined.package_id,
    joined.package_version,
    joined.package_hash,
    joined.contents,
    coalesce(divisions.division, 'none') as division,
    case when joined.has_own_prices then shapes.priced_component_no end as agreed_component_no,
    coalesce(shapes.has_deviation, false) as has_deviation,
    case
        when joined.version_no is null then 'contract_price'
        when joined.package_hash is null then 'unknown'
        when joined.has_own_prices and shapes.components = 1 and shapes.priced_component_no is not null then 'contract_price'
        else 'package'
    end as settles_by
from joined
left join shapes on joined.package_hash = shapes.package_hash
left join divisions on joined.package_hash = divisions.package_hash
