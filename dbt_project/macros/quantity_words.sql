{# Words of power quantity distribution for people, in Chinese and English. #}

{# why a request was refused; NULL for an accepted one #}
{% macro refusal_zh(request) -%}
    case {{ request }}.refusal_code
        when 'no_quantity' then '该合同该月没有合同电量'
        when 'no_right' then '合同没有约定该方向的调整权'
        when 'over_rate' then '调整 ' || {{ number_text('abs(' ~ request ~ '.change_mwh)', 3) }} || ' MWh,超过合同允许的 '
            || {{ percent_text(request ~ '.right_rate') }} || '%'
        when 'late_notice' then '提前 ' || {{ request }}.notice_days || ' 天提出,合同要求至少 ' || {{ request }}.adjust_notice_days || ' 天'
        when 'too_often' then '当年已用完合同允许的 ' || {{ request }}.adjust_times_per_year || ' 次调整'
    end
{%- endmacro %}

{% macro refusal_en(request) -%}
    case {{ request }}.refusal_code
        when 'no_quantity' then 'the contract has no quantity for this month'
        when 'no_right' then 'the contract gives no right to adjust in this direction'
        when 'over_rate' then 'a change of ' || {{ number_text('abs(' ~ request ~ '.change_mwh)', 3) }} || ' MWh is beyond the '
            || {{ percent_text(request ~ '.right_rate') }} || '% that the contract allows'
        when 'late_notice' then 'requested ' || {{ request }}.notice_days || ' days before the month, the contract asks for '
            || {{ request }}.adjust_notice_days
        when 'too_often' then 'all adjustments of the year are used up; the contract allows ' || {{ request }}.adjust_times_per_year
    end
{%- endmacro %}

{# what a quantity lacks (int_quantity_blocker) #}
{% macro quantity_missing_zh(row) -%}
    case {{ row }}.missing_code
        when 'contract' then '合同库中没有该合同'
        when 'term' then '合同期内没有 ' || {{ row }}.object_name || ' 年的月份'
        when 'year_weight' then '年分月模板 ' || {{ row }}.object_name || ' 缺少该月份的权重,或合同期各月权重全为 0'
        when 'calendar' then '日历中没有 ' || extract(year from {{ row }}.missing_on) || ' 年的法定节假日'
        when 'month_weight' then '月分日模板 ' || {{ row }}.object_name || ' 缺少' || coalesce({{ day_type_zh(row ~ '.missing_day_type') }}, '各日类型')
            || '的权重,或全为 0'
        when 'tou_schedule' then {{ row }}.object_name || ' ' || {{ row }}.missing_on || ' 没有已确定的分时时段'
        when 'tou_period' then {{ row }}.object_name || ' ' || {{ row }}.missing_on || ' 的分时时段中没有日模板所需的时段'
        when 'day_template' then '日曲线模板 ' || {{ row }}.object_name || ' 缺少' || {{ day_type_zh(row ~ '.missing_day_type') }}
            || '的 24 小时权重,或全为 0'
        when 'system_load' then {{ row }}.object_name || ' 此前十二个月没有' || {{ day_type_zh(row ~ '.missing_day_type') }} || '的实际系统负荷'
        when 'purchase' then coalesce('合同 ' || {{ row }}.object_name || ' 的电量未知,', '没有合同电量,') || '该月购电量不能分配'
    end
{%- endmacro %}

{% macro quantity_missing_en(row) -%}
    case {{ row }}.missing_code
        when 'contract' then 'feed contract does not know this contract'
        when 'term' then 'the term of the contract has no month of ' || {{ row }}.object_name
        when 'year_weight' then 'year template ' || {{ row }}.object_name
            || ' has no weight for this month, or only weights of 0 for the months of the contract'
        when 'calendar' then 'the calendar has no public holidays of ' || extract(year from {{ row }}.missing_on)
        when 'month_weight' then 'month template ' || {{ row }}.object_name || ' has no weight for '
            || coalesce({{ day_type_en(row ~ '.missing_day_type') }}, 'any day type') || ', or only weights of 0'
        when 'tou_schedule' then 'no time of use is decided for ' || {{ row }}.object_name || ' on ' || {{ row }}.missing_on
        when 'tou_period' then 'the time of use of ' || {{ row }}.object_name || ' on ' || {{ row }}.missing_on
            || ' has no hours of the kind that the day template needs'
        when 'day_template' then 'day template ' || {{ row }}.object_name || ' lacks one of the 24 hours for '
            || {{ day_type_en(row ~ '.missing_day_type') }} || ', or has only weights of 0'
        when 'system_load' then 'no actual system load of ' || {{ row }}.object_name || ' on '
            || {{ day_type_en(row ~ '.missing_day_type') }} || ' of the twelve months before'
        when 'purchase' then 'the purchases of the month cannot be distributed: '
            || coalesce('the quantity of contract ' || {{ row }}.object_name || ' is not known', 'no contract has a quantity')
    end
{%- endmacro %}

{% macro quantity_remedy_en(row) -%}
    case {{ row }}.missing_code
        when 'contract' then 'deliver the contract (feed contract), or correct contract_id'
        when 'term' then 'correct delivery_year, or the term of the contract'
        when 'calendar' then 'add the holidays to the seed calendar_exception'
        when 'tou_schedule' then 'load a rule pack with tou.schedule for that day, or deliver its condition (feed tou_condition_day)'
        when 'tou_period' then 'give the contract another day template'
        when 'system_load' then 'deliver load_actual (feed system_day), or name a delivered day template'
        when 'purchase' then 'deliver the quantity (feed contract_quantity or contract_distribution)'
        else 'deliver the missing lines (feed curve_template), or name another template'
    end
{%- endmacro %}

{% macro quantity_remedy_zh(row) -%}
    case {{ row }}.missing_code
        when 'contract' then '补报合同(contract),或更正合同编号'
        when 'term' then '更正交割年份或合同期'
        when 'calendar' then '在日历表 calendar_exception 中补充节假日'
        when 'tou_schedule' then '加载含当日分时时段的规则包,或补报其条件(tou_condition_day)'
        when 'tou_period' then '为合同更换日曲线模板'
        when 'system_load' then '补报实际系统负荷(system_day),或为合同指定日曲线模板'
        when 'purchase' then '补报合同电量(contract_quantity 或 contract_distribution)'
        else '补报模板缺少的行(curve_template),或更换模板'
    end
{%- endmacro %}
