{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_month', 'subject_id', 'subject_kind', 'province'], 'unique': True}],
        post_hook='analyze {{ this }} (delivery_month, subject_id, subject_kind, province)',
        pre_hook="{{ delete_stale(
            ref('int_load_month_key'), ['delivery_month', 'subject_id', 'subject_kind', 'province']
        ) }}",
    )
}}

-- Sums for two likenesses of a month. Pearson against the portfolio: over all quarter hours of days complete on both
-- sides. Cosine against the other customers of the industry: between the two mean days, of days complete in the industry.
with changed as (
    select keys.*
    from {{ ref('int_load_month_key') }} as keys
    where {{ not_stored('keys', ['delivery_month', 'subject_id', 'subject_kind', 'province']) }}
),

sums as (
    select
        changed.province,
        changed.subject_kind,
        changed.subject_id,
        changed.delivery_month,
        changed.input_digest,
        cast(count(portfolio.delivery_on) * 96 as bigint) as slots,
        sum(case when portfolio.delivery_on is not null then own.energy_wh end) as own_wh,
        sum(case when portfolio.delivery_on is not null then own.square_wh2 end) as own_wh2,
        sum(portfolio.energy_wh) as portfolio_wh,
        sum(portfolio.square_wh2) as portfolio_wh2,
        sum(case when portfolio.delivery_on is not null then {{ curve_product('own', 'portfolio') }} end) as product_wh2,
        {{ curve_pair_total('own', 'industries') }}
    from changed
    inner join {{ ref('int_load_day') }} as own
        on
            changed.province = own.province
            and changed.subject_kind = own.subject_kind
            and changed.subject_id = own.subject_id
            and changed.delivery_month = own.delivery_month
            and own.missing_slots = 0
    left join {{ ref('int_group_day_curve') }} as portfolio
        on
            own.province = portfolio.province
            and own.delivery_on = portfolio.delivery_on
            and portfolio.group_kind = 'portfolio'
            and portfolio.missing_slots = 0
    left join {{ ref('int_group_day_curve') }} as industries
        on
            own.province = industries.province
            and own.delivery_on = industries.delivery_on
            and changed.industry = industries.group_id
            and industries.group_kind = 'industry'
            and industries.missing_slots = 0
    group by changed.province, changed.subject_kind, changed.subject_id, changed.delivery_month, changed.input_digest
)

select
    sums.province,
    sums.subject_kind,
    sums.subject_id,
    sums.delivery_month,
    sums.input_digest,
    sums.slots,
    sums.own_wh,
    sums.own_wh2,
    sums.portfolio_wh,
    sums.portfolio_wh2,
    sums.product_wh2,
    {{ curve_product('sums', 'sums') }} as own_shape_wh2,
    {{ curve_product('sums', 'sums', right_prefix='g') }} as cross_shape_wh2,
    {{ curve_product('sums', 'sums', left_prefix='g', right_prefix='g') }} as industry_shape_wh2
from sums
