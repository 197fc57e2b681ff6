{{ config(materialized='view') }}

-- Contracts' shares of proposed delta lines that have no contract; they add up to the line. Both views are read once:
-- PostgreSQL would compute one of them anew for each row of the other.
with proposed as materialized (
    select *
    from {{ ref('settlement_correction_proposal') }}
    where
        status = 'proposed'
        and contract_id is null
),

moved as materialized (
    select *
    from {{ ref('int_correction_share') }}
),

valued as (
    select
        proposed.line_id,
        proposed.treatment,
        proposed.amount_cny as line_cny,
        shares.contract_id,
        shares.energy_wh,
        shares.amount_cny,
        -- 1e-9 yuan: Wh at a mean of 0.001 yuan/MWh
        shares.energy_wh * proposed.price_cny_per_mwh * 1000 as amount_nano
    from proposed
    inner join moved as shares on proposed.natural_line_id = shares.natural_line_id
),

by_mean as (
    select
        valued.line_id,
        valued.contract_id,
        valued.energy_wh,
        cast({{ largest_remainder(
            numerator='valued.amount_nano',
            denominator='10000000',
            total='valued.line_cny * 100',
            partition_by='valued.line_id',
            order_by='valued.contract_id',
        ) }} as numeric) / 100 as amount_cny
    from valued
    where valued.treatment = 'mean_of_market'
)

select
    by_mean.line_id,
    by_mean.contract_id,
    by_mean.energy_wh,
    cast(by_mean.amount_cny as numeric(16, 2)) as amount_cny
from by_mean

union all

select
    valued.line_id,
    valued.contract_id,
    valued.energy_wh,
    cast(valued.amount_cny as numeric(16, 2)) as amount_cny
from valued
where valued.treatment = 'full'
