-- from what was settled, so that closed months keep their statements
with settled as (
    select
        lines.contract_id,
        lines.delivery_month
    from {{ ref('settlement_line') }} as lines
    where lines.contract_id is not null

    union

    select
        margins.contract_id,
        margins.delivery_month
    from {{ ref('settlement_margin') }} as margins
),

money as (
    select
        lines.contract_id,
        lines.delivery_month,
        cast(count(*) as integer) as lines,
        sum(lines.amount_cny) as amount_cny,
        sum(lines.net_cny) as net_cny,
        sum(lines.vat_cny) as vat_cny,
        bool_or(lines.is_illustrative) as is_illustrative
    from {{ ref('settlement_line') }} as lines
    where lines.side = 'retail'
    group by lines.contract_id, lines.delivery_month
),

rules as (
    select
        lines.contract_id,
        lines.delivery_month,
        lines.pack_hash,
        max(packs.province_name) as province_name,
        max(packs.pack_version) as pack_version,
        max(packs.pack_effective_from) as pack_effective_from
    from {{ ref('settlement_line') }} as lines
    left join {{ ref('stg_rule_pack') }} as packs on lines.pack_hash = packs.pack_hash
    where lines.side = 'retail'
    group by lines.contract_id, lines.delivery_month, lines.pack_hash
),

packs as (
    select
        rules.contract_id,
        rules.delivery_month,
        max(rules.province_name) as province_name,
        string_agg(rules.pack_version, ', ' order by rules.pack_effective_from, rules.pack_hash) as pack_versions,
        string_agg(rules.pack_hash, ', ' order by rules.pack_effective_from, rules.pack_hash) as pack_hashes
    from rules
    group by rules.contract_id, rules.delivery_month
),

points as (
    select
        points.contract_id,
        points.delivery_month,
        cast(count(distinct points.account_id) as integer) as accounts,
        cast(count(distinct points.metering_point_id) as integer) as metering_points
    from {{ ref('settlement_statement_point') }} as points
    group by points.contract_id, points.delivery_month
),

-- what is said about a contract: in a closed month what was said then, in every other month what is known now
described as (
    select
        booked.province,
        booked.origin_month as delivery_month,
        booked.contract_id,
        booked.customer_id,
        booked.customer_name,
        booked.customer_name_en,
        booked.effective_from,
        booked.effective_to,
        booked.package_type,
        booked.version_no,
        booked.package_id,
        booked.package_version,
        booked.package_hash,
        booked.package_title_zh,
        booked.package_title_en,
        booked.settles_by,
        booked.channel_id,
        booked.channel_name,
        booked.channel_name_en
    from {{ ref('stg_ledger_head') }} as booked

    union all

    select
        contracts.province,
        settled.delivery_month,
        settled.contract_id,
        contracts.customer_id,
        coalesce(customers.customer_name, contracts.customer_id) as customer_name,
        coalesce(customers.customer_name_en, customers.customer_name, contracts.customer_id) as customer_name_en,
        contracts.effective_from,
        contracts.effective_to,
        contracts.package_type,
        terms.version_no,
        terms.package_id,
        terms.package_version,
        packages.package_hash,
        packages.title_zh as package_title_zh,
        packages.title_en as package_title_en,
        terms.settles_by,
        channels.channel_id,
        channels.channel_name,
        channels.channel_name_en
    from settled
    inner join {{ ref('stg_contract') }} as contracts on settled.contract_id = contracts.contract_id
    left join {{ ref('int_customer') }} as customers on contracts.customer_id = customers.customer_id
    left join {{ ref('int_contract_channel') }} as channels on settled.contract_id = channels.contract_id
    left join {{ ref('int_retail_terms') }} as terms
        on
            settled.contract_id = terms.contract_id
            and settled.delivery_month = terms.delivery_month
    left join {{ ref('int_package') }} as packages
        on
            terms.package_id = packages.package_id
            and terms.package_version = packages.package_version
    where
        not exists (
            select 1
            from {{ ref('stg_ledger_head') }} as booked
            where
                booked.contract_id = settled.contract_id
                and booked.origin_month = settled.delivery_month
        )
)

select
    described.province,
    coalesce(packs.province_name, described.province) as province_name,
    described.delivery_month,
    described.contract_id,
    described.customer_id,
    described.customer_name,
    described.customer_name_en,
    -- who may see the row is of today, also in a closed month
    customers.manager_username,
    described.channel_id,
    described.channel_name,
    described.channel_name_en,
    described.effective_from,
    described.effective_to,
    described.package_type,
    described.version_no,
    described.package_id,
    described.package_version,
    described.package_hash,
    described.package_title_zh,
    described.package_title_en,
    described.settles_by,
    packs.pack_versions,
    packs.pack_hashes,
    coalesce(points.accounts, 0) as accounts,
    coalesce(points.metering_points, 0) as metering_points,
    margins.energy_mwh,
    coalesce(money.lines, 0) as lines,
    coalesce(money.amount_cny, 0) as amount_cny,
    coalesce(money.net_cny, 0) as net_cny,
    coalesce(money.vat_cny, 0) as vat_cny,
    coalesce(money.is_illustrative, false) as is_illustrative
from described
left join {{ ref('int_customer') }} as customers on described.customer_id = customers.customer_id
left join {{ ref('settlement_margin') }} as margins
    on
        described.contract_id = margins.contract_id
        and described.delivery_month = margins.delivery_month
left join money
    on
        described.contract_id = money.contract_id
        and described.delivery_month = money.delivery_month
left join packs
    on
        described.contract_id = packs.contract_id
        and described.delivery_month = packs.delivery_month
left join points
    on
        described.contract_id = points.contract_id
        and described.delivery_month = points.delivery_month
