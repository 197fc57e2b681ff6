{# Pricing of packages as one set-based statement. The expressions were built from checked formulas
   (ingestion/contract_templates/formula) and stored once per formula; the names in them are plain by a check of the
   database. Names of formulas begin with a letter, so the columns that begin with _ are ours. #}

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
{% macro pricing_formulas() -%}
    {%- set found -%}
        select
            components.level,
            components.formula_hash,
            components.result,
            components.sql_expression,
            components.names,
            components.origins,
            bool_or(components.covers <> '') as is_covering
        from {{ ref('stg_package_component') }} as components
        where components.package_hash in (select cases.package_hash from {{ ref('int_pricing_case') }} as cases)
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

{# The whole statement. #}
{% macro pricing_lines() -%}
    {%- set formulas = pricing_formulas() -%}
    {%- if not formulas -%}
        {{ pricing_no_lines() }}
    {%- else -%}
        {%- set levels = formulas | map(attribute='level') | unique | list -%}
        with {{ pricing_cells(pricing_names(formulas, 'input'), pricing_names(formulas, 'parameter')) }}
        {%- for level in levels -%}
            {%- set branches = formulas | selectattr('level', 'equalto', level) | list -%}
            , {{ pricing_covered(level, levels[:loop.index0], branches) }}
            , raw_{{ level }} as (
                {%- for formula in branches %}
                    {{ pricing_branch(level, formula) }}
                    {{ 'union all' if not loop.last }}
                {%- endfor %}
            )
            , {{ pricing_priced(level) }}
        {%- endfor %}
        {% for level in levels %}
            select * from priced_{{ level }}
            {{ 'union all' if not loop.last }}
        {%- endfor %}
    {%- endif -%}
{%- endmacro %}

{% macro pricing_no_lines() -%}
    select
        cast(null as bigint) as run_id, cast(null as text) as case_id, cast(null as integer) as component_no,
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
{% macro pricing_cells(inputs, parameters) -%}
    components as (
        select
            cases.run_id, cases.case_id, parts.package_hash, parts.component_no, parts.stage, parts.level,
            parts.sums_periods, parts.covers, parts.formula_hash, parts.result
        from {{ ref('int_pricing_case') }} as cases
        inner join {{ ref('stg_package_component') }} as parts on cases.package_hash = parts.package_hash
    )
    , given as (
        select given.*
        from {{ ref('stg_pricing_input') }} as given
        inner join {{ ref('int_pricing_case') }} as cases on given.run_id = cases.run_id and given.case_id = cases.case_id
    )
    , month_inputs as ({{ pricing_pivot('given', inputs, 'in', ['run_id', 'case_id'], "period = 'all'") }})
    , period_inputs as ({{ pricing_pivot('given', inputs, 'in', ['run_id', 'case_id', 'period'], "period <> 'all'") }})
    , month_fixed as ({{ pricing_pivot(ref('stg_package_parameter'), parameters, 'pa', ['package_hash', 'component_no'], "period = 'all'") }})
    , period_fixed as ({{ pricing_pivot(ref('stg_package_parameter'), parameters, 'pa', ['package_hash', 'component_no', 'period'], "period <> 'all'") }})
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
        inner join {{ ref('int_pricing_quantity') }} as quantities
            on components.run_id = quantities.run_id
            and components.case_id = quantities.case_id
            and components.component_no = quantities.component_no
        left join month_inputs
            on components.run_id = month_inputs.run_id and components.case_id = month_inputs.case_id
        left join period_inputs
            on components.run_id = period_inputs.run_id
            and components.case_id = period_inputs.case_id
            and quantities.line_period = period_inputs.period
        left join month_fixed
            on components.package_hash = month_fixed.package_hash and components.component_no = month_fixed.component_no
        left join period_fixed
            on components.package_hash = period_fixed.package_hash
            and components.component_no = period_fixed.component_no
            and quantities.line_period = period_fixed.period
    )
{%- endmacro %}

{# Fees so far of the stages that a component covers; unknown as soon as one of them is. #}
{% macro pricing_covered(level, lower, branches) -%}
    covered_{{ level }} as (
        {%- if lower and branches | selectattr('is_covering') | list %}
        select
            components.run_id, components.case_id, components.component_no,
            case when count(*) = count(done.amount_cny) then sum(done.amount_cny) end as covered_cny
        from components
        inner join (
            {%- for one in lower %}
            select run_id, case_id, stage, amount_cny from priced_{{ one }} {{ 'union all' if not loop.last }}
            {%- endfor %}
        ) as done
            on components.run_id = done.run_id
            and components.case_id = done.case_id
            and done.stage = any(string_to_array(components.covers, ','))
        where components.level = {{ level }}
        group by components.run_id, components.case_id, components.component_no
        {%- else %}
        select
            cast(null as bigint) as run_id, cast(null as text) as case_id, cast(null as integer) as component_no,
            cast(null as numeric) as covered_cny
        where false
        {%- endif %}
    )
{%- endmacro %}

{# All lines of one formula. What is missing is named; nothing missing and still no value is a division by zero. #}
{% macro pricing_branch(level, formula) -%}
    {%- set names = formula['names'].split(',') if formula['names'] else [] -%}
    {%- set origins = formula['origins'].split(',') -%}
    {%- set computed = {'q': 'cells.energy_mwh', 'q_month': 'cells.month_mwh', 'covered_fee': 'covered.covered_cny'} -%}
    select
        _run_id, _case_id, _component_no, _line_period, _energy_mwh, _covered_cny,
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
            cells.run_id as _run_id, cells.case_id as _case_id, cells.component_no as _component_no,
            cells.line_period as _line_period, cells.energy_mwh as _energy_mwh, covered.covered_cny as _covered_cny
            {%- for name in names %},
            {{ computed[name] if origins[loop.index0] == 'computed' else 'cells."' ~ ('in_' if origins[loop.index0] == 'input' else 'pa_') ~ name ~ '"' }} as "{{ name }}"
            {%- endfor %}
        from cells
        left join covered_{{ level }} as covered
            on cells.run_id = covered.run_id
            and cells.case_id = covered.case_id
            and cells.component_no = covered.component_no
        where cells.level = {{ level }} and cells.formula_hash = '{{ formula['formula_hash'] }}'
    ) as named
{%- endmacro %}

{# Values to prices and amounts. Components that sum their periods are added before the one rounding. #}
{% macro pricing_priced(level) -%}
    summed_{{ level }} as (
        select
            components.run_id, components.case_id, components.component_no, components.stage, components.result,
            case when components.sums_periods then 'all' else raw._line_period end as line_period,
            case when count(*) = count(raw._energy_mwh) then sum(raw._energy_mwh) end as energy_mwh,
            case when count(*) = count(raw._value) then sum(raw._value) end as value,
            max(raw._covered_cny) as covered_cny,
            string_agg(distinct nullif(raw._missing, ''), ', ') as missing,
            case when count(*) = 1 then (array_agg(raw._inputs))[1] end as inputs
        from raw_{{ level }} as raw
        inner join components
            on raw._run_id = components.run_id
            and raw._case_id = components.case_id
            and raw._component_no = components.component_no
        group by 1, 2, 3, 4, 5, 6
    )
    , priced_{{ level }} as (
        select
            lines.run_id, lines.case_id, lines.component_no, lines.stage, lines.line_period, lines.energy_mwh,
            case when lines.result = 'price' then round(lines.value, 3) end as price_cny_per_mwh,
            case when lines.result = 'factor' then round(lines.value, 6) end as factor,
            case lines.result
                when 'price' then round(round(lines.value, 3) * lines.energy_mwh, 2)
                when 'fee' then round(lines.value, 2)
                else round(lines.covered_cny * lines.value, 2) - lines.covered_cny
            end as amount_cny,
            coalesce(lines.missing, case when lines.value is null then 'a quotient whose divisor is 0' end) as missing,
            lines.inputs
        from summed_{{ level }} as lines
    )
{%- endmacro %}
