{# A province's Chinese name for a message; its code when the project does not know one. #}
{% macro province_zh(column) -%}
    case {{ column }}
        {%- for code, name in var('province_names_zh').items() %} when '{{ code }}' then '{{ name }}'{% endfor %}
        else {{ column }}
    end
{%- endmacro %}
