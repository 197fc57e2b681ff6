"""The whole demo on the sample retailer: its promises as a user would check them."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import time
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from orchestration.home import Home
from orchestration.sample_run import SampleRun
from orchestration.warehouse import embedded_server
from tests.conftest import Demo, temporary_home

pytestmark = pytest.mark.integration
ACCOUNTS = 40
MONTHS = [date(2025, 11, 1), date(2025, 12, 1), *(date(2026, month, 1) for month in range(1, 11))]
FORMS = {"anhui": "two_settlement", "shandong": "difference"}


def test_demo__every_delivered_row_landed_or_was_quarantined(demo: Demo) -> None:
    broken = "select count(*) from landing.batch where rows_delivered <> rows_landed + rows_quarantined"
    assert demo.scalar(broken) == 0
    landed = demo.scalar("select sum(rows_landed) from landing.batch where feed = 'meter_day'")
    assert landed == demo.scalar("select count(*) from landing.meter_day")
    refused = demo.scalar("select sum(rows_quarantined) from landing.batch")
    assert refused == demo.scalar("select count(*) from quarantine.row")
    assert demo.scalar("select count(*) from quarantine.row where reason_code <> 'UNCHANGED'") == 2


def test_demo__pins_no_later_reader_to_its_runs(demo: Demo) -> None:
    """Later connections of the process that refreshed the marts read the latest run, not that one."""
    assert demo.scalar("select run_id = (select max(run_id) from ops.run) from staging.stg_run")
    assert "wattledger.run_id" not in os.environ.get("PGOPTIONS", "")


def test_demo__settles_twelve_months_of_two_provinces_that_add_up(demo: Demo) -> None:
    """Totals are the sums of lines and of contracts, corrections that were booked among them."""
    add_up = """
        with lines as (
            select province, delivery_month, side, sum(amount_cny) as cny,
                sum(quantity_mwh) filter (where reason_code is null) as mwh
            from marts_settlement.settlement_line group by 1, 2, 3
        ), contracts as (
            select province, delivery_month, sum(margin_cny) as margin_cny, sum(energy_mwh) as energy_mwh
            from marts_settlement.settlement_margin group by 1, 2
        )
        select m.province, m.delivery_month,
            m.retail_cny - m.wholesale_cny - m.recovery_cny - m.operation_cny + m.income_cny
                - m.margin_cny as identity,
            m.retail_cny - retail.cny as retail, m.wholesale_cny - wholesale.cny as wholesale,
            m.recovery_cny - coalesce(recovery.cny, 0) as recovery,
            m.operation_cny - operation.cny as operation,
            m.margin_cny - c.margin_cny as contracts, retail.mwh - c.energy_mwh as billed,
            m.energy_mwh - c.energy_mwh as metered_less_billed
        from marts_settlement.settlement_month m
        join contracts c using (province, delivery_month)
    """ + "".join(
        f" left join lines {side} on {side}.province = m.province"
        f" and {side}.delivery_month = m.delivery_month and {side}.side = '{side}'"
        for side in ("retail", "wholesale", "recovery", "operation")
    )
    with demo.house.warehouse.admin.connect() as connection:
        rows = connection.execute(sa.text(f"{add_up} order by 1, 2")).all()
    assert [(row.province, row.delivery_month) for row in rows] == [
        (province, month) for province in FORMS for month in MONTHS
    ]
    for row in rows:
        assert tuple(row)[2:-1] == (0, 0, 0, 0, 0, 0, 0), (row.province, row.delivery_month)
        # bills are whole kWh per account and the wholesale quantity is not: half a kWh per account at most
        assert abs(row.metered_less_billed) <= Decimal("0.0005") * ACCOUNTS


def test_demo__each_province_is_settled_by_its_own_form(demo: Demo) -> None:
    own = """
        select distinct d.province, d.settlement_form, l.component
        from intermediate.int_settlement_scope_day d
        join marts_settlement.settlement_line l on l.province = d.province
            and l.delivery_month = d.delivery_month and l.side = 'wholesale' and l.reason_code is null
            and l.component <> 'month_end_meter_difference'
        where not d.is_open_month order by 1, 2, 3
    """
    blocked = "select count(*) from marts_settlement.settlement_blocker where not is_open_month"
    with demo.house.warehouse.admin.connect() as connection:
        found = [tuple(row) for row in connection.execute(sa.text(own))]
    assert found == [
        ("anhui", "two_settlement", "contract_energy"),
        ("anhui", "two_settlement", "day_ahead_deviation"),
        ("anhui", "two_settlement", "real_time_deviation"),
        ("shandong", "difference", "day_ahead_difference"),
        ("shandong", "difference", "energy_rt"),
        ("shandong", "difference", "mlt_difference"),
    ]
    assert demo.scalar(blocked) == 0


def test_demo__two_settlement_equals_its_formula_hour_by_hour(demo: Demo) -> None:
    """An independent reading of domain §4.1 for Anhui's March in long form over the landed records."""
    independent = """
        with actual as (
            select delivery_on, (substr(e.key, 2)::int + 3) / 4 as hour,
                sum(e.value::numeric) / 1000000 as mwh
            from (select * from landing.meter_day where metering_point_id like '34%'
                and delivery_on between '2026-03-01' and '2026-03-31') h,
                lateral jsonb_each_text(to_jsonb(h)) e where e.key ~ '^p[0-9][0-9]$' group by 1, 2
        ), price as (
            select price_series, delivery_on, (substr(e.key, 2)::int + 3) / 4 as hour,
                round(avg(e.value::numeric)) / 1000 as price
            from (select * from landing.market_price_day where province = 'anhui') p,
                lateral jsonb_each_text(to_jsonb(p)) e where e.key ~ '^p[0-9][0-9]$' group by 1, 2, 3
        ), cleared as (
            select delivery_on, substr(e.key, 2)::int as hour, e.value::numeric / 1000 as mwh
            from (select * from landing.day_ahead_day where province = 'anhui') d,
                lateral jsonb_each_text(to_jsonb(d)) e where e.key ~ '^h[0-9][0-9]$'
        )
        select round(sum((a.mwh - c.mwh) * p.price), 2) from actual a join cleared c using (delivery_on, hour)
        join price p using (delivery_on, hour) where p.price_series = 'rt_unified'
    """
    settled = demo.scalar(
        "select amount_cny from marts_settlement.settlement_line where province = 'anhui'"
        " and delivery_month = '2026-03-01' and component = 'real_time_deviation'",
    )
    assert settled == demo.scalar(independent)


def test_demo__closed_months_stand_in_the_ledger_as_the_marts_show_them(demo: Demo) -> None:
    closed = """
        select r.province, r.origin_month, s.actor from ledger.settlement_run r
        join ledger.settlement_run_state s on s.run_id = r.run_id and s.state = 'closed'
        where r.kind = 'settlement' order by 1, 2
    """
    with demo.house.warehouse.admin.connect() as connection:
        found = [tuple(row) for row in connection.execute(sa.text(closed))]
    assert found == [(province, month, "Zhou Min") for province in FORMS for month in MONTHS[:-1]]
    booked = "select line_id, province, booked_month, amount_cny, reason_code from ledger.settlement_line"
    shown = """
        select line_id, province, delivery_month, amount_cny, reason_code
        from marts_settlement.settlement_line where run_id is not null
    """
    for one, other in ((booked, shown), (shown, booked)):
        assert demo.scalar(f"select count(*) from ({one} except {other}) as missing") == 0
    assert demo.scalar(f"select count(*) from ({booked}) as lines") != 0


def test_demo__late_data_corrects_a_closed_month_in_the_open_one(demo: Demo) -> None:
    correction = """
        select province, origin_month, delivery_month, count(*) as lines,
            sum(quantity_mwh) filter (where side = 'retail') as mwh
        from marts_settlement.settlement_line where reason_code is not null group by 1, 2, 3
    """
    missed = """
        select sum(case when version = 1 then -1 else 1 end * e.value::numeric) / 1000000
        from landing.meter_day d, lateral jsonb_each_text(to_jsonb(d)) e
        where metering_point_id = '3700000401-01' and delivery_on = '2026-08-19' and e.key ~ '^p[0-9][0-9]$'
    """
    with demo.house.warehouse.admin.connect() as connection:
        (row,) = connection.execute(sa.text(correction)).all()
        found = connection.scalar(sa.text(missed))
    assert (row.province, row.origin_month, row.delivery_month) == (
        "shandong",
        date(2026, 8, 1),
        date(2026, 10, 1),
    )
    assert abs(row.mwh - found) <= Decimal("0.001")  # bills are in whole kWh
    assert demo.scalar("select count(*) from marts_settlement.settlement_correction") == row.lines
    open_month = "where province = 'shandong' and delivery_month = '2026-10-01'"
    assert demo.scalar(
        f"select correction_cny from marts_settlement.settlement_month {open_month}"
    ) == demo.scalar(
        "select sum(case side when 'retail' then amount_cny else -amount_cny end)"
        " from marts_settlement.settlement_correction",
    )
    proposed = "select count(*) from marts_settlement.settlement_correction_proposal"
    assert demo.scalar(f"{proposed} where status = 'proposed'") == 0
    known_at = "select max(known_at) from landing.batch"
    assert demo.scalar(known_at) == datetime(2026, 11, 12, 15, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_demo__settles_packages_by_their_terms(demo: Demo) -> None:
    """A linked contract pays the real-time price on its own curve and the fee, a mixed one in part."""
    query = """
        with own as (
            select contract_id, delivery_month, input_value as price from marts_sales.sales_pricing_input
            where name = 'series_rt_unified'
        )
        select i.package_id, l.component, count(*) as lines,
            max(abs(l.price_cny_per_mwh - case l.component when 'fixed' then 397 else own.price end)) as above
        from marts_settlement.settlement_income i
        join marts_settlement.settlement_line l using (contract_id, delivery_month)
        join own using (contract_id, delivery_month)
        where i.settles_by = 'package' and i.province = 'shandong' and l.reason_code is null
            and l.side = 'retail' and l.component in ('linked', 'fixed')
        group by 1, 2 order by 1, 2
    """
    with demo.house.warehouse.admin.connect() as connection:
        found = [tuple(row) for row in connection.execute(sa.text(query))]
    assert found == [
        ("sample_linked", "linked", 20, Decimal("12.000")),
        ("sample_mixed", "fixed", 20, Decimal("0.000")),
        ("sample_mixed", "linked", 20, Decimal("9.000")),
    ]


def test_demo__wholesale_equals_the_difference_form_slot_by_slot(demo: Demo) -> None:
    """An independent reading of domain §4.1 in long form over the landed records, unrounded until the end."""
    independent = """
        with head as (
            select distinct on (metering_point_id, channel, delivery_on) * from landing.meter_day
            where channel in ('active_import', 'active_export') and metering_point_id like '37%'
              and delivery_on between '2026-09-01' and '2026-09-30'
            order by metering_point_id, channel, delivery_on, version desc
        ), rule as (
            select distinct on (metering_point_id) metering_point_id, net_rule from landing.metering_point
            order by metering_point_id, version desc
        ), actual as (
            select h.delivery_on, e.key as slot, sum(
                case when channel = 'active_import' then e.value::numeric
                when net_rule = 'import_minus_export' then -e.value::numeric else 0 end) as wh
            from head h join rule using (metering_point_id),
                lateral jsonb_each_text(to_jsonb(h)) e where e.key ~ '^p[0-9][0-9]$' group by 1, 2
        ), rt as (
            select delivery_on, e.key as slot, e.value::numeric / 1000 as price
            from (select distinct on (delivery_on) * from landing.market_price_day
                where price_series = 'rt_unified' and province = 'shandong'
                order by delivery_on, version desc) p,
                lateral jsonb_each_text(to_jsonb(p)) e where e.key ~ '^p[0-9][0-9]$'
        )
        select round(sum(wh / 1000000 * price), 2) from actual join rt using (delivery_on, slot)
    """
    settled = demo.scalar(
        "select amount_cny from marts_settlement.settlement_line"
        " where province = 'shandong' and delivery_month = '2026-09-01' and component = 'energy_rt'",
    )
    assert settled == demo.scalar(independent)


def test_demo__a_missing_contract_is_on_the_list_and_blocks_nothing_else(demo: Demo) -> None:
    with demo.house.warehouse.admin.connect() as connection:
        kinds = set(
            connection.scalars(
                sa.text(
                    "select blocker_kind from marts_settlement.settlement_blocker"
                    " where delivery_month = '2026-11-01'"
                )
            )
        )
    assert kinds == {"point_without_contract"}


def test_demo__the_open_gap_is_estimated_and_says_how(demo: Demo) -> None:
    """Six blank slots of Saturday 7 November: by last weekend's days, scaled by the day's other 90 slots."""
    query = """
        select string_agg(distinct f.rule_code, ','), array_agg(f.slot order by f.slot),
            min(f.reason), max(b.known_at)
        from landing.meter_slot_flag f
        join marts_energy.energy_point_day_version v
            on f.metering_point_id = v.metering_point_id and f.channel = v.channel
            and f.delivery_on = v.delivery_on and f.version = v.version
        join landing.batch b on b.batch_id = f.batch_id
        where v.known_to is null and v.quality = 'estimated' and f.delivery_on = '2026-11-07'
    """
    with demo.house.warehouse.admin.connect() as connection:
        rules, slots, reason, known_at = connection.execute(sa.text(query)).one()
    assert (rules, slots) == ("EST_TYPICAL_DAY", list(range(70, 76)))
    assert "2026-10-26 to 2026-11-01" in reason
    assert known_at == datetime(2026, 11, 8, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_demo__the_settled_months_hold_metered_energy_only(demo: Demo) -> None:
    """What came damaged was repaired before the months were settled; no rule fails a day of them."""
    quality = """
        select string_agg(distinct quality, ',') from marts_energy.energy_point_day
        where delivery_on between '2026-09-01' and '2026-10-31'
    """
    assert demo.scalar(quality) == "metered"
    failed = "select count(*) from landing.meter_day_verdict where delivery_on >= '2026-09-01'"
    assert demo.scalar(failed) == 0


def test_demo__forecasts_the_next_day_and_beats_the_naive(demo: Demo) -> None:
    assert demo.scalar("select count(*) from forecast.load_day where delivery_on = '2026-11-13'") == 3
    assert demo.scalar("select count(*) from forecast.cost_day where delivery_on = '2026-11-13'") == 3
    model_wins = """
        select bool_and(model_value < naive_value) from forecast.score
        where metric = 'wape' and delivery_on is null
    """
    assert demo.scalar(model_wins) is True


def test_demo__again_changes_nothing_and_is_quick(demo: Demo) -> None:
    counts = """
        select (select count(*) from landing.batch), (select count(*) from forecast.run),
            (select max(run_id) from ops.run), (select max(run_id) from ledger.settlement_run)
    """
    with demo.house.warehouse.admin.connect() as connection:
        before = tuple(connection.execute(sa.text(counts)).one())
    began = time.monotonic()
    run = SampleRun(demo.house)
    summary = run.prepare()
    run.refresh(summary)
    run.close_months(summary)
    assert len(run.correct(summary)) == 1
    run.forecast(summary)
    digests = tuple(export.digest for export in run.export(summary))
    run.close()
    assert time.monotonic() - began < 30
    assert digests == demo.export_digests
    with demo.house.warehouse.admin.connect() as connection:
        assert tuple(connection.execute(sa.text(counts)).one()) == before


def test_demo__killed_at_any_moment_ends_in_the_same_state(demo: Demo) -> None:
    """Kill the command a few times at moments spread over its work, then let it finish."""
    moments = random.Random(20261112)
    command = [str(Path(sys.executable).parent / "wattledger"), "demo", "--no-servers"]
    with temporary_home() as home:
        _lend_cache(demo.house.home, home)
        environment = {**os.environ, "WATTLEDGER_HOME": str(home.root)}
        for longest in (8.0, 25.0, 45.0, 200.0):
            process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
            try:
                process.wait(timeout=moments.uniform(longest / 2, longest))
            except subprocess.TimeoutExpired:
                process.kill()  # only the command: what it started has to notice by itself
                process.wait()
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        for month, digest in zip(("2026-09", "2026-10"), demo.export_digests, strict=True):
            assert _digest(home, month) == digest
        embedded_server(home).stop()


def _lend_cache(lender: Home, borrower: Home) -> None:
    """The wheel with the real profiles is fetched once a session."""
    (borrower.root / "cache").symlink_to(lender.root / "cache")


def _digest(home: Home, month: str) -> str:
    return hashlib.sha256((home.root / "exports" / month / "SHA256SUMS").read_bytes()).hexdigest()
