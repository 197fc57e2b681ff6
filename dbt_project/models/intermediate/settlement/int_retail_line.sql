-- Retail lines: billed energy at the prices of feed contract_price, or the components of the package. A price is charged to
-- each account, a fee to the contract. Charges passed on have a side of their own, because they are no revenue.
with explained as (
    select
        lines.contract_id,
        lines.delivery_month,
        lines.component_no,
        lines.line_period,
        string_agg(inputs.name || ' = ' || inputs.value, ', ' order by inputs.name) as inputs
    from {{ ref('int_retail_package_line') }} as lines
    cross join lateral jsonb_each_text(lines.inputs) as inputs (name, value)
    group by lines.contract_id, lines.delivery_month, lines.component_no, lines.line_period
),

provisional as (
    select
        series.contract_id,
        series.delivery_month,
        string_agg(series.series_code || ' of ' || to_char(series.series_month, 'YYYY-MM'), ', ' order by series.series_code) as series
    from {{ ref('int_retail_series') }} as series
    inner join {{ ref('int_retail_need') }} as needs
        on
            series.contract_id = needs.contract_id
            and series.delivery_month = needs.delivery_month
            and series.name = needs.name
    where series.status = 'provisional'
    group by series.contract_id, series.delivery_month
),

illustrative as (
    select
        quantities.contract_id,
        quantities.delivery_month,
        quantities.division,
        bool_or(quantities.is_tou_illustrative) as is_tou_illustrative
    from {{ ref('int_retail_account_quantity') }} as quantities
    group by quantities.contract_id, quantities.delivery_month, quantities.division
),

priced as (
    select
        cases.province,
        lines.delivery_month,
        cases.is_open_month,
        cases.pack_hash,
        case lines.stage when 'pass_through' then 'pass_through' else 'retail' end as side,
        lines.contract_id,
        cases.customer_id,
        lines.component_no,
        components.component_id as component,
        components.stage,
        lines.line_period,
        lines.energy_mwh,
        lines.price_cny_per_mwh,
        lines.amount_cny,
        coalesce(illustrative.is_tou_illustrative, false) as is_tou_illustrative,
        concat_ws(
            '; ', cases.package_id || ' ' || cases.package_version || ', ' || components.title_en || ': ' || components.formula,
            explained.inputs, 'provisional: ' || provisional.series
        ) as note
    from {{ ref('int_retail_package_line') }} as lines
    inner join {{ ref('int_retail_case') }} as cases
        on
            lines.contract_id = cases.contract_id
            and lines.delivery_month = cases.delivery_month
    inner join {{ ref('int_retail_component') }} as components
        on
            cases.terms_id = components.terms_id
            and lines.component_no = components.component_no
    left join explained
        on
            lines.contract_id = explained.contract_id
            and lines.delivery_month = explained.delivery_month
            and lines.component_no = explained.component_no
            and lines.line_period = explained.line_period
    left join provisional
        on
            lines.contract_id = provisional.contract_id
            and lines.delivery_month = provisional.delivery_month
    left join illustrative
        on
            lines.contract_id = illustrative.contract_id
            and lines.delivery_month = illustrative.delivery_month
            and cases.division = illustrative.division
)

select
    quantities.province,
    quantities.delivery_month,
    quantities.is_open_month,
    quantities.pack_hash,
    'retail' as side,
    quantities.contract_id,
    quantities.account_id,
    quantities.customer_id,
    'energy' as component,
    'energy' as stage,
    quantities.tou_period,
    {{ half_up('cast(quantities.quantity_kwh as numeric) / 1000', 3) }} as quantity_mwh,
    prices.price_cny_per_mwh,
    {{ half_up('quantities.quantity_kwh * prices.price_cny_per_mwh / 1000', 2) }} as amount_cny,
    quantities.is_tou_illustrative,
    'billed energy at the contract price' as note
from {{ ref('int_retail_quantity') }} as quantities
inner join {{ ref('int_retail_terms') }} as terms
    on
        quantities.contract_id = terms.contract_id
        and quantities.delivery_month = terms.delivery_month
        and terms.settles_by = 'contract_price'
left join {{ ref('stg_contract_price') }} as prices
    on
        quantities.contract_id = prices.contract_id
        and quantities.tou_period = prices.period
        and prices.component = 'energy'

union all

select
    priced.province,
    priced.delivery_month,
    priced.is_open_month,
    priced.pack_hash,
    priced.side,
    priced.contract_id,
    nullif(parts.account_id, 'all') as account_id,
    priced.customer_id,
    priced.component,
    priced.stage,
    priced.line_period as tou_period,
    parts.energy_mwh as quantity_mwh,
    priced.price_cny_per_mwh,
    {{ charged('priced.price_cny_per_mwh', 'parts.energy_mwh') }} as amount_cny,
    priced.is_tou_illustrative,
    priced.note
from priced
inner join {{ ref('int_retail_package_quantity') }} as parts
    on
        priced.contract_id = parts.contract_id
        and priced.delivery_month = parts.delivery_month
        and priced.component_no = parts.component_no
        and priced.line_period = parts.line_period
where priced.price_cny_per_mwh is not null

union all

select
    priced.province,
    priced.delivery_month,
    priced.is_open_month,
    priced.pack_hash,
    priced.side,
    priced.contract_id,
    cast(null as text) as account_id,
    priced.customer_id,
    priced.component,
    priced.stage,
    priced.line_period as tou_period,
    -- a clause acts on fees; only a fee for energy has a quantity of its own
    case when priced.stage = 'energy' then priced.energy_mwh end as quantity_mwh,
    cast(null as numeric) as price_cny_per_mwh,
    priced.amount_cny,
    priced.is_tou_illustrative,
    priced.note
from priced
where priced.price_cny_per_mwh is null
