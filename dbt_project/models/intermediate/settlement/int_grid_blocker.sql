-- What keeps an account's month from having a grid bill, by name. account_id NULL: it keeps every account of the province
-- from it. The settlement of the month does not wait for any of this.
with months as (
    select
        uses.province,
        uses.delivery_month,
        uses.pack_hash,
        max(uses.tariffs) as tariffs
    from {{ ref('int_grid_use') }} as uses
    group by uses.province, uses.delivery_month, uses.pack_hash
),

priced as (
    select
        prices.province,
        prices.delivery_month,
        bool_or(prices.component = 'energy') as has_energy,
        bool_or(prices.component = 'line_loss') as has_line_loss,
        bool_or(prices.component in {{ system_parts() }}) as has_system_operation,
        bool_or(prices.component = 'funds') as has_funds
    from {{ ref('int_grid_price') }} as prices
    group by prices.province, prices.delivery_month
),

-- of a province's month
rule_gap as (
    select
        months.province,
        months.delivery_month,
        gaps.field
    from months
    left join {{ ref('stg_pack_tariff') }} as packs on months.pack_hash = packs.pack_hash
    cross join
        lateral (
            values
            ('pack', packs.pack_hash is null),
            ('settlement.vat_rate', packs.vat_rate is null),
            ('tariff.transmission_distribution', not packs.has_grid_prices),
            ('tariff.power_factor_tables', not packs.has_power_factor_tables),
            ('tariff.power_factor_base', packs.power_factor_base is null),
            ('tou.floats', packs.floats is null)
        ) as gaps (field, is_missing)
    where
        gaps.is_missing
        and (gaps.field = 'pack' or packs.pack_hash is not null)
),

tariff_gap as (
    select
        months.province,
        months.delivery_month,
        gaps.component
    from months
    left join priced
        on
            months.province = priced.province
            and months.delivery_month = priced.delivery_month
    cross join
        lateral (
            values
            ('energy', not coalesce(priced.has_energy, false)),
            -- without the agency price there is no fallback either; it is named once
            ('line_loss', priced.has_energy and not priced.has_line_loss),
            ('system_operation', not coalesce(priced.has_system_operation, false)),
            ('funds', not coalesce(priced.has_funds, false))
        ) as gaps (component, is_missing)
    where
        gaps.is_missing
        and months.pack_hash is not null
),

-- of an account's month
account_tariff as (
    select
        tariffs.province,
        tariffs.delivery_month,
        tariffs.account_id,
        max(tariffs.demand_cny_per_kw_month) as demand_cny_per_kw_month,
        max(tariffs.capacity_cny_per_kva_month) as capacity_cny_per_kva_month,
        count(*) > 1 as is_split
    from {{ ref('int_grid_tariff') }} as tariffs
    group by tariffs.province, tariffs.delivery_month, tariffs.account_id
),

account_period as (
    select
        periods.province,
        periods.delivery_month,
        periods.account_id,
        min(periods.tou_period) filter (where coalesce(periods.printed_cny_per_kwh, periods.multiple) is null) as unpriced_period,
        bool_or(periods.printed_cny_per_kwh is not null) as is_printed
    from {{ ref('int_grid_period') }} as periods
    group by periods.province, periods.delivery_month, periods.account_id
),

account as (
    select
        uses.province,
        uses.delivery_month,
        uses.account_id,
        uses.contract_days,
        uses.month_days,
        uses.incomplete_days,
        uses.incomplete_point_id,
        uses.unscheduled_on,
        uses.voltage_level,
        uses.metered_side,
        uses.pf_standard,
        uses.file_name,
        uses.line_no,
        to_char(uses.delivery_month, 'YYYY-MM') as month_text,
        packs.has_grid_prices,
        packs.has_power_factor_tables,
        tariffs.account_id is not null as is_priced,
        tariffs.demand_cny_per_kw_month is not null as is_two_part,
        coalesce(tariffs.is_split, false) as is_split,
        coalesce(cast(packs.floats ->> 'transmission_distribution' as boolean), false) or coalesce(periods.is_printed, false)
            as does_need_one_price,
        periods.unpriced_period,
        power.charge_basis,
        power.declared_kw,
        power.max_demand_kw,
        power.reactive_wh,
        power.unknown_point_id,
        power.pf_rate,
        case
            when packs.declared_share_min is null then 'tariff.demand.declared_share_min'
            when packs.tolerance_factor is null then 'tariff.demand.tolerance_factor'
            when packs.excess_factor is null then 'tariff.demand.excess_factor'
            when packs.discount_from_kwh_per_kva is null then 'tariff.demand.discount_from_kwh_per_kva'
            when packs.discount_factor is null then 'tariff.demand.discount_factor'
        end as missing_demand_rule
    from {{ ref('int_grid_use') }} as uses
    left join {{ ref('stg_pack_tariff') }} as packs on uses.pack_hash = packs.pack_hash
    left join account_tariff as tariffs
        on
            uses.province = tariffs.province
            and uses.delivery_month = tariffs.delivery_month
            and uses.account_id = tariffs.account_id
    left join account_period as periods
        on
            uses.province = periods.province
            and uses.delivery_month = periods.delivery_month
            and uses.account_id = periods.account_id
    left join {{ ref('int_grid_power') }} as power
        on
            uses.province = power.province
            and uses.delivery_month = power.delivery_month
            and uses.account_id = power.account_id
)

select
    gaps.province,
    gaps.delivery_month,
    cast(null as text) as account_id,
    'rule_missing' as blocker_kind,
    gaps.field,
    'no delivery' as file_name,
    cast(null as integer) as line_no,
    case gaps.field
        when 'pack' then 'no rule pack of ' || gaps.province || ' rules the last day of ' || to_char(gaps.delivery_month, 'YYYY-MM')
        else 'the rule pack of ' || gaps.province || ' has no ' || gaps.field || ' for ' || to_char(gaps.delivery_month, 'YYYY-MM')
    end as message,
    'add the value to the rule pack of ' || gaps.province || ' that covers ' || to_char(gaps.delivery_month, 'YYYY-MM') || ' and load it'
        as remedy
from rule_gap as gaps

union all

select
    months.province,
    months.delivery_month,
    cast(null as text) as account_id,
    'tariff_changes' as blocker_kind,
    'effective_from' as field,
    'no delivery' as file_name,
    cast(null as integer) as line_no,
    'the grid tariff of ' || months.province || ' changes inside ' || to_char(months.delivery_month, 'YYYY-MM')
    || ', and a month is billed by one' as message,
    'let the packs change their tariff and multiples on the first of a month' as remedy
from months
where months.tariffs > 1

union all

select
    gaps.province,
    gaps.delivery_month,
    cast(null as text) as account_id,
    'agency_tariff_missing' as blocker_kind,
    gaps.component as field,
    'no delivery' as file_name,
    cast(null as integer) as line_no,
    'no ' || gaps.component || ' price of ' || gaps.province || ' was published for ' || to_char(gaps.delivery_month, 'YYYY-MM') as message,
    case gaps.component
        when 'line_loss' then 'deliver it in feed agency_tariff, or add line_loss_rate and line_loss_fallback to the rule pack'
        when 'energy' then 'deliver it in feed agency_tariff'
        else 'deliver it in feed agency_tariff, or add it to the rule pack where it does not change from month to month'
    end as remedy
from tariff_gap as gaps

union all

select
    account.province,
    account.delivery_month,
    account.account_id,
    gaps.blocker_kind,
    gaps.field,
    coalesce(account.file_name, 'no delivery') as file_name,
    account.line_no,
    gaps.message,
    gaps.remedy
from account
cross join
    lateral (
        values
        (
            'metering_missing', 'p01', account.incomplete_days > 0,
            'account ' || account.account_id || ' lacks energy on ' || account.incomplete_days || ' point-days of ' || account.month_text
            || ', first at metering point ' || account.incomplete_point_id,
            'deliver the days in feed meter_day with every slot filled'
        ),
        (
            'part_month', 'effective_from', account.contract_days < account.month_days,
            'account ' || account.account_id || ' is under contract on ' || account.contract_days || ' of ' || account.month_days
            || ' days of ' || account.month_text || ', and a grid bill is for a whole month',
            'nothing; the first whole month under contract has a bill'
        ),
        (
            'account_missing', 'account_id', account.voltage_level is null,
            'account ' || account.account_id || ' has no record that holds on the last day of ' || account.month_text,
            'deliver it in feed account'
        ),
        (
            'rule_missing', 'tou.schedule', account.unscheduled_on is not null,
            'no time-of-use schedule of ' || account.province || ' is known for ' || account.unscheduled_on
            || ', and account ' || account.account_id || ' is billed by period',
            'add tou.schedule to the rule pack, or deliver the day in feed tou_condition_day where a condition decides'
        ),
        (
            'rule_missing', 'tou.multiples', account.unpriced_period is not null,
            'the rule pack of ' || account.province || ' has no multiple, and no price is printed, for period '
            || account.unpriced_period || ' of account ' || account.account_id || ' in ' || account.month_text,
            'add tou.multiples to the rule pack, or deliver the printed price in feed agency_period_price'
        ),
        (
            'grid_price_missing', 'voltage_level',
            account.voltage_level is not null and account.has_grid_prices and not account.is_priced,
            'no transmission and distribution price of ' || account.province || ' fits account ' || account.account_id || ': voltage '
            || account.voltage_level || ', metered side ' || coalesce(account.metered_side, 'not said'),
            'correct voltage_level (e.g. 10kV), tariff_class, capacity_kva or metered_side in feed account'
        ),
        (
            'rule_unsupported', 'tariff.transmission_distribution', account.is_split and account.does_need_one_price,
            'account ' || account.account_id || ' has a transmission and distribution price that the use of the month splits, '
            || 'which this release does not bill together with printed prices or where that price floats',
            'leave agency_period_price out for this class'
        ),
        (
            'declared_demand_missing', 'charge_basis', account.is_two_part and account.charge_basis is null,
            'nobody has said whether the basic charge of account ' || account.account_id || ' in ' || account.month_text
            || ' is by demand or by capacity',
            'deliver the account and month in feed declared_demand'
        ),
        (
            'rule_missing', coalesce(account.missing_demand_rule, 'tariff.demand'),
            account.is_two_part and account.charge_basis = 'demand' and account.missing_demand_rule is not null,
            'the rule pack of ' || account.province || ' has no ' || account.missing_demand_rule || ', and account '
            || account.account_id || ' is billed by demand',
            'add the value to the rule pack of ' || account.province || ' and load it'
        ),
        (
            'demand_missing', 'max_demand_kw',
            account.max_demand_kw is null and ((account.is_two_part and account.charge_basis = 'demand') or account.is_split),
            'the maximum demand of account ' || account.account_id || ' in ' || account.month_text || ' is not known',
            'deliver max_demand_kw of the monthly freeze in feed register_reading, or the days in feed meter_day'
        ),
        (
            'reactive_missing', 'reactive_import', account.reactive_wh is null,
            'the reactive energy of account ' || account.account_id || ' in ' || account.month_text || ' is not known'
            || coalesce(', first at metering point ' || account.unknown_point_id, ''),
            'deliver reactive_import of every day in feed meter_day, of the monthly freezes in feed register_reading, '
            || 'or of the month in feed month_energy'
        ),
        (
            'rule_missing', 'tariff.power_factor_tables',
            account.has_power_factor_tables and account.reactive_wh is not null and account.pf_rate is null
            and account.pf_standard is not null,
            'the rule pack of ' || account.province || ' has no power-factor table for the standard ' || account.pf_standard
            || ' of account ' || account.account_id,
            'correct pf_standard in feed account (0.80, 0.85 or 0.90), or add the table to the rule pack'
        )
    ) as gaps (blocker_kind, field, is_missing, message, remedy)
where gaps.is_missing
