-- The marts that an export reads, with a small retailer: two provinces, three customers, all sides, and a side and a
-- column that came later than the export. Sums are written by hand.
create schema if not exists marts_settlement;
create schema if not exists marts_trading;
create schema if not exists marts_energy;

create table marts_settlement.settlement_blocker (
    delivery_month date, blocker_kind text, object_id text, delivery_on date, slot int, message text, remedy text
);

create table marts_settlement.settlement_line (
    line_id text, province text, delivery_month date, side text, contract_id text, account_id text, customer_id text,
    component text, tou_period text, quantity_mwh numeric(16, 3), price_cny_per_mwh numeric(12, 3),
    average_price_cny_per_mwh numeric(12, 3), amount_cny numeric(16, 2), vat_rate numeric(5, 4), net_cny numeric(16, 2),
    vat_cny numeric(16, 2), pack_hash text, is_illustrative boolean, note text, run_id bigint
);
insert into marts_settlement.settlement_line values
('r1', 'shandong', '2026-09-01', 'retail', 'K1', 'A1', 'C1', 'fixed', 'all', 100.000, 400, 400, 40000.00, 0.13, 35398.23, 4601.77, 'p1', true, 'price; illustrative', 7),
('r2', 'shandong', '2026-09-01', 'retail', 'K1', 'A2', 'C1', 'fixed', 'all', 50.000, 400, 400, 20000.00, 0.13, 17699.12, 2300.88, 'p1', false, null, 7),
('r3', 'shandong', '2026-09-01', 'retail', 'K1', null, 'C1', 'deviation', 'all', 5.000, 20, 20, 100.00, 0.13, 88.50, 11.50, 'p1', false, null, 7),
('r4', 'shandong', '2026-09-01', 'retail', 'K2', 'A3', 'C1', 'energy', 'peak', 10.000, 500, 500, 5000.00, 0.13, 4424.78, 575.22, 'p1', false, null, 7),
('r5', 'shandong', '2026-09-01', 'retail', 'K2', 'A3', 'C1', 'energy', 'valley', 20.000, 300, 300, 6000.00, 0.13, 5309.73, 690.27, 'p1', false, null, 7),
('r6', 'shandong', '2026-09-01', 'retail', 'K3', 'A4', 'C2', 'energy', 'all', 40.000, 410, 410, 16400.00, 0.13, 14513.27, 1886.73, 'p1', false, null, 7),
('r7', 'anhui', '2026-09-01', 'retail', 'K4', 'A5', 'C3', 'energy', 'all', 30.000, 390, 390, 11700.00, 0.13, 10353.98, 1346.02, 'p2', false, null, 7),
('w1', 'shandong', '2026-09-01', 'wholesale', null, null, null, 'energy_rt', 'all', 220.000, null, 380, 83600.00, 0.13, 73982.30, 9617.70, 'p1', false, null, 7),
('w2', 'anhui', '2026-09-01', 'wholesale', null, null, null, 'energy_rt', 'all', 30.000, null, 370, 11100.00, 0.13, 9823.01, 1276.99, 'p2', false, null, 7),
('v1', 'anhui', '2026-09-01', 'recovery', null, null, null, 'monthly_shortfall', 'all', null, null, null, 60.00, 0.13, 53.10, 6.90, 'p2', false, null, 7),
('v2', 'anhui', '2026-09-01', 'recovery', null, null, null, 'returned', 'all', null, null, null, -20.00, 0.13, -17.70, -2.30, 'p2', false, null, 7),
('i1', 'shandong', '2026-09-01', 'income', 'K1', null, 'C1', 'channel_commission', 'all', null, null, null, -300.00, 0.06, -283.02, -16.98, 'p1', false, null, 7),
('x1', 'shandong', '2026-08-01', 'retail', 'K1', 'A1', 'C1', 'fixed', 'all', 1.000, 400, 400, 400.00, 0.13, 353.98, 46.02, 'p1', false, null, 6);

create table marts_settlement.settlement_margin (
    province text, delivery_month date, contract_id text, customer_id text, customer_name text, customer_name_en text,
    manager_username text, package_type text, energy_mwh numeric(16, 3), retail_cny numeric(16, 2),
    wholesale_cny numeric(16, 2), income_cny numeric(16, 2), recovery_cny numeric(16, 2), margin_cny numeric(16, 2),
    margin_cny_per_mwh numeric(12, 3), is_illustrative boolean, operation_cny numeric(16, 2) default 0
);
insert into marts_settlement.settlement_margin values
('shandong', '2026-09-01', 'K1', 'C1', '鲁岳化工', 'Luyue', 'li', 'fixed', 150.000, 60100.00, 57000.00, -300.00, 0.00, 2800.00, 18.667, true),
('shandong', '2026-09-01', 'K2', 'C1', '鲁岳化工', 'Luyue', 'li', 'tou_fixed', 30.000, 11000.00, 11400.00, 0.00, 0.00, -400.00, -13.333, false),
('shandong', '2026-09-01', 'K3', 'C2', '泰山钢铁', 'Taishan', 'li', 'fixed', 40.000, 16400.00, 15200.00, 0.00, 0.00, 1200.00, 30.000, false),
('anhui', '2026-09-01', 'K4', 'C3', '黄山水泥', 'Huangshan', 'wu', 'fixed', 30.000, 11700.00, 11100.00, 0.00, 40.00, 560.00, 18.667, false);

create table marts_settlement.settlement_month as
select
    province, delivery_month, sum(energy_mwh)::numeric(16, 3) as energy_mwh, sum(retail_cny)::numeric(16, 2) as retail_cny,
    sum(wholesale_cny)::numeric(16, 2) as wholesale_cny,
    sum(income_cny)::numeric(16, 2) as income_cny, sum(recovery_cny)::numeric(16, 2) as recovery_cny,
    sum(operation_cny)::numeric(16, 2) as operation_cny, sum(margin_cny)::numeric(16, 2) as margin_cny, 380.000::numeric(12, 3) as purchase_mean_cny_per_mwh,
    398.000::numeric(12, 3) as sales_mean_cny_per_mwh, 18.000::numeric(12, 3) as spread_cny_per_mwh,
    bool_or(is_illustrative) as is_illustrative
from marts_settlement.settlement_margin group by province, delivery_month;

create table marts_settlement.settlement_statement_contract (
    province text, province_name text, delivery_month date, contract_id text, customer_id text, customer_name text,
    customer_name_en text, manager_username text, channel_id text, channel_name text, channel_name_en text,
    effective_from date, effective_to date, package_type text, version_no int, package_id text, package_version text,
    package_hash text, package_title_zh text, package_title_en text, pack_versions text, pack_hashes text, accounts int,
    metering_points int, energy_mwh numeric(16, 3), lines int, amount_cny numeric(16, 2), net_cny numeric(16, 2),
    vat_cny numeric(16, 2), is_illustrative boolean
);
insert into marts_settlement.settlement_statement_contract values
('shandong', '山东', '2026-09-01', 'K1', 'C1', '鲁岳化工', 'Luyue', 'li', 'CH1', '渠道甲', 'Channel A', '2026-01-01', '2026-12-31', 'fixed', 1, 'pk', '1', 'h', '固定套餐', 'Fixed', '2026.2', 'p1', 2, 2, 150.000, 3, 60100.00, 53185.85, 6914.15, true),
('shandong', '山东', '2026-09-01', 'K2', 'C1', '鲁岳化工', 'Luyue', 'li', null, null, null, '2026-01-01', '2026-12-31', 'tou_fixed', null, null, null, null, null, null, '2026.2', 'p1', 1, 1, 30.000, 2, 11000.00, 9734.51, 1265.49, false),
('shandong', '山东', '2026-09-01', 'K3', 'C2', '泰山钢铁', 'Taishan', 'li', 'CH1', '渠道甲', 'Channel A', '2026-01-01', '2026-12-31', 'fixed', null, null, null, null, null, null, '2026.2', 'p1', 1, 1, 40.000, 1, 16400.00, 14513.27, 1886.73, false),
('anhui', '安徽', '2026-09-01', 'K4', 'C3', '黄山水泥', 'Huangshan', 'wu', null, null, null, '2026-01-01', '2026-12-31', 'fixed', null, null, null, null, null, null, '1', 'p2', 1, 1, 30.000, 1, 11700.00, 10353.98, 1346.02, false),
('anhui', '安徽', '2026-09-01', 'K5', 'C4', '无行客户', 'No lines', 'wu', null, null, null, '2026-01-01', '2026-12-31', 'fixed', null, null, null, null, null, null, null, null, 0, 0, null, 0, 0, 0, 0, false);

create table marts_settlement.settlement_statement_line as
select
    line_id, province, delivery_month, side, contract_id, account_id, customer_id, 'li'::text as manager_username,
    case component when 'deviation' then 'deviation' else 'energy' end as stage,
    case component when 'deviation' then '偏差费用' else '电能量电费' end as stage_zh,
    case component when 'deviation' then 'Deviation charge' else 'Energy fee' end as stage_en,
    case component when 'deviation' then 3 else 1 end as stage_place,
    component, component || '名' as title_zh, component || ' title' as title_en, 1 as component_place, tou_period,
    case tou_period when 'peak' then 2 when 'valley' then 4 else 0 end as period_place,
    side in ('retail', 'wholesale') and component <> 'deviation' as counts_energy,
    quantity_mwh, price_cny_per_mwh, average_price_cny_per_mwh, amount_cny, vat_rate, net_cny, vat_cny, pack_hash,
    is_illustrative, note, delivery_month as origin_month, null::text as reason_code
from marts_settlement.settlement_line;

create table marts_settlement.settlement_statement_point as
select distinct
    province, delivery_month, contract_id, customer_id, 'li'::text as manager_username, account_id,
    'MP-' || account_id as metering_point_id, 'M-' || account_id as meter_ids, date '2026-09-01' as from_on,
    date '2026-09-30' as to_on, 30 as days, 10.000::numeric(16, 3) as energy_mwh
from marts_settlement.settlement_line where account_id is not null and delivery_month = '2026-09-01';

create table marts_settlement.settlement_deviation (
    province text, delivery_month date, contract_id text, customer_id text, customer_name text, customer_name_en text,
    manager_username text, contract_mwh numeric(16, 3), actual_mwh numeric(16, 3), deviation_mwh numeric(16, 3),
    deviation_rate numeric(18, 6), deviation_share_rate numeric(12, 6), deviation_fee_cny numeric(16, 2)
);
insert into marts_settlement.settlement_deviation values
('shandong', '2026-09-01', 'K1', 'C1', '鲁岳化工', 'Luyue', 'li', 140.000, 150.000, 10.000, 0.071429, 0.250000, 100.00),
('shandong', '2026-09-01', 'K2', 'C1', '鲁岳化工', 'Luyue', 'li', 60.000, 30.000, -30.000, -0.500000, 0.750000, 0.00),
('shandong', '2026-09-01', 'K3', 'C2', '泰山钢铁', 'Taishan', 'li', null, 40.000, null, null, null, 0.00),
('anhui', '2026-09-01', 'K4', 'C3', '黄山水泥', 'Huangshan', 'wu', 30.000, 30.000, 0.000, 0.000000, null, 0.00);

create table marts_trading.trading_position_month (
    province text, delivery_month date, through_on date, days int, known_days int, mlt_mwh numeric(16, 3),
    day_ahead_mwh numeric(16, 3), actual_mwh numeric(16, 3), open_mwh numeric(16, 3), deviation_mwh numeric(16, 3),
    deviation_rate numeric(12, 6), signed_deviation_mwh numeric(16, 3), signed_deviation_rate numeric(12, 6),
    coverage_rate numeric(12, 6)
);
insert into marts_trading.trading_position_month values
('shandong', '2026-09-01', '2026-09-30', 30, 30, 200, 210, 220, 20, 12, 0.057143, 10, 0.047619, 0.909091);

create table marts_energy.energy_month_check (
    subject_type text, subject_id text, channel text, delivery_month date, period text, delivered_energy numeric(18, 6),
    delivered_unit text, delivered_kwh numeric(28, 6), curve_kwh numeric(28, 6), difference_kwh numeric(28, 6),
    difference_rate numeric(20, 6), missing_slots int, check_status text
);
insert into marts_energy.energy_month_check values
('account', 'A1', 'active_import', '2026-09-01', 'all', 100.5, 'MWh', 100500, 100000, -500, -0.004975, 0, 'agrees');

create table marts_settlement.settlement_reconciliation (
    reconciliation_id text, party text, province text, delivery_month date, side text, subject_type text, subject_id text,
    customer_id text, customer_name text, customer_name_en text, manager_username text, component text, title_zh text,
    title_en text, statement_item text, tou_period text, line_kind text, is_stated boolean, statement_no text,
    issued_on date, received_on date, own_quantity_mwh numeric(16, 3), stated_quantity_mwh numeric(16, 3),
    quantity_difference_mwh numeric(16, 3), own_price_cny_per_mwh numeric(12, 3), stated_price_cny_per_mwh numeric(12, 3),
    price_difference_cny_per_mwh numeric(12, 3), own_amount_cny numeric(16, 2), stated_amount_cny numeric(16, 2),
    amount_difference_cny numeric(16, 2), quantity_part_cny numeric(16, 2), price_part_cny numeric(16, 2),
    rule_part_cny numeric(16, 2), margin_effect_cny numeric(16, 2), difference_kind text, rule_missing text,
    is_illustrative boolean
);
insert into marts_settlement.settlement_reconciliation values
(
    'r1', 'grid_company', 'shandong', '2026-09-01', 'retail', 'account', 'A1', 'C1', '鲁岳化工', 'Luyue', 'li', 'energy',
    '电能量电费', 'Energy', '电能量电费', 'all', 'regular', true, 'DW-1', '2026-10-13', '2026-10-13', 100.000, 98.000, -2.000,
    400.000, 400.000, 0.000, 40000.00, 39200.00, -800.00, -800.00, 0.00, 0.00, -800.00, 'quantity', null, false
),
(
    'r2', 'trading_centre', 'shandong', '2026-09-01', 'operation', 'retailer', 'shandong', null, null, null, null, 'fine',
    '考核费用', 'Fine', '考核费用', 'all', 'regular', true, 'JY-1', '2026-10-13', '2026-10-13', null, null, null, null, null,
    null, null, 99.00, 99.00, 0.00, 0.00, 99.00, -99.00, 'missing_ours', null, false
);

create table marts_settlement.settlement_dispute as
select
    lines.reconciliation_id as dispute_id, lines.*, lines.party as addressee, '电网企业(计量)' as addressee_zh,
    'grid company, metering' as addressee_en, date '2026-10-14' as objection_deadline_on,
    date '2026-11-03' as dispute_deadline_on, date '2026-11-10' as answer_due_on, date '2026-10-16' as formal_on,
    -29 as days_left, true as is_overdue, 'lapsed' as status
from marts_settlement.settlement_reconciliation as lines;
