-- The curves of a delivered month: of the point, or of all points of the account on their days of validity. Periods are
-- kept of the net energy only, so a netted point has no curve by period; neither has a day without a schedule.
with members as (
    select
        subjects.subject_type,
        subjects.subject_id,
        points.metering_point_id,
        points.effective_from,
        points.valid_to
    from {{ ref('stg_metering_point') }} as points
    cross join
        lateral (
            values ('metering_point', points.metering_point_id), ('account', points.account_id)
        ) as subjects (subject_type, subject_id)
),

spans as (
    select
        totals.subject_type,
        totals.subject_id,
        totals.channel,
        totals.period,
        totals.delivery_month,
        members.metering_point_id,
        greatest(members.effective_from, totals.delivery_month) as from_on,
        least(members.valid_to, cast(totals.delivery_month + interval '1 month' as date) - 1) as to_on
    from {{ ref('stg_month_energy') }} as totals
    inner join members
        on
            totals.subject_type = members.subject_type
            and totals.subject_id = members.subject_id
            and totals.delivery_month + interval '1 month' > members.effective_from
            and totals.delivery_month <= members.valid_to
),

valued as (
    select
        spans.*,
        coalesce(96 - points.missing_slots, 0) as present_slots,
        case
            when spans.channel = 'active_export' and spans.period = 'all' then points.export_wh
            when spans.channel <> 'active_import' then null
            when spans.period = 'all' then points.import_wh
            when points.is_export_netted then null
            {%- for period in tou_periods() %}
                when spans.period = '{{ period }}' then points.{{ period }}_wh
            {%- endfor %}
        end as curve_wh
    from spans
    left join {{ ref('int_point_day_energy') }} as points
        on
            spans.metering_point_id = points.metering_point_id
            and points.delivery_on between spans.from_on and spans.to_on
),

measured as (
    select
        valued.subject_type,
        valued.subject_id,
        valued.channel,
        valued.period,
        valued.delivery_month,
        96 * (valued.to_on - valued.from_on + 1) - sum(valued.present_slots) as missing_slots,
        bool_or(valued.present_slots > 0 and valued.curve_wh is null) as is_unknown,
        sum(valued.curve_wh) as curve_wh
    from valued
    group by
        valued.subject_type, valued.subject_id, valued.channel, valued.period, valued.delivery_month,
        valued.metering_point_id, valued.from_on, valued.to_on
)

select
    measured.subject_type,
    measured.subject_id,
    measured.channel,
    measured.period,
    measured.delivery_month,
    cast(sum(measured.missing_slots) as integer) as missing_slots,
    case
        when not bool_or(measured.is_unknown) then cast(sum(measured.curve_wh) / 1000 as numeric(28, 6))
    end as curve_kwh
from measured
group by measured.subject_type, measured.subject_id, measured.channel, measured.period, measured.delivery_month
