{# Words of load analysis for people; numbers in texts have thousands commas and no unit of their own. #}

{% macro day_type_zh(column) -%}
    case {{ column }} when 'workday' then '工作日' when 'weekend' then '周末' when 'holiday' then '节假日' when 'saturday' then '周六' when 'sunday' then '周日' end
{%- endmacro %}

{% macro day_type_en(column) -%}
    case {{ column }} when 'workday' then 'workdays' when 'weekend' then 'weekend days' when 'holiday' then 'holidays' when 'saturday' then 'Saturdays'
        when 'sunday' then 'Sundays' end
{%- endmacro %}

{# 0.1234 is 12.3 #}
{% macro percent_text(rate) -%}
    to_char(round(cast({{ rate }} as numeric) * 100, 1), 'FM999,999,990.0')
{%- endmacro %}

{# the END label of a slot: slot 1 is 00:15, slot 96 is 24:00; slot 0 is 00:00, the begin of the day #}
{% macro slot_label(slot) -%}
    lpad(cast(({{ slot }}) / 4 as text), 2, '0') || ':' || lpad(cast(({{ slot }}) % 4 * 15 as text), 2, '0')
{%- endmacro %}

{# a number with thousands commas and fixed decimals #}
{% macro number_text(value, places) -%}
    to_char(round(cast({{ value }} as numeric), {{ places }}), 'FM999,999,999,990{{ '.' ~ '0' * places if places }}')
{%- endmacro %}

{# the sentence of a hint with its numbers in the places of {quantity}, {rate}, {value} and {contract} #}
{% macro hint_text(sentence, hint) -%}
    replace(replace(replace(replace(
        {{ sentence }},
        '{quantity}', {{ number_text(hint ~ '.quantity', 0) }}),
        '{rate}', coalesce({{ percent_text(hint ~ '.rate') }}, '')),
        '{value}', coalesce({{ number_text(hint ~ '.value_cny', 2) }}, '')),
        '{contract}', coalesce({{ hint }}.contract_id, '')
    )
{%- endmacro %}

{# a finding's number as it is read out: a share in per cent, hours to the quarter, kWh and kW whole #}
{% macro finding_number(value, unit) -%}
    case {{ unit }}
        when 'share' then {{ percent_text(value) }} when 'hours' then {{ number_text(value, 2) }}
        else {{ number_text(value, 0) }}
    end
{%- endmacro %}

{# the sentence of a finding with its numbers and day type in place #}
{% macro finding_text(sentence, found, type) -%}
    replace(replace(replace(replace(replace(replace(
        {{ sentence }},
        '{actual}', {{ finding_number(found ~ '.actual_value', found ~ '.unit') }}),
        '{expected}', {{ finding_number(found ~ '.expected_value', found ~ '.unit') }}),
        '{change}', coalesce(
            {{ percent_text('abs(' ~ found ~ '.actual_value - ' ~ found ~ '.expected_value) / nullif(abs(' ~ found ~ '.expected_value), 0)') }}, ''
        )),
        '{type}', {{ type }}),
        '{from}', coalesce({{ slot_label(found ~ '.idle_from_slot - 1') }}, '')),
        '{night_end}', {{ slot_label(night_slots() | length) }}
    )
{%- endmacro %}
