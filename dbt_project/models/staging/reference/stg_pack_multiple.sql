-- Multiples of the flat price: rules in the order of the pack, then what holds where no rule does.
with rules as (
    select
        packs.pack_hash,
        rules.rule_no,
        rules.rule
    from {{ source('reference', 'rule_pack') }} as packs
    cross join
        lateral jsonb_array_elements({{ pack_value('packs', 'tou.multiple_rules') }}) with ordinality as rules (rule, rule_no)

    union all

    select
        packs.pack_hash,
        cast(9999 as bigint) as rule_no,
        jsonb_build_object('multiples', {{ pack_value('packs', 'tou.multiples') }}) as rule
    from {{ source('reference', 'rule_pack') }} as packs
    where {{ pack_value('packs', 'tou.multiples') }} is not null
)

select
    rules.pack_hash,
    cast(rules.rule_no as integer) as rule_no,
    rules.rule -> 'months' as months,
    rules.rule ->> 'tariff_class' as tariff_class,
    rules.rule -> 'voltages' as voltages,
    cast(rules.rule ->> 'from_kva' as integer) as from_kva,
    cast(rules.rule ->> 'below_kva' as integer) as below_kva,
    multiples.tou_period,
    cast(multiples.multiple as numeric) as multiple
from rules
cross join lateral jsonb_each_text(rules.rule -> 'multiples') as multiples (tou_period, multiple)
