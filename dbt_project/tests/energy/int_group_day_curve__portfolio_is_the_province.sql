-- customers add up to the curve that wholesale settles: slot by slot in a complete day, and all points are in both
select
    province.province,
    province.delivery_on
from {{ ref('int_province_day_curve') }} as province
left join {{ ref('int_group_day_curve') }} as portfolio
    on
        province.province = portfolio.province
        and province.delivery_on = portfolio.delivery_on
        and portfolio.group_kind = 'portfolio'
where
    portfolio.delivery_on is null
    or (province.missing_slots = 0) <> (portfolio.missing_slots = 0)
    or (province.missing_slots = 0 and ({{ curve_columns('province') }}) is distinct from ({{ curve_columns('portfolio') }}))
