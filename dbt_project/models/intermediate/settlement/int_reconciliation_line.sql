-- What differs between our line and the stated one, and by how much: the quantity's difference at our price, the price's what
-- is left of quantity times price, and the rule's what neither explains. The three add up to the difference of the amounts.
with settled as (
    select distinct
        lines.province,
        lines.delivery_month
    from {{ ref('int_book_line') }} as lines
    where not lines.is_open_month
),

-- the rules of the month's last day, as corrections take them
rules as (
    select
        settled.province,
        settled.delivery_month,
        packs.quantity_tolerance_mwh,
        packs.price_tolerance_cny_per_mwh,
        packs.amount_tolerance_cny,
        packs.is_illustrative
    from settled
    left join {{ ref('stg_pack_day') }} as days
        on
            settled.province = days.province
            and days.delivery_on = cast(settled.delivery_month + interval '1 month - 1 day' as date)
    left join {{ ref('stg_pack_reconciliation') }} as packs on days.pack_hash = packs.pack_hash
),

differing as (
    select
        pairs.*,
        rules.quantity_tolerance_mwh,
        rules.price_tolerance_cny_per_mwh,
        rules.amount_tolerance_cny,
        coalesce(rules.is_illustrative, false) as is_tolerance_illustrative,
        pairs.own_amount_cny is null or pairs.stated_amount_cny is null as is_missing,
        case
            when pairs.own_amount_cny is null then pairs.stated_quantity_mwh
            when pairs.stated_amount_cny is null then -pairs.own_quantity_mwh
            else pairs.stated_quantity_mwh - pairs.own_quantity_mwh
        end as quantity_difference_mwh,
        -- a mean that is rounded for display is compared with a mean, and says nothing where quantity and amount agree
        case
            when pairs.is_price_exact then pairs.stated_price_cny_per_mwh - pairs.own_price_cny_per_mwh
            when pairs.stated_quantity_mwh = pairs.own_quantity_mwh and pairs.stated_amount_cny = pairs.own_amount_cny then 0
            else
                pairs.stated_price_cny_per_mwh
                - {{ half_up('pairs.own_amount_cny / nullif(pairs.own_quantity_mwh, 0)', 3) }}
        end as price_difference_cny_per_mwh,
        coalesce(pairs.stated_amount_cny, 0) - coalesce(pairs.own_amount_cny, 0) as amount_difference_cny
    from {{ ref('int_reconciliation_pair') }} as pairs
    inner join rules
        on
            pairs.province = rules.province
            and pairs.delivery_month = rules.delivery_month
),

explained as (
    select
        differing.*,
        case
            when
                differing.is_missing
                or differing.quantity_difference_mwh is null
                or (differing.quantity_difference_mwh = 0 and coalesce(differing.price_difference_cny_per_mwh, 0) = 0)
                then differing.amount_difference_cny
            -- amounts that are not quantity times price, on either side
            when differing.is_price_exact
                then
                    differing.amount_difference_cny
                    - {{ half_up('differing.stated_quantity_mwh * differing.stated_price_cny_per_mwh', 2) }}
                    + {{ half_up('differing.own_quantity_mwh * differing.own_price_cny_per_mwh', 2) }}
            else 0
        end as rule_part_cny
    from differing
),

split as (
    select
        explained.*,
        case
            when explained.is_missing or coalesce(explained.quantity_difference_mwh, 0) = 0 then 0
            when coalesce(explained.price_difference_cny_per_mwh, 0) = 0
                then explained.amount_difference_cny - explained.rule_part_cny
            else {{ half_up('explained.quantity_difference_mwh * explained.own_price_cny_per_mwh', 2) }}
        end as quantity_part_cny
    from explained
),

parted as (
    select
        split.*,
        split.amount_difference_cny - split.rule_part_cny - split.quantity_part_cny as price_part_cny,
        abs(coalesce(split.quantity_difference_mwh, 0)) <= coalesce(split.quantity_tolerance_mwh, 0) as is_quantity_within,
        abs(coalesce(split.price_difference_cny_per_mwh, 0)) <= coalesce(split.price_tolerance_cny_per_mwh, 0) as is_price_within,
        abs(split.amount_difference_cny) <= coalesce(split.amount_tolerance_cny, 0) as is_amount_within,
        abs(split.rule_part_cny) <= coalesce(split.amount_tolerance_cny, 0) as is_rule_within,
        nullif(
            concat_ws(
                ', ',
                case when split.quantity_tolerance_mwh is null then 'reconciliation.quantity_tolerance_mwh' end,
                case when split.price_tolerance_cny_per_mwh is null then 'reconciliation.price_tolerance_cny_per_mwh' end,
                case when split.amount_tolerance_cny is null then 'reconciliation.amount_tolerance_cny' end
            ), ''
        ) as tolerances_missing
    from split
),

judged as (
    select
        parted.*,
        case
            when parted.own_amount_cny is null then 'missing_ours'
            when parted.stated_amount_cny is null then 'missing_theirs'
            when parted.does_component_differ then 'rule'
            when
                parted.amount_difference_cny = 0
                and coalesce(parted.quantity_difference_mwh, 0) = 0
                and coalesce(parted.price_difference_cny_per_mwh, 0) = 0
                then 'agrees'
            when
                parted.tolerances_missing is null
                and parted.is_quantity_within
                and parted.is_price_within
                and parted.is_amount_within
                then 'within_tolerance'
            when parted.is_quantity_within and parted.is_price_within and not parted.is_rule_within then 'rule'
            when
                coalesce(parted.price_difference_cny_per_mwh, 0) <> 0
                and (
                    coalesce(parted.quantity_difference_mwh, 0) = 0
                    or abs(parted.price_part_cny) > abs(parted.quantity_part_cny)
                )
                then 'price'
            when coalesce(parted.quantity_difference_mwh, 0) <> 0 then 'quantity'
            else 'rule'
        end as difference_kind
    from parted
)

select
    judged.party,
    judged.province,
    judged.delivery_month,
    judged.side,
    judged.subject_type,
    judged.subject_id,
    judged.component,
    judged.tou_period,
    judged.line_kind,
    judged.contract_id,
    judged.account_id,
    judged.customer_id,
    judged.line_id,
    judged.statement_item,
    judged.own_quantity_mwh,
    judged.stated_quantity_mwh,
    judged.quantity_difference_mwh,
    judged.own_price_cny_per_mwh,
    judged.stated_price_cny_per_mwh,
    judged.price_difference_cny_per_mwh,
    judged.own_amount_cny,
    judged.stated_amount_cny,
    judged.amount_difference_cny,
    judged.quantity_part_cny,
    judged.price_part_cny,
    judged.rule_part_cny,
    case
        when judged.side = 'retail' then judged.amount_difference_cny
        when judged.side = 'pass_through' then 0
        else -judged.amount_difference_cny
    end as margin_effect_cny,
    judged.quantity_tolerance_mwh,
    judged.price_tolerance_cny_per_mwh,
    judged.amount_tolerance_cny,
    judged.difference_kind,
    case
        when judged.difference_kind in ('quantity', 'price', 'rule') and not judged.does_component_differ
            then judged.tolerances_missing
    end as rule_missing,
    judged.is_illustrative or (judged.is_tolerance_illustrative and judged.difference_kind = 'within_tolerance')
        as is_illustrative,
    judged.file_name,
    judged.line_no
from judged
