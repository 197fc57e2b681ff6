-- Each period of a recovery with something to recover: what the contracts or the declaration exceed the free band by, and the price of it. Prices in
-- 0.001 yuan/MWh, amounts in 1e-9 yuan, not rounded; NULL where a price is needed and not known. A mean is rounded to
-- 0.001 yuan/MWh before it is compared; over a day or a month da_unified and rt_unified are weighted by the own use,
-- da_mean and rt_mean are those of the slots.
with rules as (
    select rules.*
    from {{ ref('int_recovery_rule') }} as rules
    where rules.incomplete = '' and rules.unannounced = ''
),

days as (
    select
        scope.province,
        scope.delivery_month,
        scope.delivery_on,
        scope.pack_hash
    from {{ ref('int_settlement_scope_day') }} as scope
    where
        exists (
            select 1
            from rules
            where
                rules.province = scope.province
                and rules.delivery_month = scope.delivery_month
                and rules.pack_hash = scope.pack_hash
        )
),

slots as (
    select
        days.province,
        days.delivery_month,
        days.delivery_on,
        days.pack_hash,
        cast(ceil(slots.slot / 4.0) as integer) as hour,
        slots.*
    from days
    left join {{ ref('int_province_day_curve') }} as actual
        on
            days.province = actual.province
            and days.delivery_on = actual.delivery_on
    left join {{ ref('int_day_ahead_day') }} as declared
        on
            days.province = declared.province
            and days.delivery_on = declared.delivery_on
    left join {{ ref('int_mlt_day') }} as mlt
        on
            days.province = mlt.province
            and days.delivery_on = mlt.delivery_on
    {%- for alias, role in [('da', 'day_ahead'), ('rt', 'real_time')] %}
        left join {{ ref('int_settlement_price_day') }} as {{ alias }}
            on
                days.province = {{ alias }}.province
                and days.delivery_on = {{ alias }}.delivery_on
                and {{ alias }}.price_role = '{{ role }}'
    {%- endfor %}
    left join {{ ref('stg_market_price_day') }} as market
        on
            days.province = market.province
            and days.delivery_on = market.delivery_on
            and market.price_series = 'mlt_market_mean'
    cross join
        lateral {{ curve_rows(['actual', 'declared', 'mlt', 'da', 'rt', 'market'], costs=['mlt']) }}
            as slots (slot, actual_wh, declared_wh, mlt_wh, da_price, rt_price, market_price, mlt_cost_nano)
),

periods as (
    select
        rules.province,
        rules.delivery_month,
        rules.pack_hash,
        rules.kind,
        case when rules.period <> 'month' then slots.delivery_on end as delivery_on,
        case rules.period when 'slot' then slots.slot when 'hour' then slots.hour else 0 end as part,
        {%- for price in ['da', 'rt', 'market'] %}
            case when count(slots.{{ price }}_price) = count(*) then round(avg(slots.{{ price }}_price), 0) end as {{ price }}_mean,
            sum(slots.actual_wh * cast(slots.{{ price }}_price as bigint)) as {{ price }}_value_nano,
            count(*) filter (where slots.actual_wh <> 0 and slots.{{ price }}_price is null) as {{ price }}_gaps,
        {%- endfor %}
        min(slots.hour) as hour,
        sum(coalesce(slots.actual_wh, 0)) as actual_wh,
        sum(coalesce(slots.mlt_wh, 0)) as mlt_wh,
        sum(coalesce(slots.mlt_cost_nano, 0)) as mlt_cost_nano,
        sum(coalesce(case rules.quantity when 'mlt' then slots.mlt_wh else slots.declared_wh end, 0)) as held_wh
    from rules
    inner join slots
        on
            rules.province = slots.province
            and rules.delivery_month = slots.delivery_month
            and rules.pack_hash = slots.pack_hash
    group by
        rules.province, rules.delivery_month, rules.pack_hash, rules.kind,
        case when rules.period <> 'month' then slots.delivery_on end,
        case rules.period when 'slot' then slots.slot when 'hour' then slots.hour else 0 end
),

held as (
    select
        periods.*,
        rules.is_open_month,
        rules.period,
        rules.price_a,
        rules.price_b,
        rules.factor,
        rules.multiple,
        rules.aggregate,
        rules.sign_rule,
        rules.net_group,
        rules.price_places,
        rules.announced_price,
        rules.mlt_market_mean * 1000 as market_month_mean,
        rules.mlt_reference * 1000 as mlt_reference,
        case rules.direction
            when 'over' then greatest(periods.held_wh - coalesce(bands.band_rate, rules.announced_rate) * periods.actual_wh, 0)
            else greatest(coalesce(bands.band_rate, rules.announced_rate) * periods.actual_wh - periods.held_wh, 0)
        end as excess_wh,
        -- an hour without any contract has no mean of its own; the month's stands for it
        round(coalesce(
            periods.mlt_cost_nano / nullif(periods.mlt_wh, 0),
            sum(periods.mlt_cost_nano) over month / nullif(sum(periods.mlt_wh) over month, 0)
        ), 0) as own_mean,
        case
            when rules.period in ('slot', 'hour') then periods.da_mean
            when periods.da_gaps = 0 then round(periods.da_value_nano / nullif(periods.actual_wh, 0), 0)
        end as da_own,
        case
            when rules.period in ('slot', 'hour') then periods.rt_mean
            when periods.rt_gaps = 0 then round(periods.rt_value_nano / nullif(periods.actual_wh, 0), 0)
        end as rt_own
    from periods
    inner join rules
        on
            periods.province = rules.province
            and periods.delivery_month = rules.delivery_month
            and periods.pack_hash = rules.pack_hash
            and periods.kind = rules.kind
    left join {{ ref('stg_recovery_band') }} as bands
        on
            periods.pack_hash = bands.pack_hash
            and periods.kind = bands.kind
            and extract(month from periods.delivery_month) = bands.delivery_month
            and periods.hour = bands.hour
    window month as (partition by periods.province, periods.delivery_month, periods.pack_hash, periods.kind)
),

compared as (
    select
        {%- for side in ['price_a', 'price_b'] %}
            case held.{{ side }}
                when 'mlt_own_mean' then held.own_mean
                when 'mlt_market_mean'
                    then case
                        when held.period in ('slot', 'hour') then coalesce(held.market_mean, held.market_month_mean)
                        else held.market_month_mean
                    end
                when 'mlt_reference' then held.mlt_reference
                when 'da_unified' then held.da_own
                when 'da_mean' then held.da_mean
                when 'rt_unified' then held.rt_own
                when 'rt_mean' then held.rt_mean
            end as {{ side }}_milli,
        {%- endfor %}
        held.*
    from held
),

priced as (
    select
        compared.*,
        case
            when compared.announced_price is not null then compared.announced_price * 1000
            when compared.sign_rule = 'net_if_positive'
                then (compared.price_a_milli * compared.factor - compared.price_b_milli) * compared.multiple
            -- greatest() would take a missing price for 0
            when compared.price_a_milli is not null and compared.price_b_milli is not null
                then greatest(compared.price_a_milli * compared.factor - compared.price_b_milli, 0) * compared.multiple
        end as unrounded_milli
    from compared
)

select
    priced.province,
    priced.delivery_month,
    priced.is_open_month,
    priced.pack_hash,
    priced.kind,
    priced.delivery_on,
    priced.part,
    priced.period,
    priced.aggregate,
    priced.sign_rule,
    priced.net_group,
    priced.actual_wh,
    priced.held_wh,
    priced.excess_wh,
    priced.price_a,
    priced.price_b,
    priced.price_a_milli,
    priced.price_b_milli,
    case
        when priced.price_places is null then priced.unrounded_milli
        else round(priced.unrounded_milli / 1000, priced.price_places) * 1000
    end as price_milli,
    case
        when priced.price_places is null then priced.excess_wh * priced.unrounded_milli
        else priced.excess_wh * round(priced.unrounded_milli / 1000, priced.price_places) * 1000
    end as amount_nano
from priced
where priced.excess_wh > 0
