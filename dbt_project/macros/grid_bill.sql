{# What a rule pack says at a path, e.g. 'tariff.line_loss_rate'; NULL where it says nothing. `type` none: as JSON. #}
{% macro pack_value(pack, path, type=none) -%}
    {%- set steps = path.split('.') | map('tojson') | map('replace', '"', "'") | join(', ') -%}
    {%- if type is none -%}
        jsonb_extract_path({{ pack }}.body, {{ steps }}, 'value')
    {%- else -%}
        cast(jsonb_extract_path_text({{ pack }}.body, {{ steps }}, 'value') as {{ type }})
    {%- endif -%}
{%- endmacro %}

{# Items that are parts of system operation where a rule says nothing of themselves (domain §4.4). #}
{% macro system_parts() -%}
    ('system_operation', 'capacity_compensation', 'pumped_storage', 'coal_capacity', 'ancillary')
{%- endmacro %}

{# Energy at an account's line-loss rate where no price of the loss is published: P·r/(1 − r), six decimals. #}
{% macro line_loss_price(price, rate) -%}
    {{ half_up(price ~ ' * ' ~ rate ~ ' / (1 - ' ~ rate ~ ')', 6) }}
{%- endmacro %}

{# pf = P/√(P² + Q²) to two decimals, half up, without a root: the hundredths h up to the pf are those with
   (2h − 1)²·(P² + Q²) <= (200·P)². NULL where one is not known, or there is neither. #}
{% macro power_factor(active, reactive) -%}
    case
        when {{ active }} + {{ reactive }} > 0 then
            cast(
                (
                    select count(*)
                    from generate_series(1, 100) as hundredth (h)
                    where
                        (2 * hundredth.h - 1) * (2 * hundredth.h - 1)
                        * (cast({{ active }} as numeric) * {{ active }} + cast({{ reactive }} as numeric) * {{ reactive }})
                        <= 40000 * cast({{ active }} as numeric) * {{ active }}
                ) as numeric
            ) / 100
    end
{%- endmacro %}

{# kV of a voltage as people write it: 10kV, 0.4 kV, 380V, 35千伏; NULL for the name of a band and for anything else. #}
{% macro kilovolts(voltage) -%}
    case
        when {{ voltage }} ~* '^\s*\d+(\.\d+)?\s*(kv|千伏)\s*$' then cast(substring({{ voltage }} from '\d+(?:\.\d+)?') as numeric)
        when {{ voltage }} ~* '^\s*\d+(\.\d+)?\s*(v|伏)\s*$' then cast(substring({{ voltage }} from '\d+(?:\.\d+)?') as numeric) / 1000
    end
{%- endmacro %}
