with open_difference as (
    select
        lines.*,
        coalesce(lines.issued_on, lines.received_on) as counts_from_on,
        case
            when lines.party = 'trading_centre' then 'trading_centre'
            when lines.difference_kind = 'quantity' then 'grid_company_metering'
            else 'grid_company_settlement'
        end as addressee
    from {{ ref('settlement_reconciliation') }} as lines
    where lines.is_stated and lines.difference_kind not in ('agrees', 'within_tolerance')
),

-- the rules of the month's last day
rules as (
    select
        days.province,
        cast(date_trunc('month', days.delivery_on) as date) as delivery_month,
        packs.objection_working_days,
        packs.dispute_working_days,
        packs.answer_working_days,
        packs.formal_working_day
    from {{ ref('stg_pack_day') }} as days
    inner join {{ ref('stg_pack_reconciliation') }} as packs on days.pack_hash = packs.pack_hash
    where extract(day from days.delivery_on + 1) = 1
),

dated as (
    select
        open_difference.*,
        run.business_date,
        rules.answer_working_days,
        {{ working_days_after('open_difference.counts_from_on', 'rules.objection_working_days') }} as objection_deadline_on,
        {{ working_days_after('open_difference.counts_from_on', 'rules.dispute_working_days') }} as dispute_deadline_on,
        (
            select formal.delivery_on
            from {{ ref('int_working_day') }} as formal
            where
                formal.delivery_month = cast(open_difference.delivery_month + interval '1 month' as date)
                and formal.month_working_no = rules.formal_working_day
                and formal.is_working_day
        ) as formal_on
    from open_difference
    cross join {{ ref('stg_run') }} as run
    left join rules
        on
            open_difference.province = rules.province
            and open_difference.delivery_month = rules.delivery_month
),

answered as (
    select
        dated.*,
        coalesce(dated.objection_deadline_on, dated.dispute_deadline_on) < dated.business_date as is_past,
        {{ working_days_after(
            'least(dated.business_date, coalesce(dated.dispute_deadline_on, dated.objection_deadline_on))', 'dated.answer_working_days'
        ) }} as answer_due_on
    from dated
)

select
    answered.reconciliation_id as dispute_id,
    answered.party,
    answered.addressee,
    case answered.addressee
        when 'grid_company_metering' then '电网企业(计量)'
        when 'grid_company_settlement' then '电网企业(结算)'
        else '电力交易中心'
    end as addressee_zh,
    case answered.addressee
        when 'grid_company_metering' then 'grid company, metering'
        when 'grid_company_settlement' then 'grid company, settlement'
        else 'trading centre'
    end as addressee_en,
    {%- for column in [
        'province', 'delivery_month', 'side', 'subject_type', 'subject_id', 'contract_id', 'account_id', 'customer_id',
        'customer_name', 'customer_name_en', 'manager_username', 'component', 'title_zh', 'title_en', 'tou_period',
        'line_kind', 'difference_kind', 'quantity_difference_mwh', 'price_difference_cny_per_mwh', 'own_amount_cny',
        'stated_amount_cny', 'amount_difference_cny', 'quantity_part_cny', 'price_part_cny', 'rule_part_cny',
        'margin_effect_cny', 'statement_no', 'issued_on', 'received_on', 'counts_from_on', 'objection_deadline_on',
        'dispute_deadline_on', 'answer_due_on', 'formal_on',
    ] %}
        answered.{{ column }},
    {%- endfor %}
    answered.objection_deadline_on - answered.business_date as days_left,
    coalesce(answered.is_past, false) as is_overdue,
    case
        when answered.is_past is null then 'deadline_unknown'
        when not answered.is_past then 'open'
        when answered.dispute_deadline_on >= answered.business_date then 'objection_lapsed'
        else 'lapsed'
    end as status,
    nullif(
        concat_ws(
            ', ',
            case when answered.objection_deadline_on is null then 'calendar.monthly_objection_working_days' end,
            case when answered.dispute_deadline_on is null then 'calendar.dispute_working_days' end,
            case when answered.formal_on is null then 'calendar.monthly_formal_working_day' end
        ), ''
    ) as rule_missing,
    answered.is_illustrative
from answered
