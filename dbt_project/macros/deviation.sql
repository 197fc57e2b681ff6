{# Deviation charges, domain §3 and §4.2. `clause` is the alias of a row with, per side (down, up): <side>_band_rate,
   <side>_price_cny_per_mwh and, where there is a second step, <side>_second_band_rate and
   <side>_second_price_cny_per_mwh. A side without a band is free. #}

{# The charge in yuan, rounded once, half up: the quantity beyond each band times that step's price, times the share.
   NULL when one of the quantities is unknown. #}
{% macro deviation_charge(actual, contract, clause, share='1') -%}
    case
        when {{ actual }} is not null and {{ contract }} is not null
            then
                round(
                    (
                        {{ deviation_side(actual ~ ' - ' ~ contract, contract, clause, 'up') }}
                        + {{ deviation_side(contract ~ ' - ' ~ actual, contract, clause, 'down') }}
                    ) * {{ share }}, 2
                )
    end
{%- endmacro %}

{# One side, unrounded: `excess` is how far use is beyond the contract on that side (negative on the other one). #}
{% macro deviation_side(excess, contract, clause, side) -%}
    {%- set terms = clause ~ '.' ~ side -%}
    {%- set band = contract ~ ' * ' ~ terms ~ '_band_rate' -%}
    {%- set second = contract ~ ' * ' ~ terms ~ '_second_band_rate' -%}
    case
        when {{ terms }}_band_rate is null then 0
        when {{ terms }}_second_band_rate is null
            then {{ priced(excess ~ ' - ' ~ band, terms ~ '_price_cny_per_mwh') }}
        else
            {{ priced('least(' ~ excess ~ ', ' ~ second ~ ') - ' ~ band, terms ~ '_price_cny_per_mwh') }}
            + {{ priced(excess ~ ' - ' ~ second, terms ~ '_second_price_cny_per_mwh') }}
    end
{%- endmacro %}

{# What is beyond the band costs its price. The price is only needed where something is; missing there, the amount is
   NULL, never 0. #}
{% macro priced(beyond, price) -%}
    case when {{ beyond }} <= 0 then 0 else ({{ beyond }}) * {{ price }} end
{%- endmacro %}

{# The columns of a clause that are bands and prices, as delivered. #}
{% macro deviation_terms() -%}
    {{ return([
        'down_band_rate', 'down_price', 'down_second_band_rate', 'down_second_price',
        'up_band_rate', 'up_price', 'up_second_band_rate', 'up_second_price',
    ]) }}
{%- endmacro %}

{# Bands, and prices in yuan/MWh with 3 decimals: as delivered, or the share of the series' mean, by price_basis. #}
{% macro printed_terms(clause, mean_price) -%}
    {%- for column in deviation_terms() -%}
        {%- if column.endswith('_price') -%}
            case {{ clause }}.price_basis
                when 'cny_per_mwh' then round({{ clause }}.{{ column }}, 3)
                when 'rate_of_series' then round({{ clause }}.{{ column }} * {{ mean_price }}, 3)
            end as {{ column }}_cny_per_mwh
        {%- else -%}
            {{ clause }}.{{ column }}
        {%- endif -%}
        {{ ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
