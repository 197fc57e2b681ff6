-- Month's meter total less the sum of its days per contract (domain §4.1), where the pack charges it as a line of its own. It is
-- known when every account of the contract has a delivered total; where the pack levels it into the days, nothing is left.
with accounts as (
    select
        quantities.contract_id,
        quantities.account_id,
        quantities.delivery_month
    from {{ ref('int_retail_account_quantity') }} as quantities
    inner join {{ ref('int_retail_need') }} as needs
        on
            quantities.contract_id = needs.contract_id
            and quantities.delivery_month = needs.delivery_month
    where
        quantities.division = 'none'
        and needs.name = 'balance_q'
),

compared as (
    select
        accounts.contract_id,
        accounts.delivery_month,
        packs.month_end_meter_difference,
        -- the check gives the curve less the total
        -checks.difference_kwh as difference_kwh
    from accounts
    inner join {{ ref('int_retail_case') }} as cases
        on
            accounts.contract_id = cases.contract_id
            and accounts.delivery_month = cases.delivery_month
    inner join {{ ref('stg_pack_day') }} as packs
        on
            cases.province = packs.province
            and accounts.delivery_month = packs.delivery_on
    left join {{ ref('energy_month_check') }} as checks
        on
            accounts.account_id = checks.subject_id
            and accounts.delivery_month = checks.delivery_month
            and checks.subject_type = 'account'
            and checks.channel = 'active_import'
            and checks.period = 'all'
            and checks.missing_slots = 0
)

select
    compared.contract_id,
    compared.delivery_month,
    case
        when compared.month_end_meter_difference = 'levelled' then 0
        else {{ half_up('sum(compared.difference_kwh) / 1000', 3) }}
    end as balance_mwh
from compared
group by compared.contract_id, compared.delivery_month, compared.month_end_meter_difference
having
    compared.month_end_meter_difference = 'levelled'
    or (compared.month_end_meter_difference = 'priced_line' and count(*) = count(compared.difference_kwh))
