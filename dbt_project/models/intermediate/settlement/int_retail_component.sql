-- the components that are priced under each terms: all of the package; of a month that is not over, those that price energy
with terms as (
    select distinct
        cases.terms_id,
        cases.package_hash,
        cases.is_open_month
    from {{ ref('int_retail_case') }} as cases
)

select
    terms.terms_id,
    components.*
from terms
inner join {{ ref('stg_package_component') }} as components on terms.package_hash = components.package_hash
where
    not terms.is_open_month
    or components.stage = 'energy'
