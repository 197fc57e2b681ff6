{# How close the end of a contract is: the last of the notices T-90, T-60 and T-30 that has been reached; NULL before. #}
{% macro renewal_level(days) -%}
    case
        when {{ days }} between 0 and {{ var('contract_renewal_last_days') }} then 'T-{{ var("contract_renewal_last_days") }}'
        when {{ days }} between 0 and {{ var('contract_renewal_second_days') }} then 'T-{{ var("contract_renewal_second_days") }}'
        when {{ days }} between 0 and {{ var('contract_expiry_notice_days') }} then 'T-{{ var("contract_expiry_notice_days") }}'
    end
{%- endmacro %}

{# How urgent that is: info from the first notice on, warn from the second, alarm from the last. #}
{% macro renewal_urgency(days) -%}
    case
        when {{ days }} between 0 and {{ var('contract_renewal_last_days') }} then 'alarm'
        when {{ days }} between 0 and {{ var('contract_renewal_second_days') }} then 'warn'
        when {{ days }} between 0 and {{ var('contract_expiry_notice_days') }} then 'info'
    end
{%- endmacro %}

{# Whether a rate of execution is beyond the limits; none = not known. #}
{% macro execution_level(rate) -%}
    case
        when {{ rate }} < {{ var('kpi_execution_low_rate') }} then 'low'
        when {{ rate }} > {{ var('kpi_execution_high_rate') }} then 'high'
        when {{ rate }} is not null then 'ok'
        else 'none'
    end
{%- endmacro %}

{# How bad it is that something is open for so many days after its due day. #}
{% macro overdue_level(days) -%}
    case
        when {{ days }} > {{ var('kpi_overdue_alarm_days') }} then 'alarm'
        when {{ days }} > 0 then 'warn'
        else 'ok'
    end
{%- endmacro %}

{# Why a part of a contract's evaluation is not known, in words; NULL when it is. #}
{% macro unknown_zh(code) -%}
    case {{ code }}
        when 'no_finished_month' then '尚无已结束的月份'
        when 'quantity_missing' then '有月份缺少合同电量'
        when 'metering_missing' then '有月份缺少计量电量'
        when 'nothing_contracted' then '合同电量为零'
        when 'no_settled_month' then '尚无已结算的月份'
        when 'plan_missing' then '有已结算月份缺少计划'
        when 'no_invoice_due' then '尚无到期发票'
    end
{%- endmacro %}

{% macro unknown_en(code) -%}
    case {{ code }}
        when 'no_finished_month' then 'no month has finished yet'
        when 'quantity_missing' then 'a finished month has no contracted quantity'
        when 'metering_missing' then 'a finished month has no metered energy'
        when 'nothing_contracted' then 'the contracted quantity is zero'
        when 'no_settled_month' then 'no month is settled yet'
        when 'plan_missing' then 'a settled month has no plan'
        when 'no_invoice_due' then 'no invoice is due yet'
    end
{%- endmacro %}
