-- The contract-months that are priced under a package. `terms_id` names what is priced: the package, with the contract's own
-- prices where it has them, and in the open month the energy only. A package rules whole months: its lines stand under the
-- rule pack of the month's first settled day.
with packs as (
    select distinct on (days.province, days.delivery_month)
        days.province,
        days.delivery_month,
        days.pack_hash
    from {{ ref('int_settlement_day') }} as days
    order by days.province, days.delivery_month, days.delivery_on
),

energy as (
    select
        quantities.contract_id,
        quantities.delivery_month
    from {{ ref('int_retail_quantity') }} as quantities
    group by quantities.contract_id, quantities.delivery_month
)

select
    terms.contract_id,
    terms.delivery_month,
    terms.province,
    terms.is_open_month,
    terms.customer_id,
    packs.pack_hash,
    terms.package_id,
    terms.package_version,
    terms.package_hash,
    terms.division,
    terms.agreed_component_no,
    concat_ws(
        '/', terms.package_hash, case when terms.agreed_component_no is not null then terms.contract_id end,
        case when terms.is_open_month then 'open' end
    ) as terms_id
from {{ ref('int_retail_terms') }} as terms
inner join energy
    on
        terms.contract_id = energy.contract_id
        and terms.delivery_month = energy.delivery_month
inner join packs
    on
        terms.province = packs.province
        and terms.delivery_month = packs.delivery_month
where terms.settles_by = 'package'
