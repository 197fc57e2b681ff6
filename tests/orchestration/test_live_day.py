"""Live readings in the daily round: they ask for no refresh of their own, and finished days are folded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import dagster as dg
import pytest
import sqlalchemy as sa

from ingestion.connectors.base import Delivery
from ingestion.intake import ingest_deliveries
from orchestration.assets.landing import live_day
from orchestration.house import House
from orchestration.runs import has_news
from orchestration.settings import Settings
from orchestration.warehouse import Warehouse
from tests.ingestion.live.readings import IMPORT, POINT_HEADER, Reading, landed_days, live_delivery

pytestmark = pytest.mark.integration
TODAY = date(2026, 11, 11)


def take(engine: sa.Engine, delivery: Delivery, feed: str) -> int:
    (report,) = ingest_deliveries(engine, [delivery], feed)
    assert report.batch_seq is not None
    return report.batch_seq


def test_has_news__live_readings_alone_ask_for_no_refresh(warehouse: Warehouse) -> None:
    ledger = warehouse.engine("wl_ledger")
    assert not has_news(ledger, 0)
    take(warehouse.admin, live_delivery([("M1", IMPORT, "11-10 00:00", "1")]), "register_reading")
    assert not has_news(ledger, 0)
    header = "metering_point_id,channel,read_at,kind,register_kwh"
    freeze = f"{header}\nM1,{IMPORT},2026-11-10 00:00,daily_freeze,1\n"
    seq = take(warehouse.admin, Delivery("r.csv", freeze.encode, "grid"), "register_reading")
    assert has_news(ledger, 0)
    assert not has_news(ledger, seq)
    point = f"{POINT_HEADER}\nM1,2026-01-01,A1,m,1,1,import_only\n"
    take(warehouse.admin, Delivery("p.csv", point.encode, "test"), "metering_point")
    assert has_news(ledger, seq)


def test_live_day__folds_finished_days_under_the_intake_s_own_role(warehouse: Warehouse) -> None:
    house = House(Settings(warehouse.home, None, ()))
    house.__dict__["warehouse"] = warehouse
    (warehouse.home.root / "business_date").write_text(f"{TODAY}\n")
    try:
        point = f"{POINT_HEADER}\nM1,2026-01-01,A1,m,30,100,import_only\n"
        take(warehouse.admin, Delivery("p.csv", point.encode, "test"), "metering_point")
        readings: list[Reading] = [
            ("M1", IMPORT, f"11-10 {k // 4:02d}:{k % 4 * 15:02d}", str(Decimal(k) / 100)) for k in range(96)
        ]
        take(warehouse.admin, live_delivery(readings), "register_reading")
        for landed in (1, 0):
            result = dg.materialize([live_day], resources={"house": house})
            (event,) = result.get_asset_materialization_events()
            assert event.materialization.metadata["meter_days_landed"].value == landed
    finally:
        (warehouse.home.root / "business_date").unlink()
    ((*_, slots),) = landed_days(warehouse.admin, date(2026, 11, 10))
    assert slots == [30_000] * 95 + [None]
