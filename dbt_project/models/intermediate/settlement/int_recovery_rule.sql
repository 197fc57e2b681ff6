-- The recoveries of deviation revenue that the pack of a month has in force (domain §4.3), with the numbers it leaves open
-- filled in from what was announced. `unannounced` and `incomplete` name what is still missing. A recovery by the month is
-- not of the running one.
with months as (
    select distinct
        scope.province,
        scope.delivery_month,
        scope.is_open_month,
        scope.pack_hash
    from {{ ref('int_settlement_scope_day') }} as scope
),

banded as (
    select distinct
        bands.pack_hash,
        bands.kind
    from {{ ref('stg_recovery_band') }} as bands
),

filled as (
    select
        months.province,
        months.delivery_month,
        months.is_open_month,
        rules.*,
        banded.kind is not null as has_bands,
        case rules.direction when 'over' then 'upper_rate' when 'under' then 'lower_rate' end as direction_rate,
        said.price as announced_price,
        case rules.direction when 'over' then said.upper_rate when 'under' then said.lower_rate end as announced_rate,
        case
            when 'price_a_factor' = any(string_to_array(rules.announced, ',')) then said.price_a_factor
            else coalesce(rules.price_a_factor, 1)
        end as factor,
        case
            when 'coefficient' = any(string_to_array(rules.announced, ',')) then said.coefficient
            else coalesce(rules.coefficient, 1)
        end as multiple,
        said.mlt_market_mean,
        said.mlt_reference
    from months
    inner join {{ ref('stg_recovery_rule') }} as rules on months.pack_hash = rules.pack_hash
    left join banded
        on
            rules.pack_hash = banded.pack_hash
            and rules.kind = banded.kind
    cross join
        lateral (
            select
                {%- for number in ['price', 'upper_rate', 'lower_rate', 'price_a_factor', 'coefficient'] %}
                    max(said.value) filter (where said.parameter = rules.kind || '.{{ number }}') as {{ number }},
                {%- endfor %}
                max(said.value) filter (where said.parameter = 'mlt_market_mean') as mlt_market_mean,
                max(said.value) filter (where said.parameter = 'mlt_reference') as mlt_reference
            from {{ ref('stg_market_parameter') }} as said
            where
                said.province = months.province
                and said.delivery_month = months.delivery_month
        ) as said
    where not (months.is_open_month and coalesce(rules.period, 'month') = 'month')
)

select
    filled.province,
    filled.delivery_month,
    filled.is_open_month,
    filled.pack_hash,
    filled.kind,
    filled.period,
    filled.quantity,
    filled.direction,
    filled.price_a,
    filled.price_b,
    filled.factor,
    filled.multiple,
    coalesce(filled.aggregate, 'period') as aggregate,
    filled.sign_rule,
    coalesce(filled.net_group, filled.kind) as net_group,
    filled.price_places,
    filled.announced_rate,
    filled.announced_price,
    filled.mlt_market_mean,
    filled.mlt_reference,
    concat_ws(
        ',',
        case when filled.period is null then 'period' end,
        case when filled.quantity is null then 'quantity' end,
        case when filled.direction is null then 'direction' end,
        case when filled.sign_rule is null then 'sign_rule' end,
        case
            when not filled.has_bands and not coalesce(filled.direction_rate = any(string_to_array(filled.announced, ',')), false) then 'thresholds'
        end,
        case when filled.announced_price is null and filled.price_a is null then 'price_a' end,
        case when filled.announced_price is null and filled.price_b is null then 'price_b' end
    ) as incomplete,
    concat_ws(
        ',',
        case
            when filled.direction_rate = any(string_to_array(filled.announced, ',')) and filled.announced_rate is null
                then filled.kind || '.' || filled.direction_rate
        end,
        case when filled.announced_price is null and filled.factor is null then filled.kind || '.price_a_factor' end,
        case when filled.announced_price is null and filled.multiple is null then filled.kind || '.coefficient' end,
        case
            when
                filled.announced_price is null
                and 'mlt_market_mean' in (filled.price_a, filled.price_b)
                and filled.period in ('day', 'month')
                and filled.mlt_market_mean is null
                then 'mlt_market_mean'
        end,
        case
            when
                filled.announced_price is null
                and 'mlt_reference' in (filled.price_a, filled.price_b)
                and filled.mlt_reference is null
                then 'mlt_reference'
        end
    ) as unannounced
from filled
