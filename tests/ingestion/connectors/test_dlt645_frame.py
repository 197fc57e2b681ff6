"""DL/T 645 frames: the ten public frames, the checks, the laws of codec and splitter."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.connectors.dlt645_frame import (
    MAX_DATA,
    Frame,
    FrameError,
    Splitter,
    decode,
    encode,
    read_request,
)
from ingestion.connectors.dlt645_items import demand_item, freeze_item, moment_of, value_of

# facts quoted from public documentation: frame, address, data id, value (or the reason to refuse it)
PUBLIC = [
    ("68 AA AA AA AA AA AA 68 11 04 35 37 33 37 B7 16", "AAAAAAAAAAAA", "04000402", None),
    ("68 91 40 02 01 18 07 68 11 04 33 33 34 33 A5 16", "071801024091", "00010000", None),
    ("FE FE 68 72 00 32 09 17 20 68 91 08 33 33 34 33 B9 34 33 33 6D 16", "201709320072", "00010000", "1.86"),
    (
        "FE FE FE FE 68 00 00 00 00 00 00 68 91 06 33 34 34 35 4C 56 D9 16",
        "000000000000",
        "02010100",
        "231.9",
    ),
    (
        "FE FE FE FE 68 60 07 92 04 00 91 68 91 08 33 33 77 33 98 4C 33 33 51 16",
        "910004920760",
        "00440000",
        None,
    ),
    ("68 18 06 36 04 00 91 68 91 08 33 33 34 33 33 33 41 33 F9 16", "910004360618", "00010000", "BAD_BCD"),
]
DLT645_1997 = bytes.fromhex("FEFEFEFE688514160018156881064 3C37B954333BF16".replace(" ", ""))
SHARED = Path(__file__).parents[4] / "shared" / "data" / "dlt645_frames.json"

addresses = st.from_regex(r"\A[0-9]{12}\Z")
frames = st.builds(
    Frame, addresses, st.sampled_from([0x11, 0x91, 0xB1, 0xD1, 0x13, 0x93]), st.binary(max_size=MAX_DATA)
)


@pytest.mark.parametrize(("text", "address", "item", "value"), PUBLIC)
def test_decode__public_frames(text: str, address: str, item: str, value: str | None) -> None:
    frame = decode(bytes.fromhex(text))
    assert (frame.address, frame.item) == (address, item)
    if value == "BAD_BCD":
        with pytest.raises(FrameError, match="not BCD") as refused:
            value_of(item, frame.payload)
        assert refused.value.code == "BAD_BCD"
    elif value:
        assert value_of(item, frame.payload).number == Decimal(value)


@pytest.mark.skipif(not SHARED.exists(), reason="the public frames of ../shared/data are absent")
def test_decode__every_frame_of_the_shared_file() -> None:
    seen = Counter(_as_documented(fact) for fact in json.loads(SHARED.read_text(encoding="utf-8")))
    assert seen == {
        "request": 4,
        "value": 2,
        "UNKNOWN_ITEM": 1,
        "BAD_BCD": 1,
        "DLT645_1997": 1,
        "BAD_LENGTH": 1,
    }


def _as_documented(fact: dict[str, Any]) -> str:
    """Check one frame against its documented fields; return what became of it."""
    raw = bytes.fromhex(fact["hex"])
    try:
        frame = decode(raw)
    except FrameError as error:
        if error.code == "DLT645_1997":
            assert "1997" in fact["note"]
        else:
            assert not fact["checksum_ok"]
        return error.code
    assert frame.address == fact["address"]
    assert f"{frame.control:02X}" == fact["control"]
    assert frame.data.hex(" ").upper() == fact["data_hex_minus33"]
    assert frame.item == fact["di"]
    assert encode(frame) == raw.lstrip(b"\xfe")
    if "value" in fact:
        value = value_of(fact["di"], frame.payload)
        assert (value.number, value.unit) == (Decimal(str(fact["value"])), fact["unit"])
        return "value"
    if not frame.is_answer:
        assert read_request(frame.address, fact["di"]) == raw
        return "request"
    with pytest.raises(FrameError) as refused:
        value_of(fact["di"], frame.payload)
    return refused.value.code


def test_decode__a_1997_frame_is_refused_by_name() -> None:
    with pytest.raises(FrameError, match="DL/T 645-1997") as refused:
        decode(DLT645_1997)
    assert refused.value.code == "DLT645_1997"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda raw: raw[:-2] + bytes([raw[-2] ^ 1]) + raw[-1:], "BAD_CHECKSUM"),
        (lambda raw: raw[:9] + bytes([raw[9] + 1]) + raw[10:], "BAD_LENGTH"),
        (lambda raw: raw[:-1], "BAD_LENGTH"),
        (lambda raw: raw[:-1] + b"\x17", "BAD_END"),
        (lambda raw: raw[1:], "NOT_A_FRAME"),
        (lambda raw: b"", "NOT_A_FRAME"),
    ],
)
def test_decode__each_fault_has_its_own_reason(change: Callable[[bytes], bytes], code: str) -> None:
    raw = read_request("071801024091", "00010000")
    with pytest.raises(FrameError) as refused:
        decode(change(raw))
    assert refused.value.code == code


@given(frames)
def test_encode__round_trip(frame: Frame) -> None:
    assert decode(b"\xfe\xfe" + encode(frame)) == frame


@given(frames, st.data())
def test_decode__no_changed_byte_is_believed(frame: Frame, data: st.DataObject) -> None:
    raw = bytearray(encode(frame))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(FrameError):
        decode(bytes(raw))


@given(st.binary(max_size=300), st.from_regex(r"\A0[0-5][0-9A-F]{6}\Z"))
def test_decode__any_bytes_give_a_frame_or_a_reason(raw: bytes, item: str) -> None:
    splitter = Splitter()
    for read in (lambda: decode(raw), lambda: value_of(item, raw), lambda: moment_of(raw)):
        try:
            read()
        except FrameError:
            continue
    splitter.feed(raw)
    assert len(splitter.rest) < 10 + 255 + 2


@given(st.lists(frames, min_size=1, max_size=4), st.integers(1, 40))
def test_splitter__pieces_of_any_size_give_the_same_frames(sent: list[Frame], size: int) -> None:
    stream = b"".join(b"\xfe\xfe\xfe\xfe" + encode(frame) for frame in sent)
    splitter = Splitter()
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    assert [decode(raw) for piece in pieces for raw in splitter.feed(piece)] == sent
    assert splitter.rest == b""


def test_value_of__maximum_demand_has_its_moment() -> None:
    value = value_of(demand_item("active_import"), bytes.fromhex("563412" + "4514101126"))
    assert (value.number, value.unit) == (Decimal("12.3456"), "kW")
    assert value.occurred_at is not None
    assert value.occurred_at.isoformat() == "2026-11-10T14:45:00+08:00"


def test_value_of__freeze_block_gives_the_total_and_reactive_sums_have_a_sign() -> None:
    assert freeze_item("active_import", 62) == "0506013E"
    assert value_of("05060101", bytes.fromhex("78563412" + "00" * 16)).number == Decimal("123456.78")
    reactive = value_of("00030000", bytes.fromhex("01000080"))
    assert (reactive.number, reactive.unit) == (Decimal("-0.01"), "kvarh")
