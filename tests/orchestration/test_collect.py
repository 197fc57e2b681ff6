"""``wattledger collect`` as a user runs it, with real peers: Mosquitto, an EMS, a meter, a Modbus server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from ingestion.connectors.base import Delivery
from ingestion.intake import ingest_deliveries
from orchestration.collecting import collector_service, connector_health, connectors_file
from orchestration.commands.servers import start_collector
from orchestration.house import House
from orchestration.runs import BusinessDay, record_checks
from orchestration.settings import Settings
from orchestration.transform import run_dbt, target_folder
from tests.conftest import temporary_home
from tests.ingestion.connectors import ems_server, meter_server
from tests.ingestion.connectors.broker import Broker, needs_mosquitto
from tests.ingestion.connectors.modbus_server import Line, line, registers, serving
from tests.ingestion.live.readings import POINT_HEADER

pytestmark = [pytest.mark.integration, needs_mosquitto]
TODAY = date(2026, 11, 11)
SECONDS_TO_LAND = 5.0


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """An installation with the live views, ready to collect."""
    with temporary_home() as home:
        (home.root / "business_date").write_text(f"{TODAY}\n")
        place = House(Settings(home, None, ()))
        place.warehouse.prepare()
        record_checks(place.engine("wl_ledger"), "test", BusinessDay.pinned(TODAY), 0)
        views = ["run", "--quiet", "--select", "energy_live_slot"]
        run_dbt(views, url=place.warehouse.url("wl_transform"), target=target_folder(home))
        text = f"{POINT_HEADER}\nLIVE,2026-01-01,A1,m,30,100,import_only\n"
        ingest_deliveries(
            place.engine("wl_ingest"), [Delivery("p.csv", text.encode, "test")], "metering_point"
        )
        yield place
        collector_service(home).stop()
        place.close()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    one = Broker(tmp_path)
    one.start()
    yield one
    one.kill()


def mqtt(broker: Broker, name: str = "gateway", **more: object) -> dict[str, object]:
    return {
        "connector": "mqtt",
        "name": name,
        "host": "127.0.0.1",
        "port": broker.port,
        "tls": False,
        "client_id": f"wattledger-{name}",
        "topics": ["meters/+/register"],
        "fields": {"metering_point_id": "point", "register_kwh": "kwh", "max_demand_kw": "kw"},
        "constants": {"kind": "live", "channel": "active_import"},
        "idle_s": 0.5,
        "timeout_s": 2,
    } | more


def write(path: Path, *connectors: dict[str, object]) -> Path:
    path.write_text(yaml.safe_dump({"connectors": list(connectors)}), encoding="utf-8")
    return path


def command(house: House, *arguments: str) -> list[str]:
    return [str(Path(sys.executable).parent / "wattledger"), *arguments]


def environment(house: House) -> dict[str, str]:
    return {**os.environ, "WATTLEDGER_HOME": str(house.home.root), "EMS_SECRET": "s3cret", "COLUMNS": "200"}


def run(house: House, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(house, *arguments), env=environment(house), check=False, capture_output=True, text=True
    )


def publish(broker: Broker, payloads: list[dict[str, object]]) -> None:
    """Publish, and wait until the broker has every message."""
    client = Client(CallbackAPIVersion.VERSION2)
    client.max_inflight_messages_set(1000)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    sent = [client.publish("meters/m/register", json.dumps(one).encode(), qos=1) for one in payloads]
    for one in sent:
        one.wait_for_publish(10)
        assert one.is_published()
    client.disconnect()
    client.loop_stop()


def message(point: str, minute: int, kwh: float) -> dict[str, object]:
    moment = datetime(2026, 11, 11) + timedelta(minutes=minute)
    return {"point": point, "read_at": f"{moment.isoformat()}+08:00", "kwh": kwh}


def until(condition: Callable[[], bool], seconds: float) -> float:
    """Seconds until it holds."""
    begin = time.monotonic()
    while not condition():
        assert time.monotonic() - begin < seconds, "it did not come to that"
        time.sleep(0.02)
    return time.monotonic() - begin


def scalar(house: House, query: str) -> Any:  # noqa: ANN401
    with house.warehouse.admin.connect() as connection:
        return connection.execute(sa.text(query)).scalar_one()


def test_watch__a_reading_shows_in_seconds_and_a_dead_broker_loses_and_doubles_nothing(
    house: House, broker: Broker, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = write(tmp_path / "c.yml", mqtt(broker, batch_size=20))
    assert run(house, "collect", str(file)).returncode == 0  # leaves a session at the broker
    watched = subprocess.Popen(
        command(house, "collect", str(file), "--watch", "--json"),
        env=environment(house),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        publish(broker, [message("LIVE", 0, 120.10)])
        shown = "select count(*) from marts_energy.energy_live_slot where metering_point_id = 'LIVE'"
        until(lambda: scalar(house, shown) == 96, 30)  # the process has started
        publish(broker, [message("LIVE", 15, 124.60)])
        seconds = until(
            lambda: scalar(house, f"{shown} and slot = 1 and energy_wh = 13500000") == 1, SECONDS_TO_LAND
        )
        with capsys.disabled():
            print(f"\n  MQTT message to energy_live_slot: {seconds:.2f} s")

        points = [f"B{n:03d}" for n in range(200)]
        landed = "select count(*) from landing.register_reading where metering_point_id like 'B%'"
        publish(broker, [message(point, 0, 1.25) for point in points[:100]])
        broker.save()
        broker.kill()
        broker.start()
        publish(broker, [message(point, 0, 1.25) for point in points[100:]])
        until(lambda: scalar(house, landed) == 200, 30)
        watched.send_signal(signal.SIGTERM)
        out, errors = watched.communicate(timeout=10)
        assert watched.returncode == 0, errors
    finally:
        watched.kill()
        watched.wait()
    assert scalar(house, f"{landed} and version = 1") == 200
    assert scalar(house, "select count(*) from quarantine.row where reason_code <> 'UNCHANGED'") == 0
    lines = [json.loads(one) for one in out.splitlines()]
    assert sum(one["rows_landed"] for one in lines) == 202
    publish(broker, [message("B200", 0, 1)])  # kept by the broker for the session that is away
    assert run(house, "collect", str(file)).returncode == 0
    assert scalar(house, landed) == 201


def everything(house: House, broker: Broker, ems: int, meter: int, modbus: int) -> list[dict[str, object]]:
    """One connector of each kind."""
    point = {"host": "127.0.0.1", "port": meter, "address": meter_server.ADDRESS, "metering_point_id": "D1"}
    register = {"metering_point_id": "R1", "channel": "active_import", "kind": "live", "address": 0}
    auth = {"kind": "client_credentials", "token_path": "/oauth/token", "client_id": "w"}
    return [
        {
            "connector": "dlt645",
            "name": "meters",
            "checkpoint": "meters.json",
            "read": ["daily_freeze", "live", "max_demand"],
            "timeout_s": 2,
            "meters": [point],
        },
        {
            "connector": "http_pull",
            "name": "ems",
            "checkpoint": "ems.json",
            "base_url": f"http://127.0.0.1:{ems}",
            "readings_path": "/v1/readings",
            "auth": auth | {"client_secret_env": "EMS_SECRET"},
            "fields": {"metering_point_id": "point", "channel": "quantity", "register_kwh": "value"},
            "words": {"channel": {"EP+": "active_import"}},
            "constants": {"kind": "live"},
        },
        mqtt(broker, "south", topics=["south/#"]),
        {
            "connector": "modbus_tcp",
            "name": "substation",
            "host": "127.0.0.1",
            "port": modbus,
            "registers": [register | {"type": "uint16"}],
            "attempts": 2,
            "timeout_s": 0.5,
        },
    ]


def test_collect__four_connectors_one_of_them_down(house: House, broker: Broker, tmp_path: Path) -> None:
    with line(Line(0)) as gone:
        pass
    meter = meter_server.Meter({"01010000": bytes.fromhex("563412" + "4514101126")})
    meter.freeze(1, "2611110000", "100.00")
    meter.energy("00010000", "100.25")
    ems = ems_server.Ems([ems_server.reading(hour, hour + 0.25) for hour in range(8)])
    with ems_server.running(ems), meter_server.running(meter), serving([registers(0, 4321)]) as modbus:
        kinds = everything(house, broker, ems.port, meter.port, gone)
        file = write(tmp_path / "connectors.yml", *kinds)
        checked = run(house, "collect", str(file), "--check", "--json")
        assert checked.returncode == 0, checked.stderr
        assert [one["connector"] for one in json.loads(checked.stdout)] == [
            "dlt645",
            "http_pull",
            "mqtt",
            "modbus_tcp",
        ]
        assert not list(tmp_path.glob("*.json"))  # it connected to nothing
        first = run(house, "collect", str(file), "--json")
        assert first.returncode == 1
        outcomes = {one["name"]: one for one in json.loads(first.stdout)}
        assert {name: (one["rows_delivered"], one["rows_landed"]) for name, one in outcomes.items()} == {
            "meters": (2, 2),
            "ems": (8, 8),
            "south": (0, 0),
            "substation": (0, 0),
        }
        assert [name for name, one in outcomes.items() if one["error"]] == ["substation"]
        assert f"127.0.0.1:{gone} cannot be reached. Remedy:" in outcomes["substation"]["error"]
        assert (tmp_path / "ems.json").exists()  # checkpoints lie beside the file
        words = run(house, "collect", str(file))
        assert words.returncode == 1
        assert "failed substation: ConnectionError: substation: 127.0.0.1" in words.stderr
        write(file, *everything(house, broker, ems.port, meter.port, modbus))
        only = run(house, "collect", str(file), "--only", "substation")
        assert only.returncode == 0, only.stderr
    row = "select register_kwh || ' ' || max_demand_kw || ' ' || (max_demand_at at time zone 'Asia/Shanghai')"
    assert (
        scalar(
            house,
            f"{row} from landing.register_reading where metering_point_id = 'D1' and kind = 'live'"
            " order by read_at limit 1",
        )
        == "100.25 12.3456 2026-11-10 14:45:00"
    )
    assert (
        scalar(house, "select register_kwh from landing.register_reading where metering_point_id = 'R1'")
        == 4321
    )
    unknown = run(house, "collect", str(file), "--only", "north")
    assert unknown.returncode == 1
    assert "it has meters, ems, south, substation" in unknown.stderr


def test_collector_service__is_started_shown_and_stopped(house: House, broker: Broker) -> None:
    assert start_collector(house) is None  # no connectors.yml
    write(connectors_file(house.home), mqtt(broker, "background"))
    try:
        assert start_collector(house)
        until(lambda: collector_service(house.home).answers(), 5)
        publish(broker, [message("BG", 0, 1)])  # the session may not be there yet, so publish until it is
        until(lambda: _published_lands(house, broker), 30)
        shown = run(house, "status", "--json")
        (server,) = [one for one in json.loads(shown.stdout) if one["server"] == "collector"]
        health = {one["name"]: one for one in server["connectors"]}
        assert server["up"] is True
        assert health["background"]["rows_landed"] >= 1
        held = run(house, "collect")
        assert held.returncode == 1
        assert "is being polled by another process" in held.stderr
        broker.kill()
        until(lambda: _health(house, "background").failures_in_a_row > 0, 20)
        broker.start()
        until(lambda: _published_lands(house, broker), 30)
        until(lambda: not _health(house, "background").is_failing, 5)
        begin = time.monotonic()
        assert collector_service(house.home).stop()
        assert time.monotonic() - begin < 5
        assert not collector_service(house.home).answers()
    finally:
        connectors_file(house.home).unlink()
    assert "down" in run(house, "status").stdout


def _health(house: House, name: str) -> Any:  # noqa: ANN401
    return next(one for one in connector_health(house.home) if one.name == name)


def _published_lands(house: House, broker: Broker) -> bool:
    """Publish a reading of a new minute, and see whether one more has landed."""
    count = "select count(*) from landing.register_reading where metering_point_id = 'BG'"
    before = scalar(house, count)
    publish(broker, [message("BG", int(time.monotonic() * 50) % 1_000_000, 1)])
    time.sleep(0.5)
    return bool(scalar(house, count) > before)
