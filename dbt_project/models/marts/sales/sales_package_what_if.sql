{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='run_id',
        on_schema_change='append_new_columns',
        tags=['what_if'],
    )
}}

-- Contract-months under another package against what is settled now: all retail lines on one side, all components but
-- charges passed on on the other. Both charge a price to each account, so that only the terms make a difference.
with cases as (
    select cases.*
    from {{ ref('int_pricing_case') }} as cases
    where cases.contract_id is not null
),

origins as (
    select
        named.run_id,
        named.case_id,
        string_agg(named.name || ' ' || named.origin, ', ' order by named.name) as inputs_from
    from (
        select distinct
            inputs.run_id,
            inputs.case_id,
            inputs.name,
            inputs.origin
        from {{ ref('stg_pricing_input') }} as inputs
        inner join cases
            on
                inputs.run_id = cases.run_id
                and inputs.case_id = cases.case_id
    ) as named
    group by named.run_id, named.case_id
),

compared as (
    select
        cases.*,
        totals.package_id,
        totals.package_version,
        totals.quantity_mwh,
        now.settled_components,
        origins.inputs_from,
        margins.retail_cny as now_cny,
        margins.wholesale_cny,
        margins.margin_cny as margin_now_cny,
        totals.revenue_cny as what_if_cny,
        nullif(concat_ws(
            '; ', case when margins.contract_id is null then 'the month is not settled' end, 'lacks ' || totals.missing
        ), '') as blocked_by
    from cases
    left join {{ ref('sales_package_total') }} as totals
        on
            cases.run_id = totals.run_id
            and cases.case_id = totals.case_id
    left join {{ ref('settlement_margin') }} as margins
        on
            cases.contract_id = margins.contract_id
            and cases.delivery_month = margins.delivery_month
    left join {{ ref('int_reprice_now') }} as now
        on
            cases.contract_id = now.contract_id
            and cases.delivery_month = now.delivery_month
    left join origins
        on
            cases.run_id = origins.run_id
            and cases.case_id = origins.case_id
)

select
    compared.run_id,
    compared.case_id,
    compared.contract_id,
    months.customer_id,
    months.customer_name,
    months.customer_name_en,
    months.manager_username,
    months.province,
    compared.delivery_month,
    months.package_type as settled_package_type,
    compared.package_id,
    compared.package_version,
    compared.package_hash,
    case when compared.blocked_by is null then 'compared' else 'blocked' end as what_if_status,
    compared.blocked_by,
    compared.settled_components,
    compared.inputs_from,
    compared.quantity_mwh,
    compared.now_cny,
    case when compared.blocked_by is null then compared.what_if_cny end as what_if_cny,
    case when compared.blocked_by is null then compared.what_if_cny - compared.now_cny end as difference_cny,
    case
        when compared.blocked_by is null
            then case sign(compared.what_if_cny - compared.now_cny) when -1 then 'customer' when 1 then 'retailer' else 'equal' end
    end as gains,
    compared.wholesale_cny,
    compared.margin_now_cny,
    case when compared.blocked_by is null then compared.margin_now_cny + compared.what_if_cny - compared.now_cny end as margin_then_cny
from compared
inner join {{ ref('sales_contract_month') }} as months
    on
        compared.contract_id = months.contract_id
        and compared.delivery_month = months.delivery_month
