"""DL/T 645 over TCP against a meter that listens: freezes, backfill, broken lines, what lands."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ingestion.connectors.dlt645 import Dlt645, Dlt645Settings
from ingestion.connectors.dlt645_client import MeterClient
from ingestion.connectors.dlt645_frame import FrameError
from ingestion.connectors.dlt645_items import demand_item, value_of
from ingestion.connectors.running import collect
from ingestion.feeds.columns import CHINA
from tests.ingestion.connectors.meter_server import ADDRESS, Meter, running

NOON = datetime(2026, 11, 12, 12, 0, tzinfo=CHINA)


def settings(meter: Meter, folder: Path, **more: Any) -> Dlt645Settings:  # noqa: ANN401
    one = {"host": "127.0.0.1", "port": meter.port, "address": ADDRESS, "metering_point_id": "MP1"}
    checkpoint = {"checkpoint": folder / "meters.json"}
    quick = {"timeout_s": 0.3, "pause_s": 0.01, "attempts": 3}
    return Dlt645Settings.model_validate(
        {"connector": "dlt645", "name": "meters", "meters": [one]} | checkpoint | quick | more
    )


def lines(connector: Dlt645) -> list[str]:
    """Lines that the connector delivers now, each parcel taken as landed."""
    found: list[str] = []
    for parcel in connector.poll():
        found += parcel.delivery.read().decode().splitlines()[1:]
        parcel.on_landed()
    return found


def freezing() -> Meter:
    meter = Meter()
    for back, day, kwh in ((1, "12", "103.50"), (2, "11", "102.25"), (3, "10", "101.00")):
        meter.freeze(back, f"2611{day}0000", kwh)
    return meter


@pytest.mark.parametrize("fault", ["cut", "bits", "checksum", "silence", "other"])
def test_ask__a_bad_line_is_asked_again(fault: str) -> None:
    meter = Meter(faults=[fault])
    meter.energy("00010000", "1062.48")
    with running(meter), MeterClient("127.0.0.1", meter.port, 0.3, 3, 0.01) as client:
        value = client.ask(ADDRESS, "00010000", lambda payload: value_of("00010000", payload))
    assert value.number == Decimal("1062.48")
    assert len(meter.questions) == (1 if fault == "bits" else 2)


@pytest.mark.parametrize(
    ("faults", "code", "questions"), [(["checksum"] * 3, "BAD_CHECKSUM", 3), ([], "METER_REFUSED", 1)]
)
def test_ask__what_stays_wrong_is_refused_with_its_reason(
    faults: list[str], code: str, questions: int
) -> None:
    meter = Meter(faults=faults)
    if faults:
        meter.energy("00010000", "1.00")
    with (
        running(meter),
        MeterClient("127.0.0.1", meter.port, 0.3, 3, 0.01) as client,
        pytest.raises(FrameError) as refused,
    ):
        client.ask(ADDRESS, "00010000", bytes)
    assert (refused.value.code, len(meter.questions)) == (code, questions)


def test_ask__a_frame_that_never_ends_is_a_bad_length() -> None:
    meter = Meter({"00010000": bytes(4)})
    cut = meter.answer

    def half(question: Any) -> bytes:  # noqa: ANN401
        return cut(question)[:-3]

    meter.answer = half  # type: ignore[method-assign]
    with (
        running(meter),
        MeterClient("127.0.0.1", meter.port, 0.1, 1, 0.01) as client,
        pytest.raises(FrameError, match="not complete") as refused,
    ):
        client.ask(ADDRESS, "00010000", bytes)
    assert refused.value.code == "BAD_LENGTH"


def test_poll__reads_only_the_freezes_since_the_last_poll(tmp_path: Path) -> None:
    with running(freezing()) as meter:
        connector = Dlt645(settings(meter, tmp_path))
        assert lines(connector) == [
            "MP1,active_import,2026-11-10T00:00:00+08:00,daily_freeze,101.00,,",
            "MP1,active_import,2026-11-11T00:00:00+08:00,daily_freeze,102.25,,",
            "MP1,active_import,2026-11-12T00:00:00+08:00,daily_freeze,103.50,,",
        ]
        assert lines(Dlt645(settings(meter, tmp_path))) == []
        meter.freeze(2, "2611120000", "103.50")
        meter.freeze(1, "2611130000", "104.75")
        assert lines(connector) == ["MP1,active_import,2026-11-13T00:00:00+08:00,daily_freeze,104.75,,"]


def test_poll__live_registers_of_every_channel_and_the_maximum_demand_with_its_moment(tmp_path: Path) -> None:
    meter = Meter({"01010000": bytes.fromhex("563412" + "4514101126")})
    channels = ["active_import", "active_export", "reactive_import", "reactive_export"]
    for number in range(1, 5):
        meter.energy(f"000{number}0000", f"{number}.25")
    with running(meter), MeterClient("127.0.0.1", meter.port, 0.3, 1) as client:
        base = settings(meter, tmp_path, read=["live"]).model_dump(mode="json")
        base["meters"][0]["channels"] = channels
        found = lines(Dlt645(Dlt645Settings.model_validate(base), lambda: NOON))
        demand = client.ask(ADDRESS, demand_item("active_import"), lambda raw: value_of("01010000", raw))
    assert found == [
        f"MP1,{channel},2026-11-12T12:00:00+08:00,live,{number}.25,,"
        for number, channel in enumerate(channels, start=1)
    ]
    assert (demand.number, demand.unit, demand.occurred_at) == (
        Decimal("12.3456"),
        "kW",
        datetime(2026, 11, 10, 14, 45, tzinfo=CHINA),
    )


def test_poll__maximum_demand_stands_in_the_live_record_with_its_moment(tmp_path: Path) -> None:
    """DI 01010000: 3 bytes BCD XX.XXXX kW, then mm hh DD MM YY, low byte first; all zeros = not yet."""
    meter = Meter({"01010000": bytes.fromhex("563412" + "4514101126"), "01020000": bytes(8)})
    meter.energy("00010000", "1.25")
    with running(meter):
        base = settings(meter, tmp_path, read=["live", "max_demand"]).model_dump(mode="json")
        base["meters"][0]["channels"] = ["active_import", "active_export"]
        found = lines(Dlt645(Dlt645Settings.model_validate(base), lambda: NOON))
        only = lines(Dlt645(settings(meter, tmp_path, read=["max_demand"]), lambda: NOON))
    stamp = "2026-11-12T12:00:00+08:00,live"
    assert found[0] == f"MP1,active_import,{stamp},1.25,12.3456,2026-11-10T14:45:00+08:00"
    assert found[2] == f"MP1,active_export,{stamp},,0.0000,"
    assert "METER_REFUSED" in found[1]  # the register of active_export
    assert only == [f"MP1,active_import,{stamp},,12.3456,2026-11-10T14:45:00+08:00"]


@pytest.mark.parametrize("payload", ["5634124514", "563412451410112600", "5634A2" + "4514101126"])
def test_poll__a_maximum_demand_that_is_none_is_quarantined_with_its_reason(
    tmp_path: Path, payload: str
) -> None:
    with running(Meter({"01010000": bytes.fromhex(payload)})) as meter:
        (line,) = lines(Dlt645(settings(meter, tmp_path, read=["max_demand"]), lambda: NOON))
    assert "01010000" in line
    assert ("BAD_BCD" if "A2" in payload else "BAD_DATA_LENGTH") in line


def test_poll__a_meter_that_breaks_off_loses_nothing_and_stops_no_other(tmp_path: Path) -> None:
    with running(freezing()) as meter, running(Meter()) as other:
        other.energy("00010000", "5.00")
        base = settings(meter, tmp_path).model_dump(mode="json")
        second = base["meters"][0] | {"port": other.port, "metering_point_id": "MP2"}
        both = base | {"meters": [base["meters"][0], second], "read": ["live"]}
        meter.energy("00010000", "9.00")
        meter.faults = ["cut"] * 3
        connector = Dlt645(Dlt645Settings.model_validate(both), lambda: NOON)
        parcels = connector.poll()
        found = next(parcels).delivery.read().decode().splitlines()[1:]
        with pytest.raises(ConnectionError, match=rf"meter {ADDRESS} at 127.0.0.1:{meter.port}.*Remedy"):
            next(parcels)
        assert found == ["MP2,active_import,2026-11-12T12:00:00+08:00,live,5.00,,"]
        assert len(lines(connector)) == 2


def test_poll__a_freeze_that_cannot_be_read_is_asked_for_again(tmp_path: Path) -> None:
    with running(freezing()) as meter:
        meter.items["05060102"] = bytes.fromhex("00000e00") + bytes(16)
        connector = Dlt645(settings(meter, tmp_path))
        first = lines(connector)
        assert "BAD_BCD" in first[1]
        meter.energy("05060102", "102.25")
        assert "MP1,active_import,2026-11-11T00:00:00+08:00,daily_freeze,102.25,," in lines(connector)
        assert lines(connector) == []


@pytest.mark.integration
def test_collect__freezes_land_once_through_outages_and_restarts(engine: sa.Engine, tmp_path: Path) -> None:
    meter = freezing()
    with running(meter):
        meter.faults = ["bits", "", "", "cut", "", "checksum"]
        for _ in range(2):
            collect(engine, Dlt645(settings(meter, tmp_path)))
    (tmp_path / "meters.json").unlink()  # as if the process had died before it could remember
    meter.items["05060103"] = b"\xff" * 4
    with running(meter):
        collect(engine, Dlt645(settings(meter, tmp_path)))
    with engine.connect() as connection:
        landed = connection.execute(
            sa.text("select read_at, register_kwh, version from landing.register_reading order by 1, 3")
        ).all()
        sums = connection.execute(
            sa.text("select sum(rows_delivered), sum(rows_landed), sum(rows_quarantined) from landing.batch")
        ).one()
        codes = connection.execute(sa.text("select reason_code, raw from quarantine.row order by 1")).all()
    assert [(row[0].astimezone(CHINA).day, row[1], row[2]) for row in landed] == [
        (10, Decimal("101.00"), 1),
        (11, Decimal("102.25"), 1),
        (12, Decimal("103.50"), 1),
    ]
    assert tuple(sums) == (6, 3, 3)
    assert [row[0] for row in codes] == ["UNCHANGED", "UNCHANGED", "WRONG_CELL_COUNT"]
    assert "BAD_BCD" in codes[2][1]
