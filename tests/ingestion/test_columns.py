"""One cell at a time: what lands, and what each refusal says."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ingestion.feeds.columns import (
    CellError,
    Choice,
    Day,
    DecimalColumn,
    FileColumn,
    Instant,
    Month,
    TextColumn,
    Value,
    Whole,
)
from ingestion.feeds.curve import Curve

ENERGY = Curve("p", 96, unit="kWh", landing_unit="Wh")
PRICE = Curve("p", 96, unit="yuan/MWh", landing_unit="0.001 yuan/MWh", minimum=None)


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        (TextColumn("customer_name", ""), "山东某某化工有限公司", "山东某某化工有限公司"),
        (Choice("side", "", choices=("buy", "sell")), "BUY", "buy"),
        (Day("delivery_on", ""), "2026/9/1", date(2026, 9, 1)),
        (Month("delivery_month", ""), "2026-09", date(2026, 9, 1)),
        (Month("delivery_month", ""), "2026-09-01", date(2026, 9, 1)),
        (Whole("capacity_kva", ""), "630", 630),
        (Whole("capacity_kva", ""), "630.0", 630),
        (DecimalColumn("price_cny_per_mwh", ""), "+420", "420.000"),
        (DecimalColumn("price_cny_per_mwh", ""), "-0.5", "-0.500"),
        (DecimalColumn("register_kwh", "", precision=14, scale=2), "999999999999.99", "999999999999.99"),
    ],
)
def test_parse__allowed_cell_lands(column: FileColumn, text: str, value: Value) -> None:
    assert column.parse(text) == value


def test_parse__instant_without_offset_is_beijing_time() -> None:
    column = Instant("read_at", "")
    assert column.parse("2026-10-01 00:00") == datetime(2026, 9, 30, 16, 0, tzinfo=UTC)
    assert column.parse("2026-10-01T00:00:00Z") == datetime(2026, 10, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("column", "text", "code", "remedy"),
    [
        (DecimalColumn("price", ""), "1,234.5", "UNPARSABLE_NUMBER", "without separators"),
        (DecimalColumn("price", ""), "1e3", "UNPARSABLE_NUMBER", "digits with a decimal point"),
        (DecimalColumn("price", ""), "１２", "UNPARSABLE_NUMBER", "digits with a decimal point"),
        (DecimalColumn("price", ""), "1.0001", "TOO_MANY_DECIMALS", "round it to 3 decimals"),
        (DecimalColumn("price", ""), "1000000000", "OUT_OF_RANGE", "check the unit"),
        (DecimalColumn("price", ""), "9" * 29, "OUT_OF_RANGE", "check the unit"),
        (DecimalColumn("price", ""), "-" + "9" * 29, "OUT_OF_RANGE", "at least"),
        (DecimalColumn("price", ""), "0." + "9" * 40, "TOO_MANY_DECIMALS", "round it to 3 decimals"),
        (DecimalColumn("price", ""), "1." + "0" * 40 + "1", "TOO_MANY_DECIMALS", "round it to 3 decimals"),
        (Whole("capacity", ""), "9" * 5000, "OUT_OF_RANGE", "check the unit"),
        (DecimalColumn("register", "", minimum="0", unit="kWh"), "-1", "NEGATIVE_VALUE", "0 or more kWh"),
        (Whole("capacity", "", minimum=1), "0", "OUT_OF_RANGE", "at least 1"),
        (Whole("capacity", ""), "1.5", "TOO_MANY_DECIMALS", "whole number"),
        (Choice("side", "", choices=("buy", "sell")), "byu", "UNKNOWN_CHOICE", "did you mean buy?"),
        (Day("day", ""), "2026-02-30", "UNPARSABLE_DATE", "2026-09-30"),
        (Day("day", ""), "30.09.2026", "UNPARSABLE_DATE", "2026-09-30"),
        (Day("day", ""), "1026-09-30", "OUT_OF_RANGE", "2026-09-30"),
        (Month("month", ""), "2026-13", "UNPARSABLE_DATE", "2026-09"),
        (Month("month", ""), "2026-09-15", "UNPARSABLE_DATE", "2026-09"),
        (TextColumn("id", ""), "a\x00b", "INVALID_TEXT", "retype"),
        (TextColumn("id", ""), "a\ud800b", "INVALID_TEXT", "retype"),
        (TextColumn("id", "", max_length=3), "abcd", "TEXT_TOO_LONG", "shorten it to 3"),
    ],
)
def test_parse__refusal_has_code_and_remedy(column: FileColumn, text: str, code: str, remedy: str) -> None:
    with pytest.raises(CellError) as caught:
        column.parse(text)
    assert caught.value.code == code
    assert remedy in caught.value.remedy


def test_curve_parse__thousandths_are_exact() -> None:
    assert ENERGY.parse("0.001") == 1
    assert ENERGY.parse("2147483.647") == 2_147_483_647
    assert PRICE.parse("-80.5") == -80_500


@pytest.mark.parametrize(
    ("curve", "text", "code"),
    [
        (ENERGY, "-0.001", "NEGATIVE_VALUE"),
        (ENERGY, "2147483.648", "OUT_OF_RANGE"),
        (ENERGY, "0.0001", "TOO_MANY_DECIMALS"),
        (ENERGY, "nan", "UNPARSABLE_NUMBER"),
        (ENERGY, "9" * 29, "OUT_OF_RANGE"),
        (ENERGY, "1.001" + "0" * 40 + "1", "TOO_MANY_DECIMALS"),
        (ENERGY, "1_000", "UNPARSABLE_NUMBER"),
        (PRICE, "-2147483.648", "OUT_OF_RANGE"),
    ],
)
def test_curve_parse__refusal_has_code(curve: Curve, text: str, code: str) -> None:
    with pytest.raises(CellError) as caught:
        curve.parse(text)
    assert caught.value.code == code


def test_curve_period__hours_and_quarters_are_named_by_clock() -> None:
    assert ENERGY.period(1) == "00:00-00:15"
    assert Curve("h", 24, unit="MWh", landing_unit="kWh").period(24) == "23:00-24:00"
