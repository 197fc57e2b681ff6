{# True where no other statement of the province and month took the place of the one that the line is of. #}
{% macro is_not_replaced(line) -%}
    not exists (
        select 1
        from head as replacing
        where
            replacing.replaces_statement_no = {{ line }}.statement_no
            and replacing.statement_no <> {{ line }}.statement_no
            and replacing.province = {{ line }}.province
            and replacing.delivery_month = {{ line }}.delivery_month
    )
{%- endmacro %}

{# Who states the lines of a side: the grid company what customers pay, the trading centre what is settled with the market. #}
{% macro statement_party(side) -%}
    case
        when {{ side }} in ('retail', 'pass_through') then 'grid_company'
        when {{ side }} in ('wholesale', 'recovery', 'operation') then 'trading_centre'
    end
{%- endmacro %}

{# What makes one line of a reconciliation, beside the period. #}
{% macro reconciliation_key(alias) -%}
    {{ alias }}.party, {{ alias }}.province, {{ alias }}.delivery_month, {{ alias }}.side, {{ alias }}.subject_type,
    {{ alias }}.subject_id, {{ alias }}.component, {{ alias }}.line_kind
{%- endmacro %}

{% macro same_reconciliation(left, right) -%}
    {{ left }}.party = {{ right }}.party
    and {{ left }}.province = {{ right }}.province
    and {{ left }}.delivery_month = {{ right }}.delivery_month
    and {{ left }}.side = {{ right }}.side
    and {{ left }}.subject_type = {{ right }}.subject_type
    and {{ left }}.subject_id = {{ right }}.subject_id
    and {{ left }}.component = {{ right }}.component
    and {{ left }}.line_kind = {{ right }}.line_kind
{%- endmacro %}

{# The day `days` working days after a day; NULL where the holidays of that time are not known. #}
{% macro working_days_after(day, days) -%}
    (
        select min(later.delivery_on)
        from {{ ref('int_working_day') }} as later
        inner join {{ ref('int_working_day') }} as counted on counted.delivery_on = {{ day }}
        where later.working_no = counted.working_no + {{ days }} and later.is_working_day
    )
{%- endmacro %}

{# Side and component of an item of the trading centre (stg_market_item). #}
{% macro market_item_side(item) -%}
    case {{ item }}.item_kind when 'recovery_return' then 'recovery' else 'operation' end
{%- endmacro %}

{% macro market_item_component(item) -%}
    {{ item }}.item_kind
    || '_'
    || {{ item }}.item_code
    || case when {{ item }}.payee = 'retailer' then '' else '.' || {{ item }}.payee end
{%- endmacro %}

{# A column of one side; where it has no line and the other's is of nothing, the other's. #}
{% macro or_nothing(whose, other, column) -%}
    case
        when {{ whose }}.party is null and {{ other }}.amount_cny = 0 and coalesce({{ other }}.quantity_mwh, 0) = 0
            then {{ other }}.{{ column }}
        else {{ whose }}.{{ column }}
    end
{%- endmacro %}
