{{
    config(
        materialized='incremental',
        incremental_strategy='direct',
        on_schema_change='fail',
        indexes=[{'columns': ['delivery_on', 'metering_point_id'], 'unique': True}],
        pre_hook="{% if is_incremental() and not assignments_stand() %}truncate {{ this }}{% endif %}",
        post_hook="{{ analyze_grown() }}; {{ begin_progress() }}",
    )
}}

-- The spine of settlement. A point-day is here when a contract covers it (then metering is expected) or when metering
-- was delivered for it (then a contract is expected). It has exactly one contract, or its status says why not.
-- All of it is computed again, unless later metering only corrects days that were delivered before.
-- depends_on: {{ ref('stg_meter_day_reign') }} {{ ref('stg_tou_day') }}
with point_day as (
    select
        points.metering_point_id,
        days.delivery_on,
        points.account_id,
        points.net_rule
    from {{ ref('stg_metering_point') }} as points
    inner join {{ ref('int_calendar_day') }} as days
        on days.delivery_on between points.effective_from and points.valid_to
),

contract_day as (
    select
        members.account_id,
        days.delivery_on,
        count(distinct contracts.contract_id) as contracts,
        min(contracts.contract_id) as contract_id
    from {{ ref('stg_contract_account') }} as members
    inner join {{ ref('stg_contract') }} as contracts on members.contract_id = contracts.contract_id
    inner join {{ ref('int_calendar_day') }} as days
        on
            days.delivery_on between members.effective_from and members.effective_to
            and days.delivery_on between contracts.effective_from and contracts.effective_to
    group by members.account_id, days.delivery_on
),

delivered as (
    select distinct
        head.metering_point_id,
        head.delivery_on
    from {{ ref('stg_meter_day') }} as head
),

spine as (
    select
        coalesce(point_day.metering_point_id, delivered.metering_point_id) as metering_point_id,
        coalesce(point_day.delivery_on, delivered.delivery_on) as delivery_on,
        point_day.account_id,
        point_day.net_rule,
        contract_day.contracts,
        contract_day.contract_id,
        delivered.metering_point_id is not null as is_delivered
    from point_day
    full outer join delivered
        on
            point_day.metering_point_id = delivered.metering_point_id
            and point_day.delivery_on = delivered.delivery_on
    left join contract_day
        on
            point_day.account_id = contract_day.account_id
            and point_day.delivery_on = contract_day.delivery_on
)

select
    spine.metering_point_id,
    spine.delivery_on,
    spine.account_id,
    coalesce(contracts.customer_id, accounts.customer_id) as customer_id,
    contracts.contract_id,
    contracts.province,
    contracts.package_type,
    coalesce(spine.net_rule, 'import_only') as net_rule,
    spine.is_delivered,
    case
        when spine.contracts = 1 then 'assigned'
        when spine.contracts > 1 then 'in_two_contracts'
        when spine.account_id is null then 'unknown_point'
        else 'without_contract'
    end as assignment_status
from spine
left join {{ ref('stg_contract') }} as contracts
    on
        spine.contract_id = contracts.contract_id
        and spine.contracts = 1
left join {{ ref('stg_account') }} as accounts
    on
        spine.account_id = accounts.account_id
        and spine.delivery_on between accounts.effective_from and accounts.valid_to
where
    (spine.contracts is not null or spine.is_delivered)
    {% if is_incremental() %}
        -- the pre-hook has emptied the table, unless the assignments stand
        and not exists (select 1 from {{ this }})
    {% endif %}
