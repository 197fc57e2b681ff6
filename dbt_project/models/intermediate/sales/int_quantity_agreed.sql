-- The quantity agreed for each month of a contract, before adjustments: annual quantities in whole kWh by the shares of
-- their year template over the months of the contract's term, and quantities delivered for a month, which win.
with months as (
    select
        quantities.*,
        make_date(quantities.delivery_year, series.month_no, 1) as delivery_month
    from {{ ref('stg_contract_distribution') }} as quantities
    cross join generate_series(1, 12) as series (month_no)
),

terms as (
    select
        months.*,
        contracts.province,
        greatest(contracts.effective_from, months.delivery_month) as from_on,
        least(contracts.effective_to, cast(months.delivery_month + interval '1 month - 1 day' as date)) as to_on
    from months
    inner join {{ ref('stg_contract') }} as contracts
        on
            months.contract_id = contracts.contract_id
            and months.delivery_month > contracts.effective_from - interval '1 month'
            and months.delivery_month <= contracts.effective_to
),

weighed as (
    select
        terms.*,
        shares.weight,
        sum(shares.weight) over (partition by terms.contract_id, terms.delivery_year) as weight_total,
        count(*) over (partition by terms.contract_id, terms.delivery_year)
        - count(shares.weight) over (partition by terms.contract_id, terms.delivery_year) as months_without_weight
    from terms
    left join {{ ref('stg_curve_template') }} as shares
        on
            terms.year_template_id = shares.template_id
            and terms.year_template_version = shares.template_version
            and shares.template_kind = 'Y'
            and shares.day_type = 'all'
            and extract(month from terms.delivery_month) = shares.part
),

judged as (
    select
        weighed.*,
        -- one month of unknown share leaves all months of the year unknown
        case when weighed.months_without_weight = 0 then nullif(weighed.weight_total, 0) end as known_total
    from weighed
),

shared as (
    select
        judged.*,
        case
            when judged.known_total is not null then {{ largest_remainder(
                numerator='(judged.annual_mwh * 1000 * judged.weight)',
                denominator='judged.known_total',
                total='(judged.annual_mwh * 1000)',
                partition_by='judged.contract_id, judged.delivery_year',
                order_by='judged.delivery_month',
            ) }}
        end as base_kwh
    from judged
),

annual as (
    select
        shared.*,
        {{ kwh_to_mwh('shared.base_kwh') }} as base_mwh,
        {{ name_of([
            'shared.province', 'shared.month_template_id', 'shared.month_template_version', 'shared.day_template_kind',
            'shared.day_template_id', 'shared.day_template_version', 'shared.from_on', 'shared.to_on',
        ]) }} as pattern_id
    from shared
)

select
    coalesce(annual.contract_id, quantities.contract_id) as contract_id,
    coalesce(annual.delivery_month, quantities.delivery_month) as delivery_month,
    {%- for column in [
        'province', 'from_on', 'to_on', 'delivery_year', 'annual_mwh', 'year_template_id', 'year_template_version',
        'month_template_id', 'month_template_version', 'day_template_kind', 'day_template_id', 'day_template_version',
        'adjust_up_rate', 'adjust_down_rate', 'adjust_notice_days', 'adjust_times_per_year', 'pattern_id', 'weight',
        'base_mwh',
    ] %}
        annual.{{ column }},
    {%- endfor %}
    quantities.quantity_mwh as delivered_mwh,
    cast(coalesce(quantities.quantity_mwh, annual.base_mwh) as numeric(16, 3)) as agreed_mwh
from annual
full outer join {{ ref('stg_contract_quantity') }} as quantities
    on
        annual.contract_id = quantities.contract_id
        and annual.delivery_month = quantities.delivery_month
