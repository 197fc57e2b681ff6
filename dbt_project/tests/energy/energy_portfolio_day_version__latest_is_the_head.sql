-- the last known portfolio of a day is the sum of its contracts, slot by slot
with latest as (
    select distinct on (versions.province, versions.delivery_on) versions.*
    from {{ ref('energy_portfolio_day_version') }} as versions
    order by versions.province, versions.delivery_on, versions.known_at desc
)

select
    heads.province,
    heads.delivery_on
from {{ ref('int_province_day_curve') }} as heads
left join latest
    on
        heads.province = latest.province
        and heads.delivery_on = latest.delivery_on
where
    latest.province is null
    {%- for slot in slot_columns() %}
        or (heads.missing_slots = 0 and heads.{{ slot }} <> latest.{{ slot }})
    {%- endfor %}
