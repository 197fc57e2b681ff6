{# The sides of a settlement line. Positive = payable to the retailer on retail and income lines, by it on the others. #}
{% macro settlement_sides() -%}
    {{ return(['retail', 'wholesale', 'recovery', 'operation', 'income']) }}
{%- endmacro %}

{# What a line adds to the margin; a charge passed on adds nothing. #}
{% macro signed_amount(alias) -%}
    case
        when {{ alias }}.side in ('retail', 'income') then {{ alias }}.amount_cny
        when {{ alias }}.side = 'pass_through' then 0
        else -{{ alias }}.amount_cny
    end
{%- endmacro %}

{# Columns that a line has in the books, whatever it corrects; the ledger keeps each of them. #}
{% macro line_measures() -%}
    {{ return([
        'side', 'contract_id', 'account_id', 'customer_id', 'component', 'tou_period', 'quantity_mwh', 'price_cny_per_mwh',
        'average_price_cny_per_mwh', 'amount_cny', 'vat_rate', 'net_cny', 'vat_cny', 'pack_hash', 'is_illustrative', 'note',
    ]) }}
{%- endmacro %}

{# Whole months from one first of month to another. #}
{% macro months_between(first, last) -%}
    cast(
        (extract(year from {{ last }}) - extract(year from {{ first }})) * 12
        + extract(month from {{ last }}) - extract(month from {{ first }})
        as integer
    )
{%- endmacro %}
