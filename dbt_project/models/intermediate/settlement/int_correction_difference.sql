{{ config(materialized='view') }}

-- Corrections by price difference (domain §4.5): (P_package - P_retailer) x changed quantity, one line a
-- contract. P_package = what the contract paid in the error month over its energy, P_retailer = the retailer's
-- purchase mean of that month; both as closed and rounded before they multiply.
with lines as (
    select *
    from {{ ref('stg_ledger_line') }}
    where reason_code is null
),

contracts as (
    select
        lines.province,
        lines.origin_month,
        lines.contract_id,
        max(lines.customer_id) as customer_id,
        max(lines.vat_rate) as vat_rate,
        bool_or(lines.is_illustrative) as is_illustrative,
        sum(lines.amount_cny) as retail_cny
    from lines
    where lines.side = 'retail'
    group by lines.province, lines.origin_month, lines.contract_id
),

bought as (
    select
        lines.province,
        lines.origin_month,
        sum(lines.amount_cny) as wholesale_cny
    from lines
    where lines.side = 'wholesale'
    group by lines.province, lines.origin_month
),

-- read once: PostgreSQL computes a view anew for each row that it is joined with
energies as (
    select *
    from {{ ref('int_correction_energy') }}
),

portfolio as (
    select
        energy.province,
        energy.origin_month,
        sum(energy.closed_wh) as closed_wh
    from energies as energy
    group by energy.province, energy.origin_month
),

priced as (
    select
        months.*,
        energy.contract_id,
        energy.energy_wh,
        energy.books_wh,
        energy.head_wh,
        {{ wh_to_mwh('energy.energy_wh') }} as quantity_mwh,
        contracts.customer_id,
        contracts.vat_rate,
        contracts.is_illustrative,
        {{ half_up('contracts.retail_cny * 1000000 / nullif(energy.closed_wh, 0)', 3) }} as package_cny_per_mwh,
        {{ half_up('bought.wholesale_cny * 1000000 / nullif(portfolio.closed_wh, 0)', 3) }} as retailer_cny_per_mwh,
        md5(concat_ws(
            '|', 'retail', months.province, to_char(months.origin_month, 'YYYY-MM'), energy.contract_id, '-', 'price_difference',
            'all', to_char(months.pack_effective_from, 'YYYY-MM-DD')
        )) as natural_line_id
    from {{ ref('int_correction_month') }} as months
    inner join energies as energy
        on
            months.province = energy.province
            and months.origin_month = energy.origin_month
    inner join portfolio
        on
            months.province = portfolio.province
            and months.origin_month = portfolio.origin_month
    left join bought
        on
            months.province = bought.province
            and months.origin_month = bought.origin_month
    left join contracts
        on
            energy.province = contracts.province
            and energy.origin_month = contracts.origin_month
            and energy.contract_id = contracts.contract_id
    where
        months.correction_method = 'price_difference'
        and energy.energy_wh <> 0
),

earlier as (
    select distinct on (booked.natural_line_id)
        booked.natural_line_id,
        booked.line_id,
        sum(booked.amount_cny) over (partition by booked.natural_line_id) as books_amount_cny
    from {{ ref('stg_ledger_line') }} as booked
    where booked.component = 'price_difference'
    order by booked.natural_line_id, booked.run_id desc
)

select
    priced.natural_line_id,
    earlier.line_id as supersedes_line_id,
    priced.last_run_id,
    priced.province,
    priced.origin_month,
    priced.booked_month,
    'retail' as side,
    priced.contract_id,
    cast(null as text) as account_id,
    priced.customer_id,
    'price_difference' as component,
    'all' as tou_period,
    priced.correction_method,
    'price_difference' as treatment,
    {{ wh_to_mwh('priced.books_wh') }} as books_quantity_mwh,
    {{ wh_to_mwh('priced.head_wh') }} as head_quantity_mwh,
    priced.quantity_mwh,
    priced.package_cny_per_mwh - priced.retailer_cny_per_mwh as price_cny_per_mwh,
    coalesce(earlier.books_amount_cny, 0) as books_amount_cny,
    cast(null as numeric) as head_amount_cny,
    {{ half_up('priced.quantity_mwh * (priced.package_cny_per_mwh - priced.retailer_cny_per_mwh)', 2) }} as amount_cny,
    priced.vat_rate,
    {{ net_of_vat(half_up('priced.quantity_mwh * (priced.package_cny_per_mwh - priced.retailer_cny_per_mwh)', 2), 'priced.vat_rate') }}
        as net_cny,
    priced.pack_hash,
    coalesce(priced.is_illustrative, false) as is_illustrative,
    'quantity_revised' as reason_code,
    coalesce(
        priced.refusal_code, case when priced.package_cny_per_mwh is null or priced.retailer_cny_per_mwh is null then 'price_missing' end
    ) as refusal_code,
    coalesce(
        priced.refusal,
        case
            when priced.package_cny_per_mwh is null or priced.retailer_cny_per_mwh is null
                then
                    'contract ' || priced.contract_id || ' has no settled energy and price in '
                    || to_char(priced.origin_month, 'YYYY-MM') || ', so there is no price difference'
        end
    ) as refusal
from priced
left join earlier on priced.natural_line_id = earlier.natural_line_id
