{# What load analysis needs of a curve (domain §7); written per slot here and nowhere else. #}

{# Aggregate curves slot by slot, int8; a slot that any row lacks is NULL: a sum that leaves a member out says less than
   was used. #}
{% macro curve_complete_total(alias) -%}
    {%- for column in slot_columns() -%}
        case when count({{ alias }}.{{ column }}) = count(*) then cast(sum({{ alias }}.{{ column }}) as bigint) end as {{ column }}
        {{- ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# A total per time-of-use period, NULL as soon as one row has none. #}
{% macro tou_complete_total(alias) -%}
    {%- for period in tou_periods() -%}
        case
            when count({{ alias }}.{{ period }}_wh) = count(*) then cast(sum({{ alias }}.{{ period }}_wh) as bigint)
        end as {{ period }}_wh{{ ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# alias.sharp_wh, alias.peak_wh, ... #}
{% macro tou_columns(alias) -%}
    {%- for period in tou_periods() %}{{ alias }}.{{ period }}_wh{{ ', ' if not loop.last }}{% endfor -%}
{%- endmacro %}

{# Σ a(slot) x b(slot) over the slots present in both, exact (Wh², numeric). A prefix names other columns than p01 … #}
{% macro curve_product(left, right, left_prefix='p', right_prefix='p') -%}
    cast(0 as numeric)
    {%- for column in slot_columns() %}
        + coalesce(
            cast({{ left }}.{{ column | replace('p', left_prefix) }} as numeric) * {{ right }}.{{ column | replace('p', right_prefix) }}, 0
        )
    {%- endfor -%}
{%- endmacro %}

{# Aggregate two curves over the rows that have both: p01 … p96 of the first, g01 … g96 of the second. #}
{% macro curve_pair_total(left, right) -%}
    {%- for column in slot_columns() -%}
        cast(sum(case when {{ right }}.{{ column }} is not null then {{ left }}.{{ column }} end) as bigint) as {{ column }},
        cast(sum({{ right }}.{{ column }}) as bigint) as {{ column | replace('p', 'g') }}{{ ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# The largest or smallest present slot; `pick` is greatest or least. #}
{% macro curve_extreme(alias, pick) -%}
    {{ pick }}({{ curve_columns(alias) }})
{%- endmacro %}

{% macro curve_zero_slots(alias) -%}
    {%- for column in slot_columns() -%}
        case when {{ alias }}.{{ column }} = 0 then 1 else 0 end{{ ' + ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# Slots of the night, 00:00 up to the hour of var night_ends_at_hour. #}
{% macro night_slots() -%}
    {{ return(range(1, var('night_ends_at_hour') * 4 + 1)) }}
{%- endmacro %}

{# The numbers of one day that monthly indices and day checks are made of, so that they never read 96 columns again.
   NULL, not 0, when no slot is present. #}
{% macro curve_scalars(alias) -%}
    {{ curve_missing(alias) }} as missing_slots,
    case when {{ curve_extreme(alias, 'greatest') }} is not null then {{ curve_sum(alias) }} end as energy_wh,
    case when {{ curve_extreme(alias, 'greatest') }} is not null then {{ curve_product(alias, alias) }} end as square_wh2,
    {{ curve_extreme(alias, 'greatest') }} as max_slot_wh,
    {{ curve_extreme(alias, 'least') }} as min_slot_wh,
    {{ curve_zero_slots(alias) }} as zero_slots,
    case when {{ curve_extreme(alias, 'greatest') }} is not null then {{ curve_sum(alias, night_slots()) }} end as night_wh
{%- endmacro %}

{% macro scalar_columns(alias) -%}
    {%- for column in ['missing_slots', 'energy_wh', 'square_wh2', 'max_slot_wh', 'min_slot_wh', 'zero_slots', 'night_wh'] -%}
        {{ alias }}.{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# Half the sum of |share of the day in a slot - typical share|: the part of the energy that was used at another time
   than typical, 0 to 1. NULL without energy on either side, and where a slot exports: shares of less than nothing say nothing. #}
{% macro curve_shape_distance(curve, energy, typical, typical_energy) -%}
    case
        when
            {{ energy }} > 0 and {{ typical_energy }} > 0
            and {{ curve_extreme(curve, 'least') }} >= 0 and {{ curve_extreme(typical, 'least') }} >= 0
            then round(
                (
                    {%- for column in slot_columns() -%}
                        abs(cast({{ curve }}.{{ column }} as numeric) * {{ typical_energy }} - cast({{ typical }}.{{ column }} as numeric) * {{ energy }})
                        {{- ' + ' if not loop.last }}
                    {%- endfor -%}
                ) / (2 * cast({{ energy }} as numeric) * {{ typical_energy }}),
                6
            )
    end
{%- endmacro %}

{# 96 characters: 1 where the slot is exactly 0 while the typical curve is loaded there (above var loaded_rate of its
   own mean), else 0. #}
{% macro curve_idle_flags(curve, typical, typical_energy) -%}
    concat(
        {%- for column in slot_columns() -%}
            case
                when {{ curve }}.{{ column }} = 0 and cast({{ typical }}.{{ column }} as numeric) * 96 > {{ var('loaded_rate') }} * {{ typical_energy }}
                    then '1'
                else '0'
            end{{ ', ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}

{# The typical day of `day`: the slot sums of all complete days of one day type in the 28 days before it, how many they
   are, and their energy. Mean = sum / typical_days. `days` and `day` are aliases with customer_id or group keys. #}
{% macro typical_day(relation, keys, day, day_type) -%}
    select
        count(*) as typical_days,
        cast(sum(past.energy_wh) as bigint) as typical_energy_wh,
        {{ curve_total('past') }}
    from {{ relation }} as past
    where
        past.delivery_on between {{ day }}.delivery_on - {{ var('typical_trailing_days') }} and {{ day }}.delivery_on - 1
        and {{ day_type }} in (past.day_type, {{ fine_day_type('past.day_type', 'past.delivery_on') }})
        and past.missing_slots = 0
        {%- for key in keys %}
        and past.{{ key }} = {{ day }}.{{ key }}{% endfor %}
{%- endmacro %}

{# Worst quality of some point-days: missing, then failed, estimated, edited, metered. #}
{% macro worst_quality(column) -%}
    case max(case {{ column }} when 'missing' then 5 when 'failed' then 4 when 'estimated' then 3 when 'edited' then 2 else 1 end)
        when 5 then 'missing' when 4 then 'failed' when 3 then 'estimated' when 2 then 'edited' when 1 then 'metered'
    end
{%- endmacro %}

{# A digest as a whole number of 60 bits: digests of a moving window are added, which a window does in one pass. #}
{% macro digest_number(column) -%}
    cast(cast('x' || substr({{ column }}, 1, 15) as bit(60)) as bigint)
{%- endmacro %}

{# The days that tell what is normal for a day of int_customer_day_profile: complete, of its reference type, before it. #}
{% macro past_days(day) -%}
    {{ ref('int_customer_day_profile') }} as past
    where
        past.customer_id = {{ day }}.customer_id
        and past.province = {{ day }}.province
        and past.delivery_on between {{ day }}.delivery_on - {{ var('abnormal_trailing_days') }} and {{ day }}.delivery_on - 1
        and past.reference_type = {{ day }}.reference_type
        and past.is_own_type
        and past.missing_slots = 0
{%- endmacro %}
