{# an arithmetic identity of a row; NULL (something unknown) is not a violation #}
{% test holds(model, expression) %}
    select *
    from {{ model }}
    where not ({{ expression }})
{% endtest %}
