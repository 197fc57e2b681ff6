"""Today's curve: straight from landing, past every cut, exact, and the same as what the fold lands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.connectors.base import Delivery
from ingestion.intake import ingest_deliveries
from ingestion.live.folding import fold_live_days
from orchestration.runs import BusinessDay, record_checks
from orchestration.warehouse import Warehouse
from tests.dbt.pipeline import rows
from tests.dbt.warm import run_warm
from tests.ingestion.live.readings import IMPORT, POINT_HEADER, SLOTS, Reading, live_delivery

pytestmark = pytest.mark.integration
VIEWS = ["energy_live_slot", "energy_live_customer_slot", "energy_live_portfolio_slot"]
TODAY = date(2026, 11, 11)
POINTS = [
    POINT_HEADER,
    "M1,2026-01-01,A1,m,30,100,import_only",
    "M2,2026-01-01,A2,m,1,1,import_minus_export",
    "M3,2026-01-01,A2,old,1,1,import_only",
    "M3,2026-11-11,A2,new,1,1,import_only",
]
CONTRACTS = {
    "contract": [
        "contract_id,customer_id,province,package_type,signed_on,effective_from,effective_to",
        "C1,K1,shandong,fixed,2026-01-01,2026-01-01,2026-12-31",
        "C2,K2,shandong,fixed,2026-01-01,2026-01-01,2026-12-31",
    ],
    "contract_account": ["contract_id,account_id,effective_from", "C1,A1,2026-01-01", "C2,A2,2026-01-01"],
    "metering_point": POINTS,
}


@pytest.fixture
def live(warehouse: Warehouse, dbt_target: Path) -> sa.Engine:
    """A warehouse with the live views over master data that landed after they were made, and a run's day."""
    record_checks(warehouse.admin, "test", BusinessDay.pinned(TODAY), 0)
    run_warm(["run", "--quiet", "--select", *VIEWS], url=warehouse.url("wl_transform"), target=dbt_target)
    for feed, lines in CONTRACTS.items():
        delivery = Delivery(f"{feed}.csv", "\n".join(lines).encode, "test")
        (report,) = ingest_deliveries(warehouse.admin, [delivery], feed)
        assert report.status == "landed"
    return warehouse.admin


def take(engine: sa.Engine, readings: Sequence[Reading], name: str = "1") -> None:
    (report,) = ingest_deliveries(engine, [live_delivery(readings, name)], "register_reading")
    assert report.rows_quarantined == 0


def slots(engine: sa.Engine, point: str, day: date = TODAY, channel: str = IMPORT) -> dict[int, Any]:
    """(status, Wh) by slot."""
    query = (
        "select slot, slot_status, energy_wh from marts_energy.energy_live_slot"
        " where metering_point_id = :point and delivery_on = :day and channel = :channel order by slot"
    )
    found = rows(engine, query, point=point, day=day, channel=channel)
    return {row["slot"]: (row["slot_status"], row["energy_wh"]) for row in found}


def test_live_slot__shows_a_reading_at_once_and_says_what_it_does_not_know(live: sa.Engine) -> None:
    take(live, [("M1", IMPORT, "11-11 00:00:00", "120.10"), ("M1", IMPORT, "11-11 00:15:00", "124.60")])
    found = slots(live, "M1")
    assert len(found) == 96
    assert found[1] == ("metered", 13_500_000)  # domain §6: 4.50 x 30 x 100 kWh
    assert {found[slot] for slot in range(2, 97)} == {("awaited", None)}
    take(live, [("M1", IMPORT, "11-11 00:37:00", "124.71"), ("M1", IMPORT, "11-11 01:15:00", "125.00")], "2")
    found = slots(live, "M1")
    # 00:30 lies 15/22 of the way from 124.60 to 124.71: 0.075 kWh x 3000
    assert found[2] == ("interpolated", 225_000)
    assert [found[slot] for slot in (3, 4, 5)] == [("missing", None)] * 3
    assert found[6] == ("awaited", None)


def test_live_slot__breaks_cost_their_slots_and_say_why(live: sa.Engine) -> None:
    series = [
        ("11-10 23:45:00", "7"),
        ("11-11 00:00:00", "8"),
        ("11-11 00:15:00", "9"),
        ("11-11 00:30:00", "2"),
    ]
    series += [("11-11 00:50:00", "3"), ("11-11 01:05:00", "1"), ("11-11 01:15:00", "2")]
    take(live, [(point, IMPORT, at, kwh) for point in ("M2", "M3", "M9") for at, kwh in series])
    found = slots(live, "M2")
    assert [found[slot] for slot in range(1, 7)] == [
        ("metered", 1000),
        ("ran_backwards", None),
        ("interpolated", 750),
        ("ran_backwards", None),
        ("ran_backwards", None),
        ("awaited", None),
    ]
    assert slots(live, "M3", date(2026, 11, 10))[96] == ("meter_changed", None)
    assert slots(live, "M2", date(2026, 11, 10))[96] == ("metered", 1000)
    assert set(slots(live, "M9").values()) == {("unknown_point", None)}


def test_live_slot__the_newest_version_counts_and_old_days_are_not_shown(live: sa.Engine) -> None:
    take(live, [("M2", IMPORT, "11-11 00:00:00", "1"), ("M2", IMPORT, "11-11 00:15:00", "2")])
    take(live, [("M2", IMPORT, "11-11 00:15:00", "3")], "2")
    take(live, [("M2", IMPORT, "11-08 00:00:00", "0"), ("M2", IMPORT, "11-09 00:15:00", "0")], "3")
    assert slots(live, "M2")[1] == ("metered", 2000)
    days = rows(live, "select distinct delivery_on from marts_energy.energy_live_slot order by 1")
    assert [row["delivery_on"] for row in days] == [date(2026, 11, 9), TODAY]


def test_live_portfolio_slot__nets_by_the_rule_and_never_hides_a_gap(live: sa.Engine) -> None:
    readings = [("M1", IMPORT, "11-11 00:00:00", "0"), ("M1", IMPORT, "11-11 00:15:00", "0.01")]
    readings += [("M2", IMPORT, "11-11 00:00:00", "0"), ("M2", IMPORT, "11-11 00:15:00", "5")]
    readings += [("M9", IMPORT, "11-11 00:00:00", "0"), ("M9", IMPORT, "11-11 00:15:00", "5")]
    take(live, readings)
    assert net(live) == [
        ("K1", 30_000, 30_000, 1, 1, 0),
        ("K2", None, None, 1, 0, 0),  # its export counts, and no export has come
        ("all", None, 30_000, 2, 1, 0),
    ]
    export = [("M2", "active_export", "11-11 00:00:00", "0"), ("M2", "active_export", "11-11 00:15:00", "2")]
    take(live, export, "2")
    assert net(live) == [
        ("K1", 30_000, 30_000, 1, 1, 0),
        ("K2", 3_000, 3_000, 1, 1, 0),
        ("all", 33_000, 33_000, 2, 2, 0),
    ]
    second = ["contract_id,account_id,effective_from", "C2,A1,2026-11-11"]
    delivery = Delivery("contract_account-2.csv", "\n".join(second).encode, "test")
    ingest_deliveries(live, [delivery], "contract_account")
    assert net(live) == [("K2", 3_000, 3_000, 1, 1, 0), ("all", 3_000, 3_000, 1, 1, 0)]  # M1 is in two


def net(engine: sa.Engine) -> list[tuple[object, ...]]:
    """Slot 1 of every customer and of all."""
    columns = "net_wh, known_net_wh, live_points, known_points, awaited_points"
    query = (
        f"select customer_id, {columns} from marts_energy.energy_live_customer_slot where slot = 1"
        f" union all select 'all', {columns} from marts_energy.energy_live_portfolio_slot where slot = 1"
        " order by 1"
    )
    return [tuple(row.values()) for row in rows(engine, query)]


moments = st.lists(st.integers(-1800, 86_400 + 1800), min_size=1, max_size=60, unique=True)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draw=st.data(), seconds=moments, ratio=st.sampled_from(["1", "30", "0.7"]))
def test_live_slot__is_what_the_fold_lands_and_adds_up(
    live: sa.Engine, draw: st.DataObject, seconds: list[int], ratio: str
) -> None:
    """Any readings: view and fold agree slot by slot, and known runs sum to the register difference."""
    case = EXAMPLES.pop()
    point, day = f"P{case}", TODAY - timedelta(days=1)
    begin = datetime.combine(day, datetime.min.time())
    # half of them at slot boundaries, as meters that keep time do
    at = sorted({second if draw.draw(st.booleans()) else second // 900 * 900 for second in seconds})
    rises = draw.draw(st.lists(st.integers(-20, 500), min_size=len(at), max_size=len(at)))
    registers = [Decimal(100_000 + sum(rises[: n + 1])).scaleb(-2) for n in range(len(at))]
    line = f"{point},2026-01-01,A1,m,{ratio},1,import_only"
    master = Delivery(f"{point}.csv", "\n".join([POINT_HEADER, line]).encode, "test")
    ingest_deliveries(live, [master], "metering_point")
    stamps = [f"{begin + timedelta(seconds=second):%m-%d %H:%M:%S}" for second in at]
    take(live, [(point, IMPORT, s, str(kwh)) for s, kwh in zip(stamps, registers, strict=True)], point)
    seen = {slot: wh for slot, (_, wh) in slots(live, point, day).items()}
    fold_live_days(live, TODAY)
    query = f"select array[{', '.join(SLOTS)}] as wh from landing.meter_day where metering_point_id = :point"
    landed = rows(live, query + " and delivery_on = :day", point=point, day=day)
    if any(wh is not None for wh in seen.values()):
        assert landed == [{"wh": [seen[slot] for slot in range(1, 97)]}]
        whole = dict(zip(at, registers, strict=True))
        known = [slot for slot, wh in seen.items() if wh is not None]
        first, last = known[0], known[-1]
        if len(known) == last - first + 1 and {(first - 1) * 900, last * 900} <= whole.keys():
            rise = whole[last * 900] - whole[(first - 1) * 900]
            assert sum(seen[slot] for slot in known) == round(rise * Decimal(ratio) * 1000)
    else:
        assert landed == []


EXAMPLES = list(range(100_000))
