-- every settlement line as statements print it: in whose words, under which stage and at which place
select
    lines.line_id,
    lines.province,
    lines.delivery_month,
    lines.side,
    lines.contract_id,
    lines.account_id,
    coalesce(lines.customer_id, contracts.customer_id) as customer_id,
    contracts.manager_username,
    case when lines.reason_code is not null then 'correction' else coalesce(components.stage, words.stage, 'other') end as stage,
    stages.title_zh as stage_zh,
    stages.title_en as stage_en,
    stages.place as stage_place,
    lines.component,
    coalesce(components.title_zh, words.title_zh, replace(lines.component, '_', ' ')) as title_zh,
    coalesce(components.title_en, words.title_en, replace(lines.component, '_', ' ')) as title_en,
    coalesce(components.component_no, words.place, 0) as component_place,
    lines.tou_period,
    {{ period_place('lines.tou_period') }} as period_place,
    case
        when lines.reason_code is not null then false
        when components.component_no is not null then components.share is not null
        else coalesce(words.counts_energy, false)
    end as counts_energy,
    lines.quantity_mwh,
    lines.price_cny_per_mwh,
    lines.average_price_cny_per_mwh,
    lines.amount_cny,
    lines.vat_rate,
    lines.net_cny,
    lines.vat_cny,
    lines.pack_hash,
    lines.is_illustrative,
    lines.note,
    lines.origin_month,
    lines.reason_code
from {{ ref('settlement_line') }} as lines
left join {{ ref('settlement_statement_contract') }} as contracts
    on
        lines.contract_id = contracts.contract_id
        and lines.delivery_month = contracts.delivery_month
left join {{ ref('stg_package_component') }} as components
    on
        contracts.package_hash = components.package_hash
        and lines.component = components.component_id
        and lines.side = 'retail'
left join {{ ref('settlement_component') }} as words
    on
        lines.side = words.side
        and lines.component = words.component
left join {{ ref('settlement_stage') }} as stages
    on case when lines.reason_code is not null then 'correction' else coalesce(components.stage, words.stage, 'other') end = stages.stage
