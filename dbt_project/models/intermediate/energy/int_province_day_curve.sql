{{
    config(
        materialized='incremental',
        incremental_strategy='direct',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_on', 'province'], 'unique': True}],
        pre_hook="{{ stage_changed_sums(ref('int_contract_day_curve'), ref('int_province_day_change')) }} {{ make_room(
            ref('int_contract_day_curve'), day_news, ['delivery_on', 'province'], digests=ref('int_province_day_key'),
            news_keys=['delivery_on']
        ) }}",
        post_hook="{{ keep_progress(ref('int_contract_day_curve')) }}",
    )
}}

-- the retailer's actual net curve of a day: the same points that retail is billed on
-- depends_on: {{ ref('stg_meter_day_reign') }} {{ ref('int_province_day_change') }}
{%- set are_news_known = known_until(progress_of(ref('int_contract_day_curve'))) is not none %}
with changed as (
    select keys.*
    from {{ ref('int_province_day_key') }} as keys
    where
        {% if are_news_known %}
            {{ among('keys', staged_news(), ['delivery_on']) }}
        {% else %}
            {{ not_stored('keys', ['delivery_on', 'province']) }}
        {% endif %}
),

-- the days whose sum is not the stored one corrected by the difference
added as (
    select
        changed.province,
        changed.delivery_on
    from changed
    {% if are_news_known %}
        left join {{ changed_sums() }} as sums
            on
                changed.province = sums.province
                and changed.delivery_on = sums.delivery_on
        where sums.delivery_on is null
    {% endif %}
),

-- added up before the join, so that nothing is sorted
totals as (
    select
        contracts.province,
        contracts.delivery_on,
        {{ curve_total('contracts') }}
    from {{ ref('int_contract_day_curve') }} as contracts
    where contracts.delivery_on = any(array(select added.delivery_on from added))
    group by contracts.province, contracts.delivery_on
),

curves as (
    select totals.*
    from totals
    inner join added
        on
            totals.province = added.province
            and totals.delivery_on = added.delivery_on
    {% if are_news_known %}
        union all
        select sums.*
        from {{ changed_sums() }} as sums
    {% endif %}
)

select
    changed.province,
    changed.delivery_on,
    changed.missing_slots,
    changed.input_digest,
    {{ curve_columns('curves') }}
from changed
inner join curves
    on
        changed.delivery_on = curves.delivery_on
        and changed.province = curves.province
