{# A province's name for a message in Chinese or English; its code when the project does not know one. #}
{% macro province_zh(column) -%}
    {{ province_name(column, var('province_names_zh')) }}
{%- endmacro %}

{% macro province_en(column) -%}
    {{ province_name(column, var('province_names_en')) }}
{%- endmacro %}

{% macro province_name(column, names) -%}
    case {{ column }}
        {%- for code, name in names.items() %} when '{{ code }}' then '{{ name }}'{% endfor %}
        else {{ column }}
    end
{%- endmacro %}
