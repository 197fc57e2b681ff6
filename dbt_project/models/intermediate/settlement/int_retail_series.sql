-- The series behind each input of a contract-month: the one that the contract names, else the province's of the input's name.
-- In the open month the latest published value stands in for one that is not out yet, as a provisional one.
with months as (
    select distinct
        terms.province,
        terms.delivery_month,
        terms.is_open_month
    from {{ ref('int_retail_terms') }} as terms
),

published as (
    select distinct on (months.province, months.delivery_month, series.series_code)
        months.province,
        months.delivery_month,
        series.series_code,
        series.value,
        case when series.delivery_month = months.delivery_month then series.status else 'provisional' end as status,
        series.delivery_month as series_month
    from months
    inner join {{ ref('stg_reference_series') }} as series
        on
            months.province = series.province
            and (
                months.delivery_month = series.delivery_month
                or (months.is_open_month and months.delivery_month > series.delivery_month)
            )
    order by months.province, months.delivery_month, series.series_code, series.delivery_month desc
),

named as (
    select
        terms.contract_id,
        terms.delivery_month,
        terms.province,
        series.input as name,
        series.series_code
    from {{ ref('int_retail_terms') }} as terms
    inner join {{ ref('stg_contract_series') }} as series
        on
            terms.contract_id = series.contract_id
            and terms.delivery_month between series.effective_from and series.valid_to
)

select
    named.contract_id,
    named.delivery_month,
    named.name,
    named.series_code,
    published.value,
    published.status,
    published.series_month
from named
left join published
    on
        named.province = published.province
        and named.series_code = published.series_code
        and named.delivery_month = published.delivery_month

union all

select
    terms.contract_id,
    terms.delivery_month,
    published.series_code as name,
    published.series_code,
    published.value,
    published.status,
    published.series_month
from {{ ref('int_retail_terms') }} as terms
inner join published
    on
        terms.province = published.province
        and terms.delivery_month = published.delivery_month
left join named
    on
        terms.contract_id = named.contract_id
        and terms.delivery_month = named.delivery_month
        and published.series_code = named.name
where named.contract_id is null
