"""Modbus TCP against pymodbus' own server: words, scales, refusals, a line that breaks half-way."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from ingestion.connectors.modbus_tcp import ModbusTcp, ModbusTcpSettings, Register, number_of
from ingestion.connectors.running import collect
from ingestion.feeds.columns import CHINA
from tests.ingestion.connectors.modbus_server import Line, line, registers, serving

NOW = datetime(2026, 11, 12, 9, 30, 5, tzinfo=CHINA)
BIG = struct.unpack(">2H", struct.pack(">I", 12_345_678))
FLOAT = struct.unpack(">2H", struct.pack(">f", 1062.48))
NAN = struct.unpack(">2H", struct.pack(">f", float("nan")))


@pytest.fixture
def port() -> Iterator[int]:
    with serving([registers(0, *BIG), registers(10, *reversed(FLOAT)), registers(20, *NAN)]) as number:
        yield number


def one(address: int, type_: str, channel: str = "active_import", **more: object) -> dict[str, object]:
    base = {"metering_point_id": "MP1", "channel": channel, "kind": "daily_freeze"}
    return base | {"address": address, "type": type_} | more


MAP = [
    one(0, "uint32", kwh_per_unit="0.01"),
    one(10, "float32", "reactive_import", words="little", kind="monthly_freeze"),
    one(20, "float32", "active_export"),
    one(900, "uint16", "reactive_export"),
]


def connector(port: int, registers_: list[dict[str, object]]) -> ModbusTcp:
    settings = {"connector": "modbus_tcp", "name": "m", "host": "127.0.0.1", "port": port}
    quick = {"registers": registers_, "timeout_s": 0.5, "pause_s": 0.01}
    return ModbusTcp(ModbusTcpSettings.model_validate(settings | quick), lambda: NOW)


def lines(source: ModbusTcp) -> list[str]:
    return [row for parcel in source.poll() for row in parcel.delivery.read().decode().splitlines()[1:]]


def test_poll__the_map_gives_words_scale_and_moment_of_each_register(port: int) -> None:
    found = lines(connector(port, MAP))
    assert found[:2] == [
        "MP1,active_import,2026-11-12T00:00:00+08:00,daily_freeze,123456.78,,",
        "MP1,reactive_import,2026-11-01T00:00:00+08:00,monthly_freeze,1062.48,,",
    ]
    assert "holds nan, which is no number [7FC0 0000]" in found[2]
    assert "register 900 of unit 1 is refused" in found[3]
    assert lines(connector(port, [one(0, "uint32", kind="live")])) == [
        "MP1,active_import,2026-11-12T09:30:05+08:00,live,12345678.00,,"
    ]


def test_poll__register_and_maximum_demand_of_a_point_are_one_record() -> None:
    occurred = int(datetime(2026, 11, 10, 14, 45, tzinfo=CHINA).timestamp())
    held = [
        registers(0, *BIG),
        registers(10, *struct.unpack(">2H", struct.pack(">f", 12.3456))),
        registers(20, *struct.unpack(">2H", struct.pack(">I", occurred)), 0, 0),
    ]
    demand = one(10, "float32", kind="live", quantity="max_demand_kw", kw_per_unit="0.1")
    moment = one(20, "uint32", kind="live", quantity="max_demand_at")
    never = moment | {"address": 22, "channel": "active_export"}
    other = demand | {"channel": "active_export"}
    with serving(held) as number:
        found = lines(connector(number, [one(0, "uint32", kind="live"), demand, moment, other, never]))
    assert found == [
        "MP1,active_import,2026-11-12T09:30:05+08:00,live,12345678.00,1.2346,2026-11-10T14:45:00+08:00",
        "MP1,active_export,2026-11-12T09:30:05+08:00,live,,1.2346,",
    ]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ([one(0, "uint16"), one(1, "uint16")], "register_kwh is there 2 times"),
        ([one(0, "uint16", quantity="max_demand_kw", kwh_per_unit=2)], "kwh_per_unit is for quantity"),
        ([one(0, "uint16", kw_per_unit=2)], "kw_per_unit is for quantity max_demand_kw"),
    ],
)
def test_settings__a_map_that_means_two_things_is_refused(
    more: list[dict[str, object]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        connector(502, more)


@pytest.mark.parametrize("cut", [1, 7, 12])
def test_poll__a_line_that_breaks_half_way_is_opened_again(port: int, cut: int) -> None:
    way = Line(port, [cut, cut + 13])
    with line(way) as near:
        found = lines(connector(near, MAP[:2]))
    assert [row.split(",")[4] for row in found] == ["123456.78", "1062.48"]
    assert way.connections >= 2


def test_poll__an_absent_peer_is_an_error() -> None:
    with line(Line(0)) as gone:
        pass
    with pytest.raises(ConnectionError, match="cannot be reached"):
        lines(connector(gone, MAP))


@given(st.integers(0, 2**64 - 1), st.sampled_from(["big", "little"]))
def test_number_of__every_whole_number_is_exact_in_both_word_orders(number: int, order: str) -> None:
    words = list(struct.unpack(">4H", struct.pack(">Q", number)))
    register = Register.model_validate(one(0, "uint64", words=order, kwh_per_unit="0.01"))
    assert number_of(words if order == "big" else words[::-1], register) == Decimal(number).scaleb(-2)


@given(st.lists(st.integers(0, 65_535), min_size=4, max_size=4))
def test_number_of__any_float_gives_a_number_or_a_reason(words: list[int]) -> None:
    register = Register.model_validate(one(0, "float64"))
    (raw,) = struct.unpack(">d", struct.pack(">4H", *words))
    if abs(raw) < 1e20:
        assert abs(float(number_of(words, register)) - raw) <= 0.005 + abs(raw) * 1e-15
    elif not abs(raw) < 1e26:
        with pytest.raises(ValueError, match="register 0 holds"):
            number_of(words, register)


@pytest.mark.integration
def test_collect__lands_what_is_good_and_quarantines_the_rest_once(engine: sa.Engine, port: int) -> None:
    reports = [collect(engine, connector(port, MAP))[0] for _ in range(2)]
    assert [(r.status, r.rows_delivered, r.rows_landed, r.rows_quarantined) for r in reports] == [
        ("partly", 4, 2, 2),
        ("duplicate", 0, 0, 0),
    ]
