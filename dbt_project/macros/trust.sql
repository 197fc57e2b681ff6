{# Order of trust of a meter-day (domain §6), the only place in SQL that knows it:
   6 settled (a closed month comes from the ledger, which no version here can outrank)
   5 edited, by a person with name and reason · 4 metered and valid · 3 estimated · 2 metered but failed, or with gaps
   1 forecast (lives in schema forecast) · 0 withdrawn edit.
   ingestion/vee/store.py ranks by the same numbers. #}
{% macro meter_day_trust(quality, verdict, missing_slots) -%}
    case
        when {{ verdict }} = 'withdrawn' then 0
        when {{ quality }} = 'edited' then 5
        when {{ verdict }} = 'failed' or {{ missing_slots }} > 0 then 2
        when {{ quality }} = 'estimated' then 3
        else 4
    end
{%- endmacro %}

{# What a reader is told of a version with that trust. #}
{% macro trusted_quality(trust) -%}
    case {{ trust }} when 5 then 'edited' when 4 then 'metered' when 3 then 'estimated' when 2 then 'failed' else 'withdrawn' end
{%- endmacro %}

{# The key of a meter-day, and the join by it. #}
{% macro meter_day_key(alias) -%}
    {{ alias }}.metering_point_id, {{ alias }}.channel, {{ alias }}.delivery_on
{%- endmacro %}

{% macro same_meter_day(left, right) -%}
    {{ left }}.metering_point_id = {{ right }}.metering_point_id
    and {{ left }}.channel = {{ right }}.channel
    and {{ left }}.delivery_on = {{ right }}.delivery_on
{%- endmacro %}
