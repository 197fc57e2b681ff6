{# The only place where SQL is written per slot: 96 columns p01 ... p96 (design §3). #}

{% macro slot_columns() -%}
    {%- set names = [] -%}
    {%- for slot in range(1, 97) -%}{%- do names.append('p%02d' % slot) -%}{%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{% macro hour_columns() -%}
    {%- set names = [] -%}
    {%- for hour in range(1, 25) -%}{%- do names.append('h%02d' % hour) -%}{%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{# a.p01, ..., a.p96 #}
{% macro curve_columns(alias) -%}
    {%- for column in slot_columns() %}{{ alias }}.{{ column }}{{ ', ' if not loop.last }}{% endfor -%}
{%- endmacro %}

{# a.h01, ..., a.h24 #}
{% macro hour_list(alias) -%}
    {%- for column in hour_columns() %}{{ alias }}.{{ column }}{{ ', ' if not loop.last }}{% endfor -%}
{%- endmacro %}

{# p01 … p96 without a value, int8 #}
{% macro curve_unknown() -%}
    {%- for column in slot_columns() %}cast(null as bigint) as {{ column }}{{ ',\n    ' if not loop.last }}{% endfor -%}
{%- endmacro %}

{# Sum over the present slots, int8. `slots` picks slot numbers; none of them gives 0. #}
{% macro curve_sum(alias, slots=none) -%}
    {%- set chosen = range(1, 97) if slots is none else slots -%}
    cast(0 as bigint){% for slot in chosen %} + coalesce({{ alias }}.{{ 'p%02d' % slot }}, 0){% endfor %}
{%- endmacro %}

{# How many of the 96 slots are missing. #}
{% macro curve_missing(alias) -%}
    {%- for column in slot_columns() -%}
        case when {{ alias }}.{{ column }} is null then 1 else 0 end{{ ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# Sum over slots of Wh x 0.001 yuan/MWh = 1e-9 yuan, exact in int8. A price is only needed where there is energy;
   a missing price there makes the whole amount NULL, never smaller. #}
{% macro curve_dot(quantity, price) -%}
    {%- for column in slot_columns() -%}
        case when {{ quantity }}.{{ column }} = 0 then 0
        else cast({{ quantity }}.{{ column }} as bigint) * {{ price }}.{{ column }} end{{ '\n        + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# Aggregate curves slot by slot: sum(a.p01) as p01, ... in int8 (sum of int8 is numeric in PostgreSQL). #}
{% macro curve_total(alias) -%}
    {%- for column in slot_columns() -%}
        cast(sum({{ alias }}.{{ column }}) as bigint) as {{ column }}{{ ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# p01 … p96 as running totals; NULL in a slot that any member still counted does not know (see the m columns). #}
{% macro curve_running_total(alias, window) -%}
    {%- for column in slot_columns() -%}
        case
            when sum({{ alias }}.{{ column | replace('p', 'm') }}) over {{ window }} = 0
                then cast(sum({{ alias }}.{{ column }}) over {{ window }} as bigint)
        end as {{ column }}{{ ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# p01 … p96: the sum of the known values times `weight`; m01 … m96: the sum of `presence` over the missing ones. #}
{% macro curve_weighted_total(alias, weight, presence) -%}
    {%- for column in slot_columns() -%}
        cast(coalesce(sum(cast({{ alias }}.{{ column }} as bigint) * {{ weight }}), 0) as bigint) as {{ column }},
        sum(case when {{ alias }}.{{ column }} is null then {{ presence }} else 0 end) as {{ column | replace('p', 'm') }}
        {{- ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# import - export where export counts; a slot missing in a channel that counts is missing. Landed slots are 0 or more, so that
   the difference stays in int4, whose sums are int8: those of int8 would be numeric, which is slow. #}
{% macro curve_net(imported, exported, is_netted) -%}
    {%- for column in slot_columns() -%}
        {{ imported }}.{{ column }} - case when {{ is_netted }} then {{ exported }}.{{ column }} else 0 end as {{ column }}
        {{- ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# (slot, value) rows of one curve, for charts, for naming single slots, and for rules by the hour over a province's few
   curves; never for those of points or contracts. `costs` adds the quarter of c01 ... c24 that falls on the slot. #}
{% macro curve_rows(curves, costs=[]) -%}
    (values
        {%- for column in slot_columns() %}
        {%- set hour = 'c%02d' % (loop.index0 // 4 + 1) %}
        ({{ loop.index }}
            {%- for alias in curves %}, {{ alias }}.{{ column }}{% endfor -%}
            {%- for alias in costs %}, {{ alias }}.{{ hour }} / 4{% endfor -%}
        ){{ ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{# p01 … p96 from rows (slot, value) of one group. #}
{% macro rows_curve(slot, value) -%}
    {%- for column in slot_columns() -%}
        max({{ value }}) filter (where {{ slot }} = {{ loop.index }}) as {{ column }}{{ ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# p01 … p96 that a day settles by: the price in the place of suspended spot, else where hours settle the mean of the four
   quarters, else the price itself. #}
{% macro settled_prices(base, suspended, granularity) -%}
    {%- for column in slot_columns() -%}
        {%- set first = loop.index0 // 4 * 4 + 1 -%}
        case
            when {{ loop.index }} between {{ suspended }}.first_slot and {{ suspended }}.last_slot then {{ suspended }}.{{ column }}
            when {{ granularity }} = 24
                then cast(round(cast(
                    {%- for slot in range(first, first + 4) %}{{ base }}.{{ 'p%02d' % slot }}{{ ' + ' if not loop.last }}{% endfor %} as numeric
                ) / 4, 0) as integer)
            else {{ base }}.{{ column }}
        end as {{ column }}{{ ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# c01 … c24 of an alias. #}
{% macro hour_costs(alias) -%}
    {%- for column in hour_columns() %}{{ alias }}.{{ column | replace('h', 'c') }}{{ ', ' if not loop.last }}{% endfor -%}
{%- endmacro %}

{# c01 … c24: kWh of the hour x its price in yuan/MWh, added up with a weight per row, in 1e-9 yuan; int8. #}
{% macro hours_cost_total(alias, weight, price) -%}
    {%- for column in hour_columns() -%}
        cast(sum({{ alias }}.{{ column }} * {{ weight }} * {{ price }} * 1000000) as bigint) as {{ column | replace('h', 'c') }}
        {{- ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# 24 hours in kWh to 96 slots in Wh: each hour in four equal parts, exact because kWh x 1000 / 4 = kWh x 250. #}
{% macro hours_to_slots(alias) -%}
    {%- for column in slot_columns() -%}
        cast({{ alias }}.{{ hour_columns()[loop.index0 // 4] }} as bigint) * 250 as {{ column }}{{ ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# Aggregate hours with a weight per row (+1 or -1), int8. #}
{% macro hours_weighted_total(alias, weight) -%}
    {%- for column in hour_columns() -%}
        cast(sum(cast({{ alias }}.{{ column }} as bigint) * {{ weight }}) as bigint) as {{ column }}
        {{- ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# Running total of hours in the order of a window. #}
{% macro hours_running_total(alias, window) -%}
    {%- for column in hour_columns() -%}
        cast(sum({{ alias }}.{{ column }}) over {{ window }} as bigint) as {{ column }}{{ ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# Sum of 24 hours, int8, in the unit of the columns. #}
{% macro hours_sum(alias) -%}
    cast(0 as bigint){% for column in hour_columns() %} + {{ alias }}.{{ column }}{% endfor %}
{%- endmacro %}

{# Sum over hours of |a - b|, each hour the sum of its four slots. NULL when a slot of either is missing. #}
{% macro curve_hourly_distance(left, right) -%}
    {%- for hour in range(24) -%}
        abs(
        {%- for slot in range(hour * 4 + 1, hour * 4 + 5) -%}
            {%- set column = 'p%02d' % slot -%}
            {{ left }}.{{ column }} - {{ right }}.{{ column }}{{ ' + ' if not loop.last }}
        {%- endfor -%}
        ){{ '\n        + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
