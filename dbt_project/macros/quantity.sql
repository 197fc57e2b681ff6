{# Power quantity distribution (domain §1.2): whole kWh by largest remainder over cells that are counted, not listed. Cells of
   the same quota are one row with their number, so that a contract's month is some hundred rows and never 744. #}

{# whole part of the quota numerator / denominator, both not negative; exact #}
{% macro quota_floor(numerator, denominator) -%}
    div(cast({{ numerator }} as numeric), cast({{ denominator }} as numeric))
{%- endmacro %}

{# The first 24 decimals of a quota's remainder as a whole number. Equal remainders give equal numbers whatever their
   denominators, which a rounded quotient does not promise, so that ties are ties. #}
{% macro quota_remainder(numerator, denominator) -%}
    div(
        mod(cast({{ numerator }} as numeric), cast({{ denominator }} as numeric)) * 1000000000000000000000000,
        cast({{ denominator }} as numeric)
    )
{%- endmacro %}

{# h01 … h24: the sums of (hour, value) rows side by side; an hour without a row is 0 #}
{% macro hours_spread(alias, value) -%}
    {%- for column in hour_columns() -%}
        cast(coalesce(sum({{ value }}) filter (where {{ alias }}.hour = {{ loop.index }}), 0) as integer) as {{ column }}
        {{- ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# h01 … h24: the sum of two sets of hours, of which either may be absent #}
{% macro hours_added(left, right) -%}
    {%- for column in hour_columns() -%}
        coalesce({{ left }}.{{ column }}, 0) + coalesce({{ right }}.{{ column }}, 0) as {{ column }}
        {{- ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# whole kWh to MWh with 3 decimals, exact #}
{% macro kwh_to_mwh(value) -%}
    cast(cast({{ value }} as numeric) * 0.001 as numeric(16, 3))
{%- endmacro %}

{# the time-of-use periods of the day templates that follow the province's table: sharp is peak time, deep valley valley time #}
{% macro template_periods() -%}
    {{ return({'D2': ['sharp', 'peak'], 'D3': ['flat'], 'D4': ['valley', 'deep_valley']}) }}
{%- endmacro %}

{# A short name for a combination of values. Unlike `digest` it keeps them apart whatever characters they hold. #}
{% macro name_of(values) -%}
    md5(cast(json_build_array({{ values | join(', ') }}) as text))
{%- endmacro %}
