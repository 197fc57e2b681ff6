{# Load indices (domain §7) as shares of one with 6 decimals; a zero or negative denominator gives NULL, never 0. #}

{% macro index_rate(numerator, denominator) -%}
    cast(
        round(
            case when {{ denominator }} > 0 then cast({{ numerator }} as numeric) / ({{ denominator }}) end, 6
        ) as numeric(16, 6)
    )
{%- endmacro %}

{# σ/μ of n values from Σx and Σx², population σ: √(n·Σx² - (Σx)²) / Σx. #}
{% macro variation_rate(n, total, squares) -%}
    cast(
        round(
            case
                when {{ total }} > 0
                    then sqrt(greatest({{ n }} * cast({{ squares }} as numeric) - cast({{ total }} as numeric) * {{ total }}, 0)) / {{ total }}
            end,
            6
        ) as numeric(16, 6)
    )
{%- endmacro %}

{# Pearson: (n·Σxy - Σx·Σy) / √((n·Σx² - (Σx)²)(n·Σy² - (Σy)²)); NULL for a constant series. #}
{% macro pearson_rate(n, x, y, xx, yy, xy) -%}
    {%- set covariance = '(' ~ n ~ ' * ' ~ xy ~ ' - ' ~ x ~ ' * ' ~ y ~ ')' -%}
    {%- set left = '(' ~ n ~ ' * ' ~ xx ~ ' - ' ~ x ~ ' * ' ~ x ~ ')' -%}
    {%- set right = '(' ~ n ~ ' * ' ~ yy ~ ' - ' ~ y ~ ' * ' ~ y ~ ')' -%}
    cast(
        round(
            case when {{ left }} > 0 and {{ right }} > 0 then {{ covariance }} / (sqrt({{ left }}) * sqrt({{ right }})) end, 6
        ) as numeric(8, 6)
    )
{%- endmacro %}

{# Cosine of two vectors from their products: a·b / (|a| |b|); NULL when one is zero. #}
{% macro cosine_rate(aa, ab, bb) -%}
    cast(
        round(case when {{ aa }} > 0 and {{ bb }} > 0 then ({{ ab }}) / (sqrt({{ aa }}) * sqrt({{ bb }})) end, 6)
        as numeric(8, 6)
    )
{%- endmacro %}
