{# Stand-ins for sqlfluff only (see .sqlfluff): one slot stands for 96, so that linting takes seconds, and Jinja outside
   dbt cannot return lists, so that a list is here a string of one character. dbt never reads this file. #}
{% macro slot_columns() %}p{% endmacro %}
{% macro hour_columns() %}h{% endmacro %}
{% macro tou_periods() %}t{% endmacro %}
{% macro curve_columns(alias) %}{{ alias }}.p{% endmacro %}
{% macro hour_list(alias) %}{{ alias }}.h{% endmacro %}
{% macro curve_unknown() %}null as p{% endmacro %}
{% macro curve_sum(alias, slots=none) %}{{ alias }}.p{% endmacro %}
{% macro curve_missing(alias) %}{{ alias }}.p{% endmacro %}
{% macro curve_dot(quantity, price) %}{{ quantity }}.p * {{ price }}.p{% endmacro %}
{% macro curve_total(alias) %}sum({{ alias }}.p) as p{% endmacro %}
{% macro curve_running_total(alias, window) %}sum({{ alias }}.p) over {{ window }} as p{% endmacro %}
{% macro curve_hourly_distance(left, right) %}{{ left }}.p - {{ right }}.p{% endmacro %}
{% macro curve_rows(curves, costs=[]) %}(values (1{% for alias in curves %}, {{ alias }}.p{% endfor %}{% for alias in costs %}, {{ alias }}.c{% endfor %})){% endmacro %}
{% macro rows_curve(slot, value) %}max({{ value }}) filter (where {{ slot }} = 1) as p{% endmacro %}
{% macro hours_cost_total(alias, weight, price) %}sum({{ alias }}.h * {{ weight }} * {{ price }}) as c{% endmacro %}
{% macro hour_costs(alias) %}{{ alias }}.c{% endmacro %}
{% macro settled_prices(base, suspended, granularity) %}case when {{ granularity }} = 24 then {{ base }}.p else {{ suspended }}.p end as p{% endmacro %}
{% macro hours_to_slots(alias) %}{{ alias }}.h as p{% endmacro %}
{% macro hours_sum(alias) %}{{ alias }}.h{% endmacro %}
{% macro curve_tou(alias, schedule) %}{{ alias }}.p as t_wh{% endmacro %}
{% macro account_schedule(tou, account) %}coalesce({{ tou }}.schedule_id, {{ account }}.tariff_class){% endmacro %}
{% macro period_place(column) %}coalesce({{ column }}, 0){% endmacro %}
{% macro half_up(value, places) %}round({{ value }}, {{ places }}){% endmacro %}
{% macro nano_to_cny(value) %}round({{ value }}, 2){% endmacro %}
{% macro wh_to_mwh(value) %}round({{ value }}, 3){% endmacro %}
{% macro net_of_vat(gross, rate) %}round({{ gross }} / {{ rate }}, 2){% endmacro %}
{% macro largest_remainder(numerator, denominator, total, partition_by, order_by) %}cast({{ numerator }} as bigint){% endmacro %}
{% macro digest(values) %}md5(concat_ws('|'{% for value in values %}, {{ value }}{% endfor %})){% endmacro %}
{% macro delete_stale(upstream, keys) %}{% endmacro %}
{% macro not_stored(alias, keys) %}{{ alias }}.delivery_on is not null{% endmacro %}
{% macro empty_in_place() %}{% endmacro %}
{% macro linear_joins() %}{% endmacro %}
{% macro analyze_grown(columns=none) %}{% endmacro %}
{% macro among(alias, changed, columns) %}{{ alias }}.delivery_on is not null{% endmacro %}
{% macro begin_progress() %}{% endmacro %}
{% macro make_room(seen, news, keys, digests, news_keys=none) %}{% endmacro %}
{% macro make_room_with_change(upstream, news, keys, digests, change) %}{% endmacro %}
{% macro make_room_for_meter_days(late) %}{% endmacro %}
{% macro write_what_came(upstream, keys, change) %}{% endmacro %}
{% macro make_room_beside_sums(upstream, change, news, keys, digests, news_keys) %}{% endmacro %}
{% macro province_day_counts(members) %}count({{ members }}.contract_id) as contracts{% endmacro %}
{% macro province_day_digest(sums) %}md5({{ sums }}.contracts){% endmacro %}
{% macro contract_day_key(points) %}select points.province, points.contract_id, points.delivery_on, points.input_digest, count(*) as metering_points, count(*) as metering_points_expected, count(*) as missing_slots from {{ points }} as points group by points.province, points.contract_id, points.delivery_on, points.input_digest{% endmacro %}
{% macro metered_channels(keys, is_netted, few=false) %}left join meters as imported on {{ keys }}.delivery_on = imported.delivery_on left join meters as exported on {{ keys }}.delivery_on = exported.delivery_on and {{ is_netted }}{% endmacro %}
{% macro metered_net(is_netted) %}imported.p - case when {{ is_netted }} then exported.p else 0 end as p{% endmacro %}
{% macro changed_sums() %}sums_of_it{% endmacro %}
{% macro staged_news() %}news_of_it{% endmacro %}
{% macro keep_progress(upstream, columns=none) %}{% endmacro %}
{% macro progress_of(relation) %}{% endmacro %}
{% macro known_until(now) %}{{ return(none) }}{% endmacro %}
{% macro news_or_absent(alias, seen, keys) %}inner join news on {{ alias }}.delivery_on = news.delivery_on{% endmacro %}
{% macro assignments_stand() %}{{ return(false) }}{% endmacro %}
{% macro meter_day_key(alias) %}{{ alias }}.delivery_on{% endmacro %}
{% macro same_meter_day(left, right) %}{{ left }}.delivery_on = {{ right }}.delivery_on{% endmacro %}
{% macro meter_day_trust(quality, verdict, missing_slots) %}case when {{ verdict }} = 'failed' then 2 else 4 end{% endmacro %}
{% macro trusted_quality(trust) %}case {{ trust }} when 2 then 'failed' else 'metered' end{% endmacro %}
{% macro provenance(alias) %}{{ alias }}.version{% endmacro %}
{% macro valid_to(alias, object) %}max({{ alias }}.effective_to){% endmacro %}
{% macro landed_versions(feed, key) %}select feeds.* from {{ feed }} as feeds{% endmacro %}
{% macro curve_weighted_total(alias, weight, presence) %}sum({{ alias }}.p * {{ weight }}) as p{% endmacro %}
{% macro curve_net(imported, exported, is_netted) %}{{ imported }}.p - case when {{ is_netted }} then {{ exported }}.p else 0 end as p{% endmacro %}
{% macro hours_weighted_total(alias, weight) %}sum({{ alias }}.h * {{ weight }}) as h{% endmacro %}
{% macro hours_running_total(alias, window) %}sum({{ alias }}.h) over {{ window }} as h{% endmacro %}
{% macro province_zh(column) %}{{ column }}{% endmacro %}
{% macro province_en(column) %}{{ column }}{% endmacro %}
{% macro day_type(day, exception) %}coalesce({{ exception }}, {{ day }}){% endmacro %}
{% macro weekday_type(day) %}{{ day }}{% endmacro %}
{% macro deviation_terms() %}t{% endmacro %}
{% macro deviation_charge(actual, contract, clause, share='1') %}{{ actual }} * {{ share }}{% endmacro %}
{% macro outlook_message_zh(row) %}{{ row }}.subject_zh{% endmacro %}
{% macro outlook_message_en(row) %}{{ row }}.subject_en{% endmacro %}
{% macro printed_terms(clause, mean_price) %}{{ clause }}.t * {{ mean_price }} as t{% endmacro %}
{% macro curve_complete_total(alias) %}sum({{ alias }}.p) as p{% endmacro %}
{% macro tou_complete_total(alias) %}sum({{ alias }}.t_wh) as t_wh{% endmacro %}
{% macro tou_columns(alias) %}{{ alias }}.t_wh{% endmacro %}
{% macro curve_product(left, right, left_prefix='p', right_prefix='p') %}{{ left }}.p * {{ right }}.p{% endmacro %}
{% macro curve_extreme(alias, pick) %}{{ alias }}.p{% endmacro %}
{% macro curve_scalars(alias) %}{{ alias }}.p as missing_slots{% endmacro %}
{% macro scalar_columns(alias) %}{{ alias }}.missing_slots{% endmacro %}
{% macro curve_shape_distance(curve, energy, typical, typical_energy) %}{{ curve }}.p * {{ energy }} - {{ typical }}.p * {{ typical_energy }}{% endmacro %}
{% macro curve_idle_flags(curve, typical, typical_energy) %}concat({{ curve }}.p, {{ typical }}.p, {{ typical_energy }}){% endmacro %}
{% macro typical_day(relation, keys, day, day_type) %}select past.* from {{ relation }} as past where past.day_type = {{ day_type }}{% endmacro %}
{% macro worst_quality(column) %}max({{ column }}){% endmacro %}
{% macro digest_number(column) %}{{ column }}{% endmacro %}
{% macro index_rate(numerator, denominator) %}{{ numerator }} / {{ denominator }}{% endmacro %}
{% macro variation_rate(n, total, squares) %}sqrt({{ n }} * {{ squares }} - {{ total }}){% endmacro %}
{% macro pearson_rate(n, x, y, xx, yy, xy) %}({{ n }} * {{ xy }} - {{ x }} * {{ y }}) / {{ xx }} / {{ yy }}{% endmacro %}
{% macro cosine_rate(aa, ab, bb) %}({{ ab }}) / {{ aa }} / ({{ bb }}){% endmacro %}
{% macro curve_pair_total(left, right) %}sum({{ left }}.p) as p, sum({{ right }}.p) as g{% endmacro %}
{% macro day_type_zh(column) %}{{ column }}{% endmacro %}
{% macro day_type_en(column) %}{{ column }}{% endmacro %}
{% macro percent_text(rate) %}cast({{ rate }} as text){% endmacro %}
{% macro slot_label(slot) %}cast({{ slot }} as text){% endmacro %}
{% macro fine_day_type(day_type, day) %}coalesce({{ day_type }}, {{ day }}){% endmacro %}
{% macro past_days(day) %}profile as past where past.customer_id = {{ day }}.customer_id{% endmacro %}
{% macro night_slots() %}n{% endmacro %}
{% macro position_rate(quantity, base) %}round({{ quantity }} / {{ base }}, 6){% endmacro %}
{% macro tou_sum(schedule, periods, term) %}{{ schedule }}{% endmacro %}
{% macro number_text(value, places) %}cast({{ value }} as text){% endmacro %}
{% macro hint_text(sentence, hint) %}replace({{ sentence }}, '', {{ hint }}.contract_id){% endmacro %}
{% macro finding_text(sentence, found, type) %}replace({{ sentence }}, '', {{ type }}){% endmacro %}
{% macro landed_head(feed, key) %}select feeds.* from {{ feed }} as feeds{% endmacro %}
{% macro live_slots() %}select feeds.* from live as feeds{% endmacro %}
{% macro live_net_slots() %}select feeds.* from live as feeds{% endmacro %}
{% macro pricing_lines(from) %}select feeds.* from priced as feeds{% endmacro %}
{% macro pricing_quantities(from) %}select feeds.* from priced as feeds{% endmacro %}
{% macro requested_pricing() %}{% endmacro %}
{% macro settled_pricing() %}{% endmacro %}
{% macro charged(price, energy_mwh) %}round({{ price }} * {{ energy_mwh }}, 2){% endmacro %}
{% macro own_curve_prices(chosen) %}own_curve_prices as (select chosen.* from {{ chosen }} as chosen){% endmacro %}
{% macro hours_of_day(chosen) %}hours_of_day as (select chosen.* from {{ chosen }} as chosen){% endmacro %}
{% macro hours_of_month(chosen) %}hours_of_month as (select chosen.* from {{ chosen }} as chosen){% endmacro %}
{% macro contract_hours_of_month(chosen) %}contract_hours as (select chosen.* from {{ chosen }} as chosen){% endmacro %}
{% macro priced_now(alias) %}{{ alias }}.run_id = 1{% endmacro %}
{% macro renewal_level(days) %}case when {{ days }} < 30 then 'T-30' end{% endmacro %}
{% macro renewal_urgency(days) %}case when {{ days }} < 30 then 'alarm' end{% endmacro %}
{% macro execution_level(rate) %}case when {{ rate }} < 1 then 'low' end{% endmacro %}
{% macro overdue_level(days) %}case when {{ days }} > 30 then 'alarm' end{% endmacro %}
{% macro unknown_zh(code) %}{{ code }}{% endmacro %}
{% macro unknown_en(code) %}{{ code }}{% endmacro %}
{% macro quota_floor(numerator, denominator) %}floor({{ numerator }} / {{ denominator }}){% endmacro %}
{% macro quota_remainder(numerator, denominator) %}mod({{ numerator }}, {{ denominator }}){% endmacro %}
{% macro hours_spread(alias, value) %}sum({{ alias }}.hour + {{ value }}) as h{% endmacro %}
{% macro hours_added(left, right) %}{{ left }}.h + {{ right }}.h as h{% endmacro %}
{% macro kwh_to_mwh(value) %}round({{ value }}, 3){% endmacro %}
{% macro template_periods() %}{% endmacro %}
{% macro name_of(values) %}md5({% for value in values %}{{ value }} || {% endfor %}''){% endmacro %}
{% macro refusal_zh(request) %}{{ request }}.refusal_code{% endmacro %}
{% macro refusal_en(request) %}{{ request }}.refusal_code{% endmacro %}
{% macro quantity_missing_zh(row) %}{{ row }}.missing_code{% endmacro %}
{% macro quantity_missing_en(row) %}{{ row }}.missing_code{% endmacro %}
{% macro quantity_remedy_zh(row) %}{{ row }}.missing_code{% endmacro %}
{% macro quantity_remedy_en(row) %}{{ row }}.missing_code{% endmacro %}
{% macro pack_value(pack, path, type=none) %}cast({{ pack }}.body as text){% endmacro %}
{% macro system_parts() %}('system_operation'){% endmacro %}
{% macro line_loss_price(price, rate) %}({{ price }} * {{ rate }}){% endmacro %}
{% macro power_factor(active, reactive) %}({{ active }} + {{ reactive }}){% endmacro %}
{% macro kilovolts(voltage) %}cast({{ voltage }} as numeric){% endmacro %}
{% macro settlement_sides() %}s{% endmacro %}
{% macro signed_amount(alias) %}{{ alias }}.amount_cny{% endmacro %}
{% macro line_measures() %}m{% endmacro %}
{% macro months_between(first, last) %}{{ last }} - {{ first }}{% endmacro %}
{% macro blocker_rows(models) %}select 1 as p{% endmacro %}
{% macro is_not_replaced(line) %}{{ line }}.replaces_statement_no is null{% endmacro %}
{% macro statement_party(side) %}upper({{ side }}){% endmacro %}
{% macro reconciliation_key(alias) %}{{ alias }}.party{% endmacro %}
{% macro same_reconciliation(left, right) %}{{ left }}.party = {{ right }}.party{% endmacro %}
{% macro working_days_after(day, days) %}{{ day }} + {{ days }}{% endmacro %}
{% macro market_item_side(item) %}lower({{ item }}.item_kind){% endmacro %}
{% macro market_item_component(item) %}lower({{ item }}.item_code){% endmacro %}
{% macro or_nothing(whose, other, column) %}coalesce({{ whose }}.{{ column }}, {{ other }}.{{ column }}){% endmacro %}
