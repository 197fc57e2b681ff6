-- Billing quantity of an account's month in whole kWh, shared over the periods by largest remainder (design §5), with what
-- each period costs against the flat price: a multiple, or a printed price. Either may be unknown.
with cells as (
    select
        uses.province,
        uses.delivery_month,
        uses.account_id,
        uses.pack_hash,
        uses.tariff_class as account_class,
        uses.capacity_kva,
        {{ half_up('cast(uses.energy_wh as numeric) / 1000', 0) }} as total_kwh,
        periods.period_order,
        periods.tou_period,
        periods.wh
    from {{ ref('int_grid_use') }} as uses
    cross join
        lateral (
            values
            {%- for period in tou_periods() %}
                ({{ loop.index }}, '{{ period }}', uses.{{ period }}_wh){{ ',' if not loop.last }}
            {%- endfor %}
        ) as periods (period_order, tou_period, wh)
    where periods.wh <> 0
),

quantities as (
    select
        cells.*,
        {{ largest_remainder(
            numerator='cells.wh',
            denominator='1000',
            total='cells.total_kwh',
            partition_by='cells.province, cells.delivery_month, cells.account_id',
            order_by='cells.period_order',
        ) }} as quantity_kwh
    from cells
),

bands as (
    select
        tariffs.province,
        tariffs.delivery_month,
        tariffs.account_id,
        max(tariffs.tariff_class) as tariff_class,
        max(tariffs.voltage) as voltage
    from {{ ref('int_grid_tariff') }} as tariffs
    group by tariffs.province, tariffs.delivery_month, tariffs.account_id
)

select
    quantities.province,
    quantities.delivery_month,
    quantities.account_id,
    quantities.pack_hash,
    quantities.period_order,
    quantities.tou_period,
    quantities.quantity_kwh,
    (
        select multiples.multiple
        from {{ ref('stg_pack_multiple') }} as multiples
        where
            quantities.pack_hash = multiples.pack_hash
            and quantities.tou_period = multiples.tou_period
            and (multiples.months is null or multiples.months @> to_jsonb(cast(extract(month from quantities.delivery_month) as integer)))
            and (multiples.tariff_class is null or multiples.tariff_class = quantities.account_class)
            and (multiples.voltages is null or multiples.voltages @> to_jsonb(bands.voltage))
            and (multiples.from_kva is null or quantities.capacity_kva >= multiples.from_kva)
            and (multiples.below_kva is null or quantities.capacity_kva < multiples.below_kva)
        order by multiples.rule_no
        limit 1
    ) as multiple,
    case when packs.do_published_prices_prevail then printed.price_cny_per_kwh end as printed_cny_per_kwh,
    coalesce(packs.do_published_prices_prevail and printed.basis = 'illustrative', false) as is_illustrative
from quantities
left join bands
    on
        quantities.province = bands.province
        and quantities.delivery_month = bands.delivery_month
        and quantities.account_id = bands.account_id
left join {{ ref('stg_pack_tariff') }} as packs on quantities.pack_hash = packs.pack_hash
left join {{ ref('stg_agency_period_price') }} as printed
    on
        quantities.province = printed.province
        and quantities.delivery_month = printed.delivery_month
        and quantities.tou_period = printed.tou_period
        and bands.tariff_class = printed.tariff_class
        and bands.voltage = printed.voltage
