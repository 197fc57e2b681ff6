{{ config(materialized='view') }}

select
    rules.pack_hash,
    rules.kind,
    rules.period,
    rules.quantity,
    rules.direction,
    rules.price_a,
    rules.price_b,
    rules.price_a_factor,
    rules.coefficient,
    rules.aggregate,
    rules.sign_rule,
    rules.net_group,
    rules.price_places,
    array_to_string(rules.payees, ',') as payees,
    array_to_string(rules.announced, ',') as announced
from {{ source('reference', 'recovery_rule') }} as rules
