-- Whose energy made the deviation of a settled month: actual less contracted, and each contract's part of the absolute sum.
-- Energy of a closed month is the ledger's, whatever was metered since; contracted quantities are those that hold now.
with energy as (
    select
        coalesce(books.contract_id, quantities.contract_id) as contract_id,
        coalesce(books.delivery_month, quantities.delivery_month) as delivery_month,
        quantities.effective_mwh as contract_mwh,
        {{ wh_to_mwh('books.energy_wh') }} as actual_mwh
    from {{ ref('int_book_energy') }} as books
    full outer join {{ ref('int_contract_quantity_month') }} as quantities
        on
            books.contract_id = quantities.contract_id
            and books.delivery_month = quantities.delivery_month
),

fees as (
    select
        lines.contract_id,
        lines.delivery_month,
        sum(lines.amount_cny) as deviation_fee_cny
    from {{ ref('settlement_statement_line') }} as lines
    where
        lines.side = 'retail'
        and lines.stage = 'deviation'
    group by lines.contract_id, lines.delivery_month
),

deviating as (
    select
        contracts.province,
        energy.delivery_month,
        energy.contract_id,
        contracts.customer_id,
        energy.contract_mwh,
        energy.actual_mwh,
        energy.actual_mwh - energy.contract_mwh as deviation_mwh,
        coalesce(fees.deviation_fee_cny, 0) as deviation_fee_cny
    from energy
    inner join {{ ref('stg_contract') }} as contracts on energy.contract_id = contracts.contract_id
    inner join {{ ref('settlement_month') }} as months
        on
            contracts.province = months.province
            and energy.delivery_month = months.delivery_month
    left join fees
        on
            energy.contract_id = fees.contract_id
            and energy.delivery_month = fees.delivery_month
    where
        energy.contract_mwh is not null
        or energy.actual_mwh is not null
)

select
    deviating.province,
    deviating.delivery_month,
    deviating.contract_id,
    deviating.customer_id,
    coalesce(customers.customer_name, deviating.customer_id) as customer_name,
    coalesce(customers.customer_name_en, customers.customer_name, deviating.customer_id) as customer_name_en,
    customers.manager_username,
    deviating.contract_mwh,
    deviating.actual_mwh,
    deviating.deviation_mwh,
    round(deviating.deviation_mwh / nullif(deviating.contract_mwh, 0), 6) as deviation_rate,
    round(
        abs(deviating.deviation_mwh)
        / nullif(sum(abs(deviating.deviation_mwh)) over (partition by deviating.province, deviating.delivery_month), 0),
        6
    ) as deviation_share_rate,
    deviating.deviation_fee_cny
from deviating
left join {{ ref('int_customer') }} as customers on deviating.customer_id = customers.customer_id
