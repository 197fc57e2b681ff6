-- the numbers of each terms: the package's, with the contract's own prices in the place of the price that they agree on
with terms as (
    select distinct
        cases.terms_id,
        cases.package_hash,
        cases.agreed_component_no,
        case when cases.agreed_component_no is not null then cases.contract_id end as priced_by
    from {{ ref('int_retail_case') }} as cases
)

select
    terms.terms_id,
    parameters.component_no,
    parameters.name,
    parameters.period,
    parameters.value
from terms
inner join {{ ref('stg_package_parameter') }} as parameters on terms.package_hash = parameters.package_hash
where
    parameters.component_no is distinct from terms.agreed_component_no
    or parameters.name <> 'price'

union all

select
    terms.terms_id,
    terms.agreed_component_no as component_no,
    'price' as name,
    prices.period,
    prices.price_cny_per_mwh as value
from terms
inner join {{ ref('stg_contract_price') }} as prices
    on
        terms.priced_by = prices.contract_id
        and prices.component = 'energy'
