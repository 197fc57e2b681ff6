{{ config(materialized='view') }}

-- Delta lines by natural line. `full`: what is known now less the books. `mean_price`: a contract's changed quantity at its
-- mean price of the error month, energy bought at the month's real-time mean; from the pack's share of the month on, hours are
-- retraced, which is `full`. `price_difference` corrects the contract as a whole (int_correction_difference).
with means as (
    select
        lines.province,
        lines.origin_month,
        lines.contract_id,
        lines.component,
        {{ half_up('sum(lines.amount_cny) / nullif(sum(lines.quantity_mwh), 0)', 3) }} as mean_cny_per_mwh
    from {{ ref('stg_ledger_line') }} as lines
    where lines.reason_code is null
    group by lines.province, lines.origin_month, lines.contract_id, lines.component
),

-- read once: PostgreSQL computes a view anew for each line that it is joined with
energies as (
    select *
    from {{ ref('int_correction_energy') }}
),

portfolio as (
    select
        energy.province,
        energy.origin_month,
        sum(energy.energy_wh) as energy_wh,
        sum(energy.closed_wh) as closed_wh
    from energies as energy
    group by energy.province, energy.origin_month
),

ruled as (
    select
        compared.*,
        months.booked_month,
        months.last_run_id,
        months.correction_method,
        months.refusal_code,
        months.refusal,
        case
            when months.correction_method <> 'mean_price' then false
            when compared.contract_id is not null then coalesce(energy.is_retraced, false)
            else abs(portfolio.energy_wh) >= months.retrace_below_rate * abs(portfolio.closed_wh)
        end as is_retraced,
        means.mean_cny_per_mwh,
        coalesce(energy.energy_wh, portfolio.energy_wh, 0) as changed_wh,
        months.last_run_id <> months.run_id as is_corrected_month
    from {{ ref('int_correction_compared') }} as compared
    inner join {{ ref('int_correction_month') }} as months
        on
            compared.province = months.province
            and compared.origin_month = months.origin_month
    left join energies as energy
        on
            compared.province = energy.province
            and compared.origin_month = energy.origin_month
            and compared.contract_id = energy.contract_id
    left join portfolio
        on
            compared.province = portfolio.province
            and compared.origin_month = portfolio.origin_month
    left join means
        on
            compared.province = means.province
            and compared.origin_month = means.origin_month
            and compared.contract_id is not distinct from means.contract_id
            and compared.component = means.component
),

-- how a line is treated; a line that the method leaves alone is named once, unless an earlier correction explains it
treated as (
    select
        ruled.*,
        case
            when ruled.correction_method is null or ruled.correction_method = 'full' or coalesce(ruled.is_retraced, false)
                then
                    case
                        when ruled.amount_cny <> 0 or ruled.net_cny <> 0 or ruled.quantity_mwh <> 0 or ruled.is_share_moved then 'full'
                        -- less than a kWh, too; on other lines that the contracts share, energy is only what shares rest on
                        when ruled.component = 'energy_rt' and ruled.is_energy_moved then 'full'
                    end
            when
                ruled.correction_method = 'mean_price' and ruled.contract_id is not null and ruled.quantity_mwh <> 0
                and ruled.mean_cny_per_mwh is not null
                then 'mean_of_contract'
            when ruled.correction_method = 'mean_price' and ruled.component = 'energy_rt' and ruled.is_energy_moved
                then 'mean_of_market'
            when ruled.amount_cny = 0 then null
            when ruled.correction_method = 'mean_price' and ruled.corrections = 0 then 'left_alone'
            when ruled.correction_method = 'price_difference' and ruled.changed_wh = 0 and not ruled.is_corrected_month
                then 'left_alone'
        end as treatment
    from ruled
),

valued as (
    select
        treated.*,
        case treated.treatment
            when 'mean_of_contract' then {{ half_up('treated.quantity_mwh * treated.mean_cny_per_mwh', 2) }}
            when 'mean_of_market' then {{ nano_to_cny('treated.share_energy_wh * treated.mean_cny_per_mwh * 1000') }}
            else treated.amount_cny
        end as delta_cny
    from treated
    where treated.treatment is not null
)

select
    valued.natural_line_id,
    valued.supersedes_line_id,
    valued.last_run_id,
    valued.province,
    valued.origin_month,
    valued.booked_month,
    valued.side,
    valued.contract_id,
    valued.account_id,
    valued.customer_id,
    valued.component,
    valued.tou_period,
    valued.correction_method,
    valued.treatment,
    valued.books_quantity_mwh,
    valued.head_quantity_mwh,
    valued.quantity_mwh,
    case when valued.treatment like 'mean%' then valued.mean_cny_per_mwh else valued.price_cny_per_mwh end as price_cny_per_mwh,
    valued.books_amount_cny,
    valued.head_amount_cny,
    valued.delta_cny as amount_cny,
    valued.vat_rate,
    -- of a full correction the nets re-add as well
    case
        when valued.treatment like 'mean%' then {{ net_of_vat('valued.delta_cny', 'valued.vat_rate') }}
        else valued.net_cny
    end as net_cny,
    valued.pack_hash,
    valued.is_illustrative,
    valued.reason_code,
    case when valued.treatment = 'left_alone' then coalesce(valued.refusal_code, 'not_recomputed') else valued.refusal_code end
        as refusal_code,
    case
        when valued.treatment = 'left_alone'
            then
                coalesce(
                    valued.refusal,
                    valued.correction_method || ' corrects quantities; the amount of ' || valued.component || ' is not recomputed'
                )
        else valued.refusal
    end as refusal
from valued
