{# Pricing of packages as one set-based statement. The expressions were built from checked formulas
   (ingestion/contract_templates/formula) and stored once per formula; the names in them are plain by a check of the
   database. Names of formulas begin with a letter, so the columns that begin with _ are ours.

   A pricing reads five models (`from`): `cases` with `keys` (what identifies a case) and `terms` (the package, as one
   column of cases, components and parameters); `components`; `parameters`; `inputs` by keys, name, period and account;
   `quantities` as pricing_quantities makes them. Requests and the settlement differ in these only. #}

{# The request of a run. #}
{% macro requested_pricing() -%}
    {{ return({
        'keys': {'run_id': 'bigint', 'case_id': 'text'},
        'terms': 'package_hash',
        'cases': 'int_pricing_case',
        'components': 'stg_package_component',
        'parameters': 'stg_package_parameter',
        'inputs': 'stg_pricing_input',
        'quantities': 'int_pricing_quantity',
    }) }}
{%- endmacro %}

{# The contract-months that are settled under packages. #}
{% macro settled_pricing() -%}
    {{ return({
        'keys': {'contract_id': 'text', 'delivery_month': 'date'},
        'terms': 'terms_id',
        'cases': 'int_retail_case',
        'components': 'int_retail_component',
        'parameters': 'int_retail_parameter',
        'inputs': 'int_retail_input',
        'quantities': 'int_retail_package_quantity',
    }) }}
{%- endmacro %}

{# a.key_1, a.key_2 #}
{% macro keys_of(from, alias) -%}
    {%- for key in from['keys'] -%}{{ alias }}.{{ key }}{{ ', ' if not loop.last }}{%- endfor -%}
{%- endmacro %}

{# a.key_1 = b.key_1 and a.key_2 = b.key_2 #}
{% macro same_case(from, left, right) -%}
    {%- for key in from['keys'] -%}{{ left }}.{{ key }} = {{ right }}.{{ key }}{{ ' and ' if not loop.last }}{%- endfor -%}
{%- endmacro %}

{# where-clause: cases of this session's run, or of all runs when the marts are made anew. Read without stg_run: making that
   view again, as dbt would for a pricing, drops every view over it. #}
{% macro priced_now(alias) -%}
    {%- if flags.FULL_REFRESH -%}
        true
    {%- else -%}
        {{ alias }}.run_id = cast(nullif(current_setting('wattledger.run_id', true), '') as bigint)
    {%- endif -%}
{%- endmacro %}

{# Distinct formulas of the cases at hand by level, as rows with text lists; none while dbt only parses. #}
{% macro pricing_formulas(from) -%}
    {%- set found -%}
        select
            components.level,
            components.formula_hash,
            components.result,
            components.sql_expression,
            components.names,
            components.origins,
            bool_or(components.covers <> '') as is_covering
        from {{ ref(from['components']) }} as components
        where components.{{ from['terms'] }} in (select cases.{{ from['terms'] }} from {{ ref(from['cases']) }} as cases)
        group by 1, 2, 3, 4, 5, 6
        order by 1, 2
    {%- endset -%}
    {{ return(run_query(found).rows if execute and flags.WHICH in ('build', 'run') else []) }}
{%- endmacro %}

{# Names of one origin in the formulas, each once. #}
{% macro pricing_names(formulas, origin) -%}
    {%- set names = [] -%}
    {%- for formula in formulas -%}
        {%- for place in range(formula['names'].split(',') | length) -%}
            {%- set name = formula['names'].split(',')[place] -%}
            {%- if formula['origins'].split(',')[place] == origin and name not in names -%}{%- do names.append(name) -%}{%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{# The energy of each line to come, by account. Components with a share get theirs in whole kWh per account and period by
   largest remainder, so that together they have all of it; the others act on all energy. No energy at all is one line
   without a quantity. #}
{% macro pricing_quantities(from) -%}
    with parts as (
        select {{ keys_of(from, 'cases') }}, components.component_no, components.grain, components.driver, components.share
        from {{ ref(from['cases']) }} as cases
        inner join {{ ref(from['components']) }} as components on cases.{{ from['terms'] }} = components.{{ from['terms'] }}
    ),

    energy as (
        select {{ keys_of(from, 'inputs') }}, inputs.name, inputs.period, inputs.account_id, inputs.value as energy_mwh
        from {{ ref(from['inputs']) }} as inputs
        inner join {{ ref(from['cases']) }} as cases on {{ same_case(from, 'inputs', 'cases') }}
        where inputs.name in ('q', 'hour_q')
    ),

    months as (
        select {{ keys_of(from, 'energy') }}, sum(energy.energy_mwh) as month_mwh
        from energy
        where energy.name = 'q'
        group by {{ keys_of(from, 'energy') }}
    ),

    cells as (
        select
            {{ keys_of(from, 'parts') }}, parts.component_no, parts.grain, parts.share,
            energy.period, coalesce(energy.account_id, 'all') as account_id, energy.energy_mwh
        from parts
        left join energy
            on {{ same_case(from, 'parts', 'energy') }}
            and parts.driver = energy.name
    ),

    shared as (
        select
            {{ keys_of(from, 'cells') }}, cells.component_no, cells.account_id,
            case when cells.grain = 'month' then 'all' else coalesce(cells.period, 'all') end as line_period,
            case
                when cells.share is null then cells.energy_mwh
                else cast({{ largest_remainder(
                    numerator='(cells.energy_mwh * 1000000000 * coalesce(cells.share, 1))',
                    denominator='1000000',
                    total='cells.energy_mwh * 1000',
                    partition_by=keys_of(from, 'cells')
                    ~ ', cells.account_id, cells.period, case when cells.share is null then cells.component_no end',
                    order_by='cells.component_no',
                ) }} as numeric) * 0.001
            end as energy_mwh
        from cells
    )

    select
        {{ keys_of(from, 'shared') }}, shared.component_no, shared.line_period, shared.account_id,
        sum(shared.energy_mwh) as energy_mwh,
        max(months.month_mwh) as month_mwh
    from shared
    left join months on {{ same_case(from, 'shared', 'months') }}
    group by {{ keys_of(from, 'shared') }}, shared.component_no, shared.line_period, shared.account_id
{%- endmacro %}

{# The whole statement. #}
{% macro pricing_lines(from) -%}
    {%- set formulas = pricing_formulas(from) -%}
    {%- if not formulas -%}
        {{ pricing_no_lines(from) }}
    {%- else -%}
        {%- set levels = formulas | map(attribute='level') | unique | list -%}
        with {{ pricing_cells(from, pricing_names(formulas, 'input'), pricing_names(formulas, 'parameter')) }}
        {%- for level in levels -%}
            {%- set branches = formulas | selectattr('level', 'equalto', level) | list -%}
            , {{ pricing_covered(from, level, levels[:loop.index0], branches) }}
            , raw_{{ level }} as (
                {%- for formula in branches %}
                    {{ pricing_branch(from, level, formula) }}
                    {{ 'union all' if not loop.last }}
                {%- endfor %}
            )
            , {{ pricing_priced(from, level) }}
        {%- endfor %}
        {% for level in levels %}
            select * from priced_{{ level }}
            {{ 'union all' if not loop.last }}
        {%- endfor %}
    {%- endif -%}
{%- endmacro %}

{# cast(null as type) as key, … #}
{% macro pricing_no_keys(from) -%}
    {%- for key, type in from['keys'].items() -%}cast(null as {{ type }}) as {{ key }}{{ ', ' if not loop.last }}{%- endfor -%}
{%- endmacro %}

{% macro pricing_no_lines(from) -%}
    select
        {{ pricing_no_keys(from) }}, cast(null as integer) as component_no,
        cast(null as text) as stage, cast(null as text) as line_period, cast(null as numeric) as energy_mwh,
        cast(null as numeric) as price_cny_per_mwh, cast(null as numeric) as factor, cast(null as numeric) as amount_cny,
        cast(null as text) as missing, cast(null as jsonb) as inputs
    where false
{%- endmacro %}

{# Long to wide: a column for each name. `keys` identify a row; a period's number is sought before the month's. #}
{% macro pricing_pivot(relation, names, prefix, keys, where) -%}
    select
        {%- for key in keys %} {{ key }},{% endfor %}
        {%- for name in names %}
            max(value) filter (where name = '{{ name }}') as "{{ prefix }}_{{ name }}",
        {%- endfor %}
        count(*) as numbers
    from {{ relation }}
    where {{ where }}
    group by {{ keys | join(', ') }}
{%- endmacro %}

{# The common table expressions up to `cells`: a row for each line to come, with every name that a formula may read. #}
{% macro pricing_cells(from, inputs, parameters) -%}
    {%- set keys = from['keys'] | list -%}
    {%- set terms = from['terms'] -%}
    components as (
        select
            {{ keys_of(from, 'cases') }}, parts.{{ terms }} as _terms, parts.component_no, parts.stage, parts.level,
            parts.sums_periods, parts.covers, parts.formula_hash, parts.result
        from {{ ref(from['cases']) }} as cases
        inner join {{ ref(from['components']) }} as parts on cases.{{ terms }} = parts.{{ terms }}
    )
    , given as (
        select given.*
        from {{ ref(from['inputs']) }} as given
        inner join {{ ref(from['cases']) }} as cases on {{ same_case(from, 'given', 'cases') }}
    )
    , month_inputs as ({{ pricing_pivot('given', inputs, 'in', keys, "period = 'all'") }})
    , period_inputs as ({{ pricing_pivot('given', inputs, 'in', keys + ['period'], "period <> 'all'") }})
    , month_fixed as ({{ pricing_pivot(ref(from['parameters']), parameters, 'pa', [terms, 'component_no'], "period = 'all'") }})
    , period_fixed as ({{ pricing_pivot(ref(from['parameters']), parameters, 'pa', [terms, 'component_no', 'period'], "period <> 'all'") }})
    , account_parts as (
        select {{ keys_of(from, 'parts') }}, parts.component_no, parts.line_period, parts.energy_mwh, parts.month_mwh
        from {{ ref(from['quantities']) }} as parts
    )
    , quantities as (
        select
            {{ keys_of(from, 'parts') }}, parts.component_no, parts.line_period, max(parts.month_mwh) as month_mwh,
            case when count(*) = count(parts.energy_mwh) then sum(parts.energy_mwh) end as energy_mwh
        from account_parts as parts
        group by {{ keys_of(from, 'parts') }}, parts.component_no, parts.line_period
    )
    , cells as (
        select
            components.*,
            {%- for name in inputs %}
            coalesce(period_inputs."in_{{ name }}", month_inputs."in_{{ name }}") as "in_{{ name }}",
            {%- endfor %}
            {%- for name in parameters %}
            coalesce(period_fixed."pa_{{ name }}", month_fixed."pa_{{ name }}") as "pa_{{ name }}",
            {%- endfor %}
            quantities.line_period,
            quantities.energy_mwh,
            quantities.month_mwh
        from components
        inner join quantities
            on {{ same_case(from, 'components', 'quantities') }}
            and components.component_no = quantities.component_no
        left join month_inputs on {{ same_case(from, 'components', 'month_inputs') }}
        left join period_inputs
            on {{ same_case(from, 'components', 'period_inputs') }}
            and quantities.line_period = period_inputs.period
        left join month_fixed
            on components._terms = month_fixed.{{ terms }} and components.component_no = month_fixed.component_no
        left join period_fixed
            on components._terms = period_fixed.{{ terms }}
            and components.component_no = period_fixed.component_no
            and quantities.line_period = period_fixed.period
    )
{%- endmacro %}

{# Fees so far of the stages that a component covers; unknown as soon as one of them is. #}
{% macro pricing_covered(from, level, lower, branches) -%}
    covered_{{ level }} as (
        {%- if lower and branches | selectattr('is_covering') | list %}
        select
            {{ keys_of(from, 'components') }}, components.component_no,
            case when count(*) = count(done.amount_cny) then sum(done.amount_cny) end as covered_cny
        from components
        inner join (
            {%- for one in lower %}
            select {{ from['keys'] | join(', ') }}, stage, amount_cny from priced_{{ one }} {{ 'union all' if not loop.last }}
            {%- endfor %}
        ) as done
            on {{ same_case(from, 'components', 'done') }}
            and done.stage = any(string_to_array(components.covers, ','))
        where components.level = {{ level }}
        group by {{ keys_of(from, 'components') }}, components.component_no
        {%- else %}
        select
            {{ pricing_no_keys(from) }}, cast(null as integer) as component_no, cast(null as numeric) as covered_cny
        where false
        {%- endif %}
    )
{%- endmacro %}

{# All lines of one formula. What is missing is named; nothing missing and still no value is a division by zero. #}
{% macro pricing_branch(from, level, formula) -%}
    {%- set names = formula['names'].split(',') if formula['names'] else [] -%}
    {%- set origins = formula['origins'].split(',') -%}
    {%- set computed = {'q': 'cells.energy_mwh', 'q_month': 'cells.month_mwh', 'covered_fee': 'covered.covered_cny'} -%}
    select
        {% for key in from['keys'] %}_{{ key }}, {% endfor %}_component_no, _line_period, _energy_mwh, _covered_cny,
        {% if names -%}
        case when num_nulls({% for name in names %}"{{ name }}"{{ ', ' if not loop.last }}{% endfor %}) = 0 then {{ formula['sql_expression'] }} end
        {%- else -%}
        {{ formula['sql_expression'] }}
        {%- endif %} as _value,
        concat_ws(
            ', ', null
            {%- if formula['result'] == 'price' and 'q' not in names %}, case when _energy_mwh is null then 'q' end{% endif %}
            {%- for name in names %}, case when "{{ name }}" is null then '{{ name }}' end{% endfor -%}
        ) as _missing,
        jsonb_build_object({% for name in names %}'{{ name }}', cast("{{ name }}" as text){{ ', ' if not loop.last }}{% endfor %}) as _inputs
    from (
        select
            {% for key in from['keys'] %}cells.{{ key }} as _{{ key }}, {% endfor %}cells.component_no as _component_no,
            cells.line_period as _line_period, cells.energy_mwh as _energy_mwh, covered.covered_cny as _covered_cny
            {%- for name in names %},
            {{ computed[name] if origins[loop.index0] == 'computed' else 'cells."' ~ ('in_' if origins[loop.index0] == 'input' else 'pa_') ~ name ~ '"' }} as "{{ name }}"
            {%- endfor %}
        from cells
        left join covered_{{ level }} as covered
            on {{ same_case(from, 'cells', 'covered') }}
            and cells.component_no = covered.component_no
        where cells.level = {{ level }} and cells.formula_hash = '{{ formula['formula_hash'] }}'
    ) as named
{%- endmacro %}

{# What a price charges for energy: the price as printed, once per account and line, half up to the fen. #}
{% macro charged(price, energy_mwh) -%}
    round({{ price }} * {{ energy_mwh }}, 2)
{%- endmacro %}

{# Values to prices and amounts. Components that sum their periods are added before the one rounding; a price is charged
   to each account. #}
{% macro pricing_priced(from, level) -%}
    summed_{{ level }} as (
        select
            {{ keys_of(from, 'components') }}, components.component_no, components.stage, components.result,
            case when components.sums_periods then 'all' else raw._line_period end as line_period,
            case when count(*) = count(raw._energy_mwh) then sum(raw._energy_mwh) end as energy_mwh,
            case when count(*) = count(raw._value) then sum(raw._value) end as value,
            max(raw._covered_cny) as covered_cny,
            string_agg(distinct nullif(raw._missing, ''), ', ') as missing,
            case when count(*) = 1 then (array_agg(raw._inputs))[1] end as inputs
        from raw_{{ level }} as raw
        inner join components
            on {% for key in from['keys'] %}raw._{{ key }} = components.{{ key }} and {% endfor %}raw._component_no = components.component_no
        group by {{ keys_of(from, 'components') }}, components.component_no, components.stage, components.result, line_period
    )
    , charged_{{ level }} as (
        select
            {{ keys_of(from, 'lines') }}, lines.component_no, lines.line_period,
            sum({{ charged('round(lines.value, 3)', 'parts.energy_mwh') }}) as amount_cny
        from summed_{{ level }} as lines
        inner join account_parts as parts
            on {{ same_case(from, 'lines', 'parts') }}
            and lines.component_no = parts.component_no
            and lines.line_period = parts.line_period
        where lines.result = 'price' and lines.energy_mwh is not null
        group by {{ keys_of(from, 'lines') }}, lines.component_no, lines.line_period
    )
    , priced_{{ level }} as (
        select
            {{ keys_of(from, 'lines') }}, lines.component_no, lines.stage, lines.line_period, lines.energy_mwh,
            case when lines.result = 'price' then round(lines.value, 3) end as price_cny_per_mwh,
            case when lines.result = 'factor' then round(lines.value, 6) end as factor,
            case lines.result
                when 'price' then charged.amount_cny
                when 'fee' then round(lines.value, 2)
                else round(lines.covered_cny * lines.value, 2) - lines.covered_cny
            end as amount_cny,
            coalesce(lines.missing, case when lines.value is null then 'a quotient whose divisor is 0' end) as missing,
            lines.inputs
        from summed_{{ level }} as lines
        left join charged_{{ level }} as charged
            on {{ same_case(from, 'lines', 'charged') }}
            and lines.component_no = charged.component_no
            and lines.line_period = charged.line_period
    )
{%- endmacro %}
