-- what the days of settled months lack
{{ blocker_rows(['int_blocker_rule', 'int_blocker_metering', 'int_blocker_market', 'int_blocker_purchase', 'int_blocker_price']) }}
