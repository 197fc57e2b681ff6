"""Domain §6 from delivered files through intake, VEE and dbt; then corrections and edits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ingestion.feeds.columns import CHINA
from ingestion.vee import run_vee
from ingestion.vee.editing import edit_file
from ingestion.vee.store import Store
from orchestration.curves import NoCurveError, customer_curve, point_curve
from orchestration.warehouse import Warehouse
from tests.dbt.pipeline import rows, settle
from tests.golden.vee_month import DAY, FLAT, MONTH, POINTS, PROVINCE, deliver
from tests.ingestion.vee.conftest import Desk, known, midnight

pytestmark = pytest.mark.integration

TODAY = date(2026, 4, 2)
# what a correction is looked for in; the first build makes every mart
MARTS = ("--select", "+path:models/marts/energy", "--indirect-selection", "cautious")
# both agree with the registers of the day, 113 kWh
CORRECTED = [1177] * 95 + [1185]
LATER = [1178] * 95 + [1090]
# energy of DAY in Wh, quality, trust, estimated slots: by hand from domain §6
EXPECTED = {
    "NEIGHBOUR": (132_000, "estimated", 3, 1),  # 93 x 1 + 12 + 13 + 14
    "SHARES": (113_000, "estimated", 3, 3),  # 93 x 1 + 20
    "MULTIPLIER": (13_500_000, "estimated", 3, 96),  # 4.50 x 30 x 100
    "EQUAL": (0, "estimated", 3, 3),
    "LEADING": (56_000, "estimated", 3, 40),
    "MAIN": (96_000, "metered", 4, 0),
    "SUB": (58_000, "estimated", 3, 1),  # 95 x 0.6 + 1
    "LEVELLED": (240_000, "metered", 4, 0),
}
POINT_DAYS = """
    select metering_point_id, delivery_on, energy_wh, quality, trust, estimated_slots, xmin::text
    from intermediate.int_point_day_energy
"""


@pytest.fixture
def desk(warehouse: Warehouse, tmp_path: Path) -> Desk:
    """The month, delivered."""
    found = Desk(warehouse.admin, tmp_path)
    deliver(found, tmp_path)
    return found


def _point_days(engine: sa.Engine) -> dict[tuple[str, date], dict[str, Any]]:
    return {(row["metering_point_id"], row["delivery_on"]): row for row in rows(engine, POINT_DAYS)}


def _changed(before: dict[Any, dict[str, Any]], after: dict[Any, dict[str, Any]]) -> set[tuple[str, date]]:
    """Keys that were computed again: another transaction wrote their row."""
    return {key for key, row in after.items() if key not in before or row["xmin"] != before[key]["xmin"]}


def _curve(engine: sa.Engine, point: str, as_of: datetime | None = None) -> list[int | None]:
    with engine.connect() as connection:
        return [slot.wh for slot in point_curve(connection, point, "active_import", DAY, as_of).slots]


def test_vee__golden_numbers_then_corrections_recompute_exactly_the_changed_keys(
    desk: Desk, warehouse: Warehouse, dbt_target: Path, tmp_path: Path
) -> None:
    engine = warehouse.admin

    def refresh(*options: str) -> set[tuple[str, date]]:
        before = _point_days(engine) if refreshed else {}
        run_vee(engine, TODAY)
        again = MARTS if refreshed else ()
        settle(warehouse, dbt_target, date(2026, 4, 1), {PROVINCE: [MONTH[0]]}, *again, *options)
        refreshed.append(True)
        _heads_are_those_of_the_library(engine)
        return _changed(before, _point_days(engine))

    refreshed: list[bool] = []
    assert len(refresh()) == len(POINTS) * len(MONTH)
    _golden(engine)
    _visible_to_finance(engine)
    assert refresh() == set()

    # a correction after the estimate: metered and valid outranks it, for this key alone
    desk.meter(DAY, CORRECTED, "SHARES", known_at=known(DAY, 20))
    # a later delivery with a gap outranks nothing; its key is computed again (decision 0007), to the same end
    desk.meter(DAY, [None, *FLAT[1:]], "MAIN", known_at=known(DAY, 21))
    assert refresh() == {("SHARES", DAY), ("MAIN", DAY)}
    assert _point_days(engine)["MAIN", DAY]["energy_wh"] == EXPECTED["MAIN"][0]
    assert _curve(engine, "SHARES") == CORRECTED
    assert _curve(engine, "MAIN") == FLAT
    # known as it was: nothing, then the estimate, then the correction
    assert _curve(engine, "SHARES", known(DAY, 9))[:3] == [4000, 6000, 10000]
    with engine.connect() as connection, pytest.raises(NoCurveError, match="is known at"):
        point_curve(connection, "SHARES", "active_import", DAY, known(DAY, 7))

    path = tmp_path / "edit.csv"
    path.write_text(f"metering_point_id,delivery_on,p01\nSHARES,{DAY},9\n", encoding="utf-8")
    edited_at = datetime(2026, 4, 1, 10, tzinfo=CHINA)
    edit_file(engine, path, by="Li Lei", reason="read on site", known_at=edited_at)
    assert refresh() == {("SHARES", DAY)}
    assert _point_days(engine)["SHARES", DAY]["quality"] == "edited"
    # an approved edit stands above later metering until it is withdrawn
    desk.meter(DAY, LATER, "SHARES", known_at=edited_at + timedelta(hours=1))
    assert refresh() == {("SHARES", DAY)}
    assert _curve(engine, "SHARES")[:2] == [9000, 1177]
    withdrawn_at = edited_at + timedelta(hours=2)
    edit_file(engine, path, by="Han Mei", reason="wrong meter", withdraw=True, known_at=withdrawn_at)
    assert refresh() == {("SHARES", DAY)}
    assert _curve(engine, "SHARES") == LATER
    assert _curve(engine, "SHARES", edited_at + timedelta(minutes=90))[:2] == [9000, 1177]
    _portfolio_follows(engine, edited_at, withdrawn_at)

    healed = rows(engine, "select * from marts_energy.energy_point_day_version order by 1, 2, 3, 5")
    refresh("--full-refresh")
    again = rows(engine, "select * from marts_energy.energy_point_day_version order by 1, 2, 3, 5")
    assert again == healed


def _golden(engine: sa.Engine) -> None:
    assert rows(engine, "select message from marts_settlement.settlement_blocker") == []
    found = _point_days(engine)
    for point, expected in EXPECTED.items():
        row = found[point, DAY]
        assert (row["energy_wh"], row["quality"], row["trust"], row["estimated_slots"]) == expected, point
    first = found["LEVELLED", MONTH[0]]
    assert (first["energy_wh"], first["quality"], first["estimated_slots"]) == (245_000, "estimated", 5)
    assert _curve(engine, "NEIGHBOUR")[39:42] == [12_000, 13_000, 14_000]
    assert _curve(engine, "SHARES")[:4] == [4000, 6000, 10_000, 1000]
    assert _curve(engine, "SUB")[94:] == [600, 1000]
    with engine.connect() as connection:
        levelled = point_curve(connection, "LEVELLED", "active_import", MONTH[0])
        customer = customer_curve(connection, "K", DAY)
    changed = {slot.slot: (slot.wh, slot.rules[0][0]) for slot in levelled.slots if slot.rules}
    assert changed == {
        slot: (value, "EST_LEVELLED")
        for slot, value in {1: 4000, 2: 4000, 3: 4000, 49: 3000, 50: 3000}.items()
    }
    assert sum(slot.wh or 0 for slot in customer.slots) == sum(energy for energy, *_ in EXPECTED.values())
    assert {slot.quality for slot in customer.slots} == {"estimated"}


def _visible_to_finance(engine: sa.Engine) -> None:
    """149 of 8 points x 31 days x 96 slots of the settled month are estimated."""
    (kpi,) = rows(
        engine,
        "select value, status from marts_operations.operations_kpi_month "
        "where kpi_code = 'estimated_share_rate'",
    )
    assert kpi == {"value": round(Decimal(149) / (8 * 31 * 96), 6), "status": "ok"}


def _heads_are_those_of_the_library(engine: sa.Engine) -> None:
    """The order of trust exists in SQL and in numpy; both must choose the same versions."""
    heads = rows(
        engine, "select metering_point_id, channel, delivery_on, version, trust from staging.stg_meter_day"
    )
    keys = [(row["metering_point_id"], row["channel"], row["delivery_on"]) for row in heads]
    with engine.connect() as connection:
        pg: Any = connection.connection.driver_connection
        with pg.transaction():
            store = Store(pg, with_estimates=True)
            store.ensure(keys)
            chosen = [store.base(key) for key in keys]
    for row, base in zip(heads, chosen, strict=True):
        assert (row["version"], row["trust"]) == (int(store.version[base]), int(store.trust()[base])), row


def _portfolio_follows(engine: sa.Engine, edited_at: datetime, withdrawn_at: datetime) -> None:
    """The portfolio as known at each moment is the sum of the points as known then."""
    query = """
        select known_at, p01 from marts_energy.energy_portfolio_day_version
        where delivery_on = :day order by known_at
    """
    first_slot = {row["known_at"]: row["p01"] for row in rows(engine, query, day=DAY)}
    assert {edited_at, withdrawn_at, known(DAY, 20), known(DAY)} <= set(first_slot)
    for moment, total in first_slot.items():
        if moment < midnight(DAY + timedelta(days=2)):
            continue  # MULTIPLIER is not known before
        assert total == sum(_curve(engine, point, moment)[0] or 0 for point in POINTS), moment
