{{
    config(
        materialized='incremental',
        incremental_strategy='direct',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_on', 'province'], 'unique': True}],
        pre_hook="{{ make_room_beside_sums(
            ref('int_contract_day'), ref('int_province_day_change'), day_news, ['delivery_on', 'province'],
            ref('int_province_day_key'), ['delivery_on']
        ) }}",
        post_hook="{{ keep_progress(ref('int_contract_day')) }}",
    )
}}

-- The retailer's actual net curve of a day: the same points that retail is billed on. Without a single metered point all slots
-- are NULL: the day is here, for points are expected.
-- depends_on: {{ ref('stg_meter_day_reign') }} {{ ref('int_province_day_change') }}
{%- set are_news_known = known_until(progress_of(ref('int_contract_day'))) is not none %}
-- the days whose sum is not the stored one corrected by the difference
with added as (
    select keys.*
    from {{ ref('int_province_day_key') }} as keys
    where
        {% if are_news_known %}
            keys.delivery_on = any(array(
                select news.delivery_on
                from {{ staged_news() }} as news
                left join {{ changed_sums() }} as sums on news.delivery_on = sums.delivery_on
                where sums.delivery_on is null
            ))
        {% else %}
            {{ not_stored('keys', ['delivery_on', 'province']) }}
        {% endif %}
),

-- added up before the join, so that nothing is sorted
totals as (
    select
        contracts.province,
        contracts.delivery_on,
        {{ curve_total('contracts') }}
    from {{ ref('int_contract_day') }} as contracts
    where contracts.delivery_on = any(array(select added.delivery_on from added))
    group by contracts.province, contracts.delivery_on
),

days as (
    select
        added.province,
        added.delivery_on,
        added.contracts,
        added.metering_points_expected,
        added.metering_points,
        added.missing_slots,
        added.hash_0,
        added.hash_1,
        {{ curve_columns('totals') }}
    from added
    inner join totals
        on
            added.delivery_on = totals.delivery_on
            and added.province = totals.province
    {% if are_news_known %}
        union all
        select sums.*
        from {{ changed_sums() }} as sums
    {% endif %}
)

select
    days.*,
    {{ province_day_digest('days') }} as input_digest
from days
