select
    months.province,
    months.delivery_month,
    {{ wh_to_mwh('months.energy_wh') }} as energy_mwh,
    {%- for side in settlement_sides() %}
        months.{{ side }}_cny,
    {%- endfor %}
    months.correction_cny,
    months.margin_cny,
    months.purchase_mean_cny_per_mwh,
    months.sales_mean_cny_per_mwh,
    months.spread_cny_per_mwh,
    months.deviation_rate,
    months.is_illustrative,
    months.run_id,
    months.run_id is not null as is_closed,
    months.energy_wh
from {{ ref('int_settlement_month') }} as months
where not months.is_open_month
