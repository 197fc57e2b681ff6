{# Half away from zero on exact decimals: 0.005 is 0.01 and -0.005 is -0.01. #}
{% macro half_up(value, places) -%}
    round(cast({{ value }} as numeric), {{ places }})
{%- endmacro %}

{# 1e-9 yuan to yuan with 2 decimals. Multiplied, which is exact; a division is itself rounded by PostgreSQL, so that
   123456789.004999996 would first be 123456789.00500000 and then 123456789.01. #}
{% macro nano_to_cny(value) -%}
    round(cast({{ value }} as numeric) * 0.000000001, 2)
{%- endmacro %}

{# Wh to MWh with 3 decimals; multiplied for the same reason. #}
{% macro wh_to_mwh(value) -%}
    round(cast({{ value }} as numeric) * 0.000001, 3)
{%- endmacro %}

{# Net of VAT inside a gross amount; VAT is gross less net, so the two always add up. #}
{% macro net_of_vat(gross, rate) -%}
    round({{ gross }} / (1 + {{ rate }}), 2)
{%- endmacro %}

{# numerator mod denominator, never negative; exact. #}
{% macro exact_remainder(numerator, denominator) -%}
    mod(
        mod(cast({{ numerator }} as numeric), cast({{ denominator }} as numeric)) + cast({{ denominator }} as numeric),
        cast({{ denominator }} as numeric)
    )
{%- endmacro %}

{# Share a whole `total` over rows with exact quotas numerator / denominator: each gets the floor of its quota,
   and what is left goes one by one to the largest remainders (ties by `order_by`). Σ = total, exactly,
   provided 0 <= total - Σ floor <= rows, which holds when total is Σ quotas or its rounding (design §5). #}
{% macro largest_remainder(numerator, denominator, total, partition_by, order_by) -%}
    {%- set remainder = exact_remainder(numerator, denominator) -%}
    {%- set floor = '((cast(' ~ numerator ~ ' as numeric) - ' ~ remainder ~ ') / ' ~ denominator ~ ')' -%}
    cast(
        {{ floor }} + case
            when row_number() over (partition by {{ partition_by }} order by {{ remainder }} / {{ denominator }} desc, {{ order_by }})
                <= {{ total }} - sum({{ floor }}) over (partition by {{ partition_by }})
                then 1
            else 0
        end
        as bigint
    )
{%- endmacro %}
