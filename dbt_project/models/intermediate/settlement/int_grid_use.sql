-- Accounts under contract in the months asked for: their energy, the record that says how they are billed, and the rule
-- pack. Record and pack are those of the month's last day. Nothing here waits for what only settlement needs.
with used as (
    select
        scope.province,
        scope.delivery_month,
        points.account_id,
        max(points.customer_id) as customer_id,
        count(distinct scope.delivery_on) as contract_days,
        count(*) filter (where points.missing_slots > 0) as incomplete_days,
        min(points.metering_point_id) filter (where points.missing_slots > 0) as incomplete_point_id,
        min(scope.delivery_on) filter (where points.tou_schedule_id is null) as unscheduled_on,
        cast(sum(points.import_wh) as bigint) as import_wh,
        {%- for period in tou_periods() %}
            cast(sum(points.{{ period }}_wh) as bigint) as {{ period }}_wh,
        {%- endfor %}
        cast(sum(points.energy_wh) as bigint) as energy_wh,
        bool_or(points.is_tou_illustrative) as is_tou_illustrative
    from {{ ref('int_settlement_scope_day') }} as scope
    inner join {{ ref('int_point_day_energy') }} as points
        on
            scope.province = points.province
            and scope.delivery_on = points.delivery_on
    where
        not scope.is_open_month
        and points.account_id is not null
    group by scope.province, scope.delivery_month, points.account_id
),

rules as (
    select
        scope.province,
        scope.delivery_month,
        max(scope.delivery_on) as last_on,
        max(scope.pack_hash) filter (where scope.delivery_on = scope.delivery_month + interval '1 month - 1 day') as pack_hash,
        count(distinct packs.tariff_digest) as tariffs
    from {{ ref('int_settlement_scope_day') }} as scope
    left join {{ ref('stg_pack_tariff') }} as packs on scope.pack_hash = packs.pack_hash
    where not scope.is_open_month
    group by scope.province, scope.delivery_month
)

select
    used.*,
    cast(extract(day from rules.last_on) as integer) as month_days,
    rules.last_on,
    rules.pack_hash,
    rules.tariffs,
    accounts.voltage_level,
    accounts.tariff_class,
    accounts.capacity_kva,
    accounts.pf_standard,
    accounts.metered_side,
    accounts.file_name,
    accounts.line_no
from used
inner join rules
    on
        used.province = rules.province
        and used.delivery_month = rules.delivery_month
left join {{ ref('stg_account') }} as accounts
    on
        used.account_id = accounts.account_id
        and rules.last_on between accounts.effective_from and accounts.valid_to
