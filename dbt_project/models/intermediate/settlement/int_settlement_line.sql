-- every line of a settled month and of the open month so far; amounts are rounded per line, totals add lines
with packs as (
    select distinct
        days.province,
        days.pack_hash,
        days.pack_effective_from,
        days.vat_rate,
        days.settlement_form,
        days.reference_series,
        days.is_illustrative
    from {{ ref('int_settlement_day') }} as days
),

lines as (
    select
        retail.province,
        retail.delivery_month,
        retail.is_open_month,
        retail.pack_hash,
        retail.side,
        retail.contract_id,
        retail.account_id,
        retail.customer_id,
        retail.component,
        retail.tou_period,
        retail.quantity_mwh,
        retail.price_cny_per_mwh,
        retail.amount_cny,
        cast(null as numeric) as vat_rate,
        retail.is_tou_illustrative,
        retail.note
    from {{ ref('int_retail_line') }} as retail

    union all

    select
        income.province,
        income.delivery_month,
        income.is_open_month,
        income.pack_hash,
        'income' as side,
        income.contract_id,
        cast(null as text) as account_id,
        income.customer_id,
        income.component,
        cast('all' as text) as tou_period,
        cast(null as numeric) as quantity_mwh,
        cast(null as numeric) as price_cny_per_mwh,
        income.amount_cny,
        income.vat_rate,
        false as is_tou_illustrative,
        income.note
    from {{ ref('int_income_line') }} as income

    union all

    select
        purchases.province,
        purchases.delivery_month,
        purchases.is_open_month,
        purchases.pack_hash,
        purchases.side,
        cast(null as text) as contract_id,
        cast(null as text) as account_id,
        cast(null as text) as customer_id,
        purchases.component,
        cast('all' as text) as tou_period,
        purchases.quantity_mwh,
        purchases.price_cny_per_mwh,
        purchases.amount_cny,
        cast(null as numeric) as vat_rate,
        false as is_tou_illustrative,
        purchases.note
    from {{ ref('int_purchase_line') }} as purchases
)

select
    -- the natural key of a line: a pack that is revised keeps its lines, a pack that takes over mid-month has its own
    md5(concat_ws(
        '|', lines.side, lines.province, to_char(lines.delivery_month, 'YYYY-MM'), coalesce(lines.contract_id, '-'),
        coalesce(lines.account_id, '-'), lines.component, lines.tou_period,
        to_char(packs.pack_effective_from, 'YYYY-MM-DD')
    )) as line_id,
    lines.province,
    lines.delivery_month,
    lines.is_open_month,
    lines.side,
    lines.contract_id,
    lines.account_id,
    lines.customer_id,
    lines.component,
    lines.tou_period,
    lines.quantity_mwh,
    lines.price_cny_per_mwh,
    coalesce(lines.price_cny_per_mwh, {{ half_up('lines.amount_cny / nullif(lines.quantity_mwh, 0)', 3) }})
        as average_price_cny_per_mwh,
    lines.amount_cny,
    coalesce(lines.vat_rate, packs.vat_rate) as vat_rate,
    {{ net_of_vat('lines.amount_cny', 'coalesce(lines.vat_rate, packs.vat_rate)') }} as net_cny,
    lines.amount_cny - {{ net_of_vat('lines.amount_cny', 'coalesce(lines.vat_rate, packs.vat_rate)') }} as vat_cny,
    lines.pack_hash,
    packs.is_illustrative or lines.is_tou_illustrative as is_illustrative,
    lines.note
    || case
        when lines.component = 'mlt_difference' then '; reference ' || packs.reference_series
        else ''
    end
    || case
        when packs.is_illustrative or lines.is_tou_illustrative then '; rests on illustrative rule values'
        else ''
    end as note
from lines
inner join packs
    on
        lines.province = packs.province
        and lines.pack_hash = packs.pack_hash
where
    not exists (
        select 1
        from {{ ref('int_blocker_package') }} as blockers
        where
            blockers.province = lines.province
            and blockers.delivery_month = lines.delivery_month
    )
