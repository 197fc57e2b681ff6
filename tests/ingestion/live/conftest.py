"""Live readings and metering points for the tests of the fold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingestion.connectors.base import Delivery
from ingestion.intake import ingest_deliveries
from tests.ingestion.live.readings import POINT_HEADER, Reading, live_delivery

Take = Callable[..., None]


@pytest.fixture
def take(engine: sa.Engine) -> Take:
    """Land live readings (point, channel, 'MM-DD hh:mm:ss' of 2026, kWh) as one delivery."""

    def land(readings: Sequence[Reading], name: str = "1") -> None:
        (report,) = ingest_deliveries(engine, [live_delivery(readings, name)], "register_reading")
        assert report.rows_quarantined == 0, report.refusals

    return land


@pytest.fixture
def points(engine: sa.Engine, tmp_path: Path) -> Callable[..., None]:
    """Land metering points: lines 'id,from,meter,ct,pt[,net_rule]'."""

    def land(*lines: str) -> None:
        rows = []
        for line in lines:
            point, since, meter, ct, pt, *rule = line.split(",")
            net_rule = rule[0] if rule else "import_only"
            rows.append(f"{point},{since},{point}-a,{meter},{ct},{pt},{net_rule}")
        text = "\n".join([POINT_HEADER, *rows]) + "\n"
        delivery = Delivery("metering_point.csv", text.encode, "test")
        (report,) = ingest_deliveries(engine, [delivery], "metering_point")
        assert report.rows_quarantined == 0, report.refusals

    return land
