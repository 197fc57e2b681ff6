{# What a row of the deviation outlook says to people. What cannot be computed is said by name. #}

{% macro outlook_message_zh(row) -%}
    {{ row }}.subject_zh || ' ' || {{ row }}.period_code || '：' || case
        when {{ row }}.contract_mwh is null then '缺少合同电量，无法预警'
        when {{ row }}.projected_mwh is null then '缺少完整的历史电量，无法预测'
        else
            case when {{ row }}.scope = 'contract' then '合同 ' else '持仓 ' end || {{ row }}.contract_mwh || ' MWh，'
            || coalesce('截至 ' || to_char({{ row }}.actual_through_on, 'MM-DD') || ' 实际 ' || {{ row }}.actual_mwh || ' MWh，', '')
            || '预计 ' || {{ row }}.projected_mwh || ' MWh'
            || case when {{ row }}.scope = 'portfolio_mlt'
                then '，敞口 ' || {{ row }}.projected_deviation_mwh || ' MWh'
                else coalesce('，偏差 ' || {{ signed_percent(row ~ '.projected_deviation_rate') }} || '%', '') end
            || case when {{ row }}.execution_level = 'warn'
                then '，执行进度 ' || round({{ row }}.execution_rate * 100, 2) || '%' else '' end
            || case {{ row }}.charge_status
                when 'projected' then '，预计偏差费用 ' || {{ row }}.projected_charge_cny || ' 元（客户承担 '
                    || {{ row }}.customer_charge_cny || ' 元）'
                when 'no_clause' then '，合同没有偏差条款'
                when 'no_charge' then '，合同不收偏差费用'
                when 'hourly_not_projected' then '；条款按小时考核，以上为月度偏差，费用不预测'
                when 'price_missing' then '，缺少 ' || {{ row }}.price_series || ' 价格，费用未知'
                else '' end
    end
{%- endmacro %}

{% macro outlook_message_en(row) -%}
    {{ row }}.subject_en || ', ' || {{ row }}.period_code || ': ' || case
        when {{ row }}.contract_mwh is null then 'no contract quantity, so no warning is possible'
        when {{ row }}.projected_mwh is null then 'no complete past days, so no forecast is possible'
        else
            {{ row }}.contract_mwh || ' MWh' || case when {{ row }}.scope = 'contract' then ' contracted, ' else ' bought, ' end
            || coalesce({{ row }}.actual_mwh || ' MWh used through ' || to_char({{ row }}.actual_through_on, 'MM-DD') || ', ', '')
            || {{ row }}.projected_mwh || ' MWh projected'
            || case when {{ row }}.scope = 'portfolio_mlt'
                then ', ' || {{ row }}.projected_deviation_mwh || ' MWh open'
                else coalesce(', deviation ' || {{ signed_percent(row ~ '.projected_deviation_rate') }} || ' %', '') end
            || case when {{ row }}.execution_level = 'warn'
                then ', execution ' || round({{ row }}.execution_rate * 100, 2) || ' %' else '' end
            || case {{ row }}.charge_status
                when 'projected' then ', projected charge ' || {{ row }}.projected_charge_cny || ' yuan (customer '
                    || {{ row }}.customer_charge_cny || ' yuan)'
                when 'no_clause' then ', the contract has no deviation clause'
                when 'no_charge' then ', the contract charges no deviation'
                when 'hourly_not_projected' then '; the clause is hourly: this is the month''s deviation, the charge is not projected'
                when 'price_missing' then ', ' || {{ row }}.price_series || ' has no price yet, so the charge is unknown'
                else '' end
    end
{%- endmacro %}

{# 0.08 to +8.00 #}
{% macro signed_percent(rate) -%}
    case when {{ rate }} > 0 then '+' else '' end || round({{ rate }} * 100, 2)
{%- endmacro %}
