with energy as (
    select
        contracts.province,
        contracts.delivery_month,
        contracts.is_open_month,
        cast(sum(contracts.energy_wh) as bigint) as energy_wh
    from {{ ref('int_book_energy') }} as contracts
    group by contracts.province, contracts.delivery_month, contracts.is_open_month
),

money as (
    select
        lines.province,
        lines.delivery_month,
        {%- for side in settlement_sides() %}
            coalesce(sum(lines.amount_cny) filter (where lines.side = '{{ side }}'), 0) as {{ side }}_cny,
        {%- endfor %}
        -- what is measured against the month's energy must be of that energy
        coalesce(sum(lines.amount_cny) filter (where lines.side = 'retail' and lines.reason_code is null), 0) as own_retail_cny,
        coalesce(sum(lines.amount_cny) filter (where lines.side = 'wholesale' and lines.reason_code is null), 0)
            as own_wholesale_cny,
        coalesce(sum({{ signed_amount('lines') }}) filter (where lines.reason_code is not null), 0) as correction_cny,
        sum({{ signed_amount('lines') }}) as margin_cny,
        bool_or(lines.is_illustrative) as is_illustrative
    from {{ ref('int_book_line') }} as lines
    group by lines.province, lines.delivery_month
),

measured as (
    select
        days.province,
        days.delivery_month,
        round(sum(positions.deviation_wh) / nullif(sum(positions.day_ahead_wh), 0), 6) as deviation_rate
    from {{ ref('int_settlement_day') }} as days
    inner join {{ ref('int_position_day') }} as positions
        on
            days.province = positions.province
            and days.delivery_on = positions.delivery_on
    group by days.province, days.delivery_month
),

means as (
    select
        energy.province,
        energy.delivery_month,
        energy.is_open_month,
        energy.energy_wh,
        {%- for side in settlement_sides() %}
            money.{{ side }}_cny,
        {%- endfor %}
        money.correction_cny,
        money.margin_cny,
        {{ half_up('money.own_wholesale_cny * 1000000 / nullif(energy.energy_wh, 0)', 3) }} as purchase_mean_cny_per_mwh,
        {{ half_up('money.own_retail_cny * 1000000 / nullif(energy.energy_wh, 0)', 3) }} as sales_mean_cny_per_mwh,
        case when closed.run_id is null then measured.deviation_rate else closed.deviation_rate end as deviation_rate,
        money.is_illustrative,
        closed.run_id
    from energy
    inner join money
        on
            energy.province = money.province
            and energy.delivery_month = money.delivery_month
    left join {{ ref('stg_ledger_run') }} as closed
        on
            energy.province = closed.province
            and energy.delivery_month = closed.origin_month
            and closed.kind = 'settlement'
    left join measured
        on
            energy.province = measured.province
            and energy.delivery_month = measured.delivery_month
)

select
    means.province,
    means.delivery_month,
    means.is_open_month,
    means.energy_wh,
    {%- for side in settlement_sides() %}
        means.{{ side }}_cny,
    {%- endfor %}
    means.correction_cny,
    means.margin_cny,
    means.purchase_mean_cny_per_mwh,
    means.sales_mean_cny_per_mwh,
    -- of the printed means, so that what is printed adds up
    means.sales_mean_cny_per_mwh - means.purchase_mean_cny_per_mwh as spread_cny_per_mwh,
    means.deviation_rate,
    means.is_illustrative,
    means.run_id
from means
