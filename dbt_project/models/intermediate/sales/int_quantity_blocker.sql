-- what a distribution lacks, by name; object_name is the template, province, year or contract that it is about
select
    quantities.contract_id,
    contracts.province,
    make_date(quantities.delivery_year, 1, 1) as delivery_month,
    case when contracts.contract_id is null then 'contract' else 'term' end as missing_code,
    cast(quantities.delivery_year as text) as object_name,
    cast(null as date) as missing_on,
    cast(null as text) as missing_day_type
from {{ ref('stg_contract_distribution') }} as quantities
left join {{ ref('stg_contract') }} as contracts on quantities.contract_id = contracts.contract_id
where
    not exists (
        select 1
        from {{ ref('int_quantity_agreed') }} as agreed
        where
            agreed.contract_id = quantities.contract_id
            and agreed.delivery_year = quantities.delivery_year
    )
union all
select
    agreed.contract_id,
    agreed.province,
    agreed.delivery_month,
    'year_weight' as missing_code,
    agreed.year_template_id || ' ' || agreed.year_template_version as object_name,
    cast(null as date) as missing_on,
    cast(null as text) as missing_day_type
from {{ ref('int_quantity_agreed') }} as agreed
where
    agreed.pattern_id is not null
    and agreed.base_mwh is null
    and coalesce(agreed.weight, 0) = 0
union all
select
    agreed.contract_id,
    agreed.province,
    agreed.delivery_month,
    patterns.missing_code,
    case
        when patterns.missing_code = 'month_weight' then agreed.month_template_id || ' ' || agreed.month_template_version
        when patterns.missing_code = 'day_template' then agreed.day_template_id || ' ' || agreed.day_template_version
        else agreed.province
    end as object_name,
    patterns.missing_on,
    patterns.missing_day_type
from {{ ref('int_quantity_agreed') }} as agreed
inner join {{ ref('int_quantity_pattern') }} as patterns on agreed.pattern_id = patterns.pattern_id
where patterns.missing_code is not null
union all
select
    cast(null as text) as contract_id,
    provinces.province,
    provinces.delivery_month,
    'purchase' as missing_code,
    provinces.unknown_contract_id as object_name,
    cast(null as date) as missing_on,
    cast(null as text) as missing_day_type
from {{ ref('int_purchase_province_month') }} as provinces
where not provinces.is_distributable
