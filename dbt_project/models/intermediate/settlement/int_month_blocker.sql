-- everything that keeps months from being settled: what their days lack, and what their packages lack
{{ blocker_rows(['int_settlement_blocker', 'int_blocker_package']) }}
