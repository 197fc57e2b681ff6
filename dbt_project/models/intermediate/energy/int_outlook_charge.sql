{{ config(tags=['after_forecast']) }}

-- Projected energy of each contract's period against its contracted energy, and the charge under its own clause. The
-- charge multiplies printed quantities (MWh with 3 decimals) and printed prices, and is rounded once.
with projected as (
    select
        contracts.contract_id,
        contracts.mode,
        contracts.price_basis,
        contracts.price_series,
        contracts.borne_by,
        contracts.customer_share_rate,
        contracts.contract_mwh,
        {{ wh_to_mwh('coalesce(projections.actual_wh, 0) + projections.forecast_wh') }} as projected_mwh,
        {{ printed_terms('contracts', 'prices.mean_price_cny_per_mwh') }}
    from {{ ref('int_outlook_contract') }} as contracts
    left join {{ ref('int_outlook_projection') }} as projections
        on
            contracts.contract_id = projections.subject_id
            and projections.scope = 'contract'
    left join {{ ref('int_outlook_price') }} as prices on contracts.contract_id = prices.contract_id
),

charged as (
    select
        projected.*,
        -- an hourly clause needs the contract's energy per hour, which no feed delivers: it is not taken as monthly
        case
            when projected.mode in ('month', 'quarter', 'year')
                then {{ deviation_charge('projected.projected_mwh', 'projected.contract_mwh', 'projected') }}
        end as projected_charge_cny,
        case
            when projected.mode in ('month', 'quarter', 'year')
                then
                    {{ deviation_charge(
                        'projected.projected_mwh', 'projected.contract_mwh', 'projected', 'projected.customer_share_rate'
                    ) }}
        end as customer_charge_cny
    from projected
)

select
    charged.*,
    charged.projected_charge_cny - charged.customer_charge_cny as retailer_charge_cny,
    case
        when charged.contract_mwh is null then 'quantity_missing'
        when charged.projected_mwh is null then 'forecast_missing'
        when charged.mode is null then 'no_clause'
        when charged.mode = 'none' then 'no_charge'
        when charged.mode = 'hourly' then 'hourly_not_projected'
        when charged.projected_charge_cny is null then 'price_missing'
        else 'projected'
    end as charge_status
from charged
