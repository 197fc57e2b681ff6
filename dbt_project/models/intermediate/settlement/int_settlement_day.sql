{{ config(indexes=[{'columns': ['delivery_on', 'province'], 'unique': True}]) }}

-- Days that are settled: all days of a month without any blocker; of the open month the days that nothing blocks.
-- A point that no contract claims, and a contract that claims no account, block a statement, but not the running month's
-- figures: they are on neither side of them.
select scope.*
from {{ ref('int_settlement_scope_day') }} as scope
where
    not exists (
        select 1
        from {{ ref('int_settlement_blocker') }} as blockers
        where
            blockers.province = scope.province
            and blockers.delivery_month = scope.delivery_month
            and (
                not scope.is_open_month
                or (
                    blockers.blocker_kind not in ('point_without_contract', 'point_in_two_contracts', 'contract_without_account')
                    and coalesce(blockers.delivery_on, scope.delivery_on) = scope.delivery_on
                )
            )
    )
