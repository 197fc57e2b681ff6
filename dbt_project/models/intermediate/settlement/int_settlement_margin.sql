with retail as (
    select
        lines.delivery_month,
        lines.contract_id,
        sum(lines.amount_cny) as retail_cny,
        bool_or(lines.is_illustrative) as is_illustrative
    from {{ ref('int_settlement_line') }} as lines
    where lines.side = 'retail'
    group by lines.delivery_month, lines.contract_id
),

income as (
    select
        lines.delivery_month,
        lines.contract_id,
        sum(lines.amount_cny) as income_cny
    from {{ ref('int_settlement_line') }} as lines
    where lines.side = 'income'
    group by lines.delivery_month, lines.contract_id
),

wholesale as (
    select
        shares.delivery_month,
        shares.contract_id,
        cast(sum(shares.amount_fen) as numeric) / 100 as wholesale_cny
    from {{ ref('int_wholesale_allocation') }} as shares
    group by shares.delivery_month, shares.contract_id
),

wholesale_month as (
    select
        lines.province,
        lines.delivery_month,
        bool_or(lines.is_illustrative) as is_illustrative
    from {{ ref('int_settlement_line') }} as lines
    where lines.side = 'wholesale'
    group by lines.province, lines.delivery_month
),

joined as (
    select
        costs.province,
        costs.delivery_month,
        costs.is_open_month,
        costs.contract_id,
        costs.energy_wh,
        coalesce(retail.retail_cny, 0) as retail_cny,
        wholesale.wholesale_cny,
        coalesce(income.income_cny, 0) as income_cny,
        coalesce(retail.is_illustrative, false) or wholesale_month.is_illustrative as is_illustrative
    from {{ ref('int_purchase_cost') }} as costs
    inner join wholesale
        on
            costs.delivery_month = wholesale.delivery_month
            and costs.contract_id = wholesale.contract_id
    inner join wholesale_month
        on
            costs.province = wholesale_month.province
            and costs.delivery_month = wholesale_month.delivery_month
    left join retail
        on
            costs.delivery_month = retail.delivery_month
            and costs.contract_id = retail.contract_id
    left join income
        on
            costs.delivery_month = income.delivery_month
            and costs.contract_id = income.contract_id
)

select
    joined.province,
    joined.delivery_month,
    joined.is_open_month,
    joined.contract_id,
    contracts.customer_id,
    coalesce(customers.customer_name, contracts.customer_id) as customer_name,
    coalesce(customers.customer_name_en, customers.customer_name, contracts.customer_id) as customer_name_en,
    customers.manager_username,
    contracts.package_type,
    joined.energy_wh,
    joined.retail_cny,
    joined.wholesale_cny,
    joined.income_cny,
    joined.retail_cny - joined.wholesale_cny + joined.income_cny as margin_cny,
    joined.is_illustrative
from joined
inner join {{ ref('stg_contract') }} as contracts on joined.contract_id = contracts.contract_id
left join {{ ref('int_customer') }} as customers on contracts.customer_id = customers.customer_id
