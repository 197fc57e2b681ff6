"""MQTT with a real Mosquitto: killed and restarted half-way, nothing lost, nothing doubled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from ingestion.connectors.mqtt import Mqtt, MqttRefused, MqttSettings
from ingestion.connectors.readings import FEED_NAME, Parcel
from ingestion.connectors.running import collect
from ingestion.intake import ingest_deliveries
from tests.ingestion.connectors.broker import Broker, needs_mosquitto

pytestmark = [pytest.mark.integration, needs_mosquitto]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    one = Broker(tmp_path)
    one.start()
    yield one
    one.kill()


def settings(broker: Broker, **more: object) -> MqttSettings:
    base: dict[str, object] = {
        "connector": "mqtt",
        "name": "gateway",
        "host": "127.0.0.1",
        "port": broker.port,
        "tls": False,
        "client_id": "wattledger-test",
        "topics": ["meters/+/register"],
        "fields": {"register_kwh": "kwh"},
        "constants": {"kind": "daily_freeze", "channel": "active_import"},
        "idle_s": 0.5,
    }
    return MqttSettings.model_validate(base | more)


def payload(point: int) -> bytes:
    reading = {"metering_point_id": f"MP{point:03d}", "read_at": "2026-11-12T00:00:00+08:00", "kwh": 10.25}
    return json.dumps(reading).encode()


def publish(broker: Broker, payloads: list[bytes]) -> None:
    """Publish, and wait until the broker has every message."""
    client = Client(CallbackAPIVersion.VERSION2)
    client.max_inflight_messages_set(1000)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    sent = [client.publish("meters/m/register", one, qos=1) for one in payloads]
    for one in sent:
        one.wait_for_publish(10)
        assert one.is_published()
    client.disconnect()
    client.loop_stop()


def lines(parcel: Parcel) -> list[str]:
    return parcel.delivery.read().decode().splitlines()[1:]


def test_collect__a_broker_killed_half_way_loses_and_doubles_nothing(
    engine: sa.Engine, broker: Broker
) -> None:
    connector = Mqtt(settings(broker, idle_s=4, batch_size=20))
    assert collect(engine, Mqtt(settings(broker))) == []  # leaves a session
    publish(broker, [payload(n) for n in range(30)])
    broker.save()
    reports = []
    for number, parcel in enumerate(connector.poll()):
        reports += ingest_deliveries(engine, [parcel.delivery], FEED_NAME)
        if number == 0:
            parcel.on_landed()  # the broker dies before it has written this to its store
        if number == 1:
            broker.kill()
            broker.start()
            publish(broker, [payload(n) for n in range(30, 60)] + [b"not json"])
        if number >= 1:
            parcel.on_landed()
    assert collect(engine, Mqtt(settings(broker))) == []  # all acknowledged
    with engine.connect() as connection:
        landed = connection.execute(
            sa.text("select metering_point_id, version from landing.register_reading order by 1")
        ).all()
        counts = connection.execute(
            sa.text("select sum(rows_delivered - rows_landed - rows_quarantined) from landing.batch")
        ).scalar_one()
        bad = connection.execute(
            sa.text("select reason_code, count(*) from quarantine.row group by 1 order by 1")
        ).all()
    assert [tuple(row) for row in landed] == [(f"MP{n:03d}", 1) for n in range(60)]
    assert counts == 0
    codes = {str(row[0]): int(row[1]) for row in bad}
    assert codes["WRONG_CELL_COUNT"] == 1
    assert (
        codes["UNCHANGED"] + sum(r.status == "duplicate" for r in reports) >= 1
    )  # redelivery really happened


def test_poll__what_was_not_landed_is_sent_again_to_the_next_process(broker: Broker) -> None:
    list(Mqtt(settings(broker)).poll())
    publish(broker, [payload(n) for n in range(5)])
    first = next(Mqtt(settings(broker)).poll())  # dies before landing
    again = [line for parcel in Mqtt(settings(broker)).poll() for line in lines(parcel)]
    assert lines(first) == again
    assert len(again) == 5


def test_poll__holds_a_bounded_number_and_the_broker_keeps_the_rest(broker: Broker) -> None:
    connector = Mqtt(settings(broker, receive_maximum=5, batch_size=5))
    list(connector.poll())
    publish(broker, [payload(n) for n in range(40)])
    seen: set[str] = set()
    for _ in range(20):
        for parcel in connector.poll():  # a poll that had no room for a message ends, the next one gets it
            assert len(lines(parcel)) <= 5
            seen.update(lines(parcel))
            parcel.on_landed()
        if len(seen) == 40:
            break
    assert len(seen) == 40


def test_poll__an_absent_broker_is_an_error(broker: Broker) -> None:
    broker.kill()
    with pytest.raises(ConnectionRefusedError):
        list(Mqtt(settings(broker)).poll())


def test_poll__a_broker_that_says_no_is_an_error_with_its_remedy(tmp_path: Path) -> None:
    strict = Broker(tmp_path, anonymous=False)
    strict.start()
    try:
        with pytest.raises(MqttRefused, match=r"Not authorized.*Remedy"):
            list(Mqtt(settings(strict)).poll())
    finally:
        strict.kill()
