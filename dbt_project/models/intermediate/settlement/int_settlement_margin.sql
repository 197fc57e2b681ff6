-- What each contract brings in a month, from the books: its own lines, and its shares of the lines that have no contract.
with amounts as (
    select
        lines.province,
        lines.delivery_month,
        lines.is_open_month,
        lines.contract_id,
        lines.side,
        lines.amount_cny,
        lines.origin_month <> lines.delivery_month as is_correction,
        lines.is_illustrative
    from {{ ref('int_book_line') }} as lines
    where lines.contract_id is not null

    union all

    select
        shares.province,
        shares.delivery_month,
        shares.is_open_month,
        shares.contract_id,
        shares.side,
        shares.amount_cny,
        shares.origin_month <> shares.delivery_month as is_correction,
        shares.is_illustrative
    from {{ ref('int_book_share') }} as shares
),

money as (
    select
        amounts.province,
        amounts.delivery_month,
        amounts.is_open_month,
        amounts.contract_id,
        {%- for side in settlement_sides() %}
            coalesce(sum(amounts.amount_cny) filter (where amounts.side = '{{ side }}'), 0) as {{ side }}_cny,
        {%- endfor %}
        coalesce(sum({{ signed_amount('amounts') }}) filter (where amounts.is_correction), 0) as correction_cny,
        sum({{ signed_amount('amounts') }}) as margin_cny,
        bool_or(amounts.is_illustrative) as is_illustrative
    from amounts
    group by amounts.province, amounts.delivery_month, amounts.is_open_month, amounts.contract_id
)

select
    money.province,
    money.delivery_month,
    money.is_open_month,
    money.contract_id,
    coalesce(energy.customer_id, contracts.customer_id) as customer_id,
    coalesce(energy.customer_name, customers.customer_name, contracts.customer_id) as customer_name,
    coalesce(energy.customer_name_en, customers.customer_name_en, customers.customer_name, contracts.customer_id)
        as customer_name_en,
    -- who may see the row is of today, also in a closed month
    customers.manager_username,
    coalesce(energy.package_type, contracts.package_type) as package_type,
    coalesce(energy.energy_wh, 0) as energy_wh,
    {%- for side in settlement_sides() %}
        money.{{ side }}_cny,
    {%- endfor %}
    money.correction_cny,
    money.margin_cny,
    money.is_illustrative
from money
left join {{ ref('int_book_energy') }} as energy
    on
        money.province = energy.province
        and money.delivery_month = energy.delivery_month
        and money.contract_id = energy.contract_id
left join {{ ref('stg_contract') }} as contracts on money.contract_id = contracts.contract_id
left join {{ ref('int_customer') }} as customers
    on coalesce(energy.customer_id, contracts.customer_id) = customers.customer_id
