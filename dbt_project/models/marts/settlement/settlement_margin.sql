select
    margins.province,
    margins.delivery_month,
    margins.contract_id,
    margins.customer_id,
    margins.customer_name,
    margins.customer_name_en,
    margins.manager_username,
    margins.package_type,
    {{ wh_to_mwh('margins.energy_wh') }} as energy_mwh,
    {%- for side in settlement_sides() %}
        margins.{{ side }}_cny,
    {%- endfor %}
    margins.correction_cny,
    margins.margin_cny,
    {%- for amount in ['retail', 'wholesale', 'margin'] %}
        {{ half_up('margins.' ~ amount ~ '_cny * 1000000 / nullif(margins.energy_wh, 0)', 3) }} as {{ amount }}_cny_per_mwh,
    {%- endfor %}
    margins.is_illustrative,
    cast(margins.energy_wh as bigint) as energy_wh
from {{ ref('int_settlement_margin') }} as margins
where not margins.is_open_month
