-- The quantity of each month of a contract: what the year gives it, what was delivered for it, what an adjustment made of it,
-- and which of them holds.
with missing as (
    select
        blockers.contract_id,
        blockers.delivery_month,
        string_agg({{ quantity_missing_zh('blockers') }}, ';' order by blockers.missing_code) as missing_zh,
        string_agg({{ quantity_missing_en('blockers') }}, '; ' order by blockers.missing_code) as missing_en
    from {{ ref('int_quantity_blocker') }} as blockers
    where blockers.missing_code not in ('contract', 'term', 'purchase')
    group by blockers.contract_id, blockers.delivery_month
)

select
    months.contract_id,
    contracts.customer_id,
    coalesce(customers.customer_name, contracts.customer_id) as customer_name,
    coalesce(customers.customer_name_en, customers.customer_name, contracts.customer_id) as customer_name_en,
    customers.manager_username,
    contracts.province,
    months.delivery_month,
    agreed.annual_mwh,
    months.base_mwh,
    months.delivered_mwh as contract_quantity_mwh,
    cast(months.adjustment_no as integer) as adjustment_no,
    months.adjusted_mwh,
    months.effective_mwh,
    months.quantity_source,
    {%- for column in [
        'year_template_id', 'year_template_version', 'month_template_id', 'month_template_version', 'day_template_kind',
        'day_template_id', 'day_template_version',
    ] %}
        agreed.{{ column }},
    {%- endfor %}
    case
        when keys.contract_id is not null then 'distributed'
        when agreed.pattern_id is null then 'no_template'
        when months.effective_mwh is null then 'no_quantity'
        else 'blocked'
    end as distribution_status,
    missing.missing_zh,
    missing.missing_en
from {{ ref('int_contract_quantity_month') }} as months
inner join {{ ref('int_quantity_agreed') }} as agreed
    on
        months.contract_id = agreed.contract_id
        and months.delivery_month = agreed.delivery_month
inner join {{ ref('stg_contract') }} as contracts on months.contract_id = contracts.contract_id
left join {{ ref('int_quantity_month_key') }} as keys
    on
        months.contract_id = keys.contract_id
        and months.delivery_month = keys.delivery_month
left join missing
    on
        months.contract_id = missing.contract_id
        and months.delivery_month = missing.delivery_month
left join {{ ref('int_customer') }} as customers on contracts.customer_id = customers.customer_id
