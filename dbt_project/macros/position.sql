{# Rates of positions against actual energy (domain §7, §8), shares of one with 6 decimals; NULL when the base is 0.
   deviation = Σ over hours of |actual - day-ahead| (int_position_day); signed deviation = Σ (actual - day-ahead). #}
{% macro position_rate(quantity, base) -%}
    round(cast({{ quantity }} as numeric) / nullif({{ base }}, 0), 6)
{%- endmacro %}
