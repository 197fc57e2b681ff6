"""A whole table against its feed: refusals name file, line, field, value and remedy; the rest goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.feeds.columns import CellError
from ingestion.feeds.contract_deviation import FEED as CLAUSE
from ingestion.feeds.curve import Curve
from ingestion.feeds.customer import FEED as CUSTOMER
from ingestion.feeds.day_ahead_day import FEED as DAY_AHEAD
from ingestion.feeds.market_price_day import FEED as PRICE
from ingestion.feeds.meter_day import FEED as METER_DAY
from ingestion.parsing import ParsedTable, _parse_plain_block, parse_table
from ingestion.readers import read_csv
from ingestion.report import FileRefused

NAME = "meter_day-x.csv"


def _parse(path: Path) -> ParsedTable:
    return parse_table(METER_DAY, read_csv(path.read_bytes()), NAME)


def _customers(text: str) -> ParsedTable:
    return parse_table(CUSTOMER, read_csv(text.encode()), "customer.csv")


def test_parse_table__negative_slot_is_refused_by_name(
    meter_file: Callable[..., Path], meter_line: Callable[..., str]
) -> None:
    parsed = _parse(meter_file([meter_line("MP1"), meter_line("MP2", slots={"p13": "-3.2", "p20": "x"})]))
    assert parsed.delivered == 2
    assert parsed.values["metering_point_id"] == ["MP1"]
    (refusal,) = parsed.refusals
    assert refusal.code == "NEGATIVE_VALUE"
    assert refusal.message == (
        "meter_day-x.csv, line 3, field p13: '-3.2' is negative. Remedy: deliver 0 or more kWh."
    )
    assert refusal.raw.startswith("MP2,active_import,2026-09-01")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("p01", "abc", "UNPARSABLE_NUMBER"),
        ("p96", "1.2345", "TOO_MANY_DECIMALS"),
        ("p50", "9999999", "OUT_OF_RANGE"),
        ("p02", "#N/A", "UNPARSABLE_NUMBER"),
        ("p03", "1 000", "UNPARSABLE_NUMBER"),
    ],
)
def test_parse_table__wrong_slot_names_field_and_value(
    meter_file: Callable[..., Path], meter_line: Callable[..., str], field: str, value: str, code: str
) -> None:
    (refusal,) = _parse(meter_file([meter_line(slots={field: value})])).refusals
    assert (refusal.line_no, refusal.field, refusal.value, refusal.code) == (2, field, value, code)
    for part in (NAME, "line 2", field, value, "Remedy:"):
        assert part in refusal.message


def test_parse_table__blank_slot_lands_flagged_with_a_finding(
    meter_file: Callable[..., Path], meter_line: Callable[..., str]
) -> None:
    parsed = _parse(meter_file([meter_line(slots={"p33": "", "p34": " "})]))
    assert parsed.refusals == []
    assert parsed.missing is not None
    assert parsed.missing.sum() == 2
    (finding,) = parsed.findings
    assert (finding.code, finding.line_no, finding.field) == ("MISSING_SLOT", 2, "p33")
    for part in (NAME, "line 2", "p33", "08:00-08:15", "Remedy:"):
        assert part in finding.message


def test_parse_table__blank_hour_of_a_position_is_refused() -> None:
    cells = ["1"] * 23
    text = f"{','.join(DAY_AHEAD.file_columns)}\nshandong,2026-09-01,{','.join(cells)},\n"
    (refusal,) = parse_table(DAY_AHEAD, read_csv(text.encode()), "day_ahead_day.csv").refusals
    assert (refusal.field, refusal.code) == ("h24", "MISSING_FIELD")
    assert "never blank (write 0)" in refusal.message


def test_parse_table__negative_price_is_real() -> None:
    text = f"{','.join(PRICE.file_columns)}\nshandong,rt_unified,2026-09-01,{','.join(['-80.5'] * 96)}\n"
    parsed = parse_table(PRICE, read_csv(text.encode()), "p.csv")
    assert parsed.slots is not None
    assert parsed.slots.tolist() == [[-80_500] * 96]


def test_parse_table__unknown_column_is_left_out_and_reported() -> None:
    parsed = _customers("customer_id,effective_from,customer_name,industri\nC1,2026-01-01,Name,steel\n")
    assert parsed.values["customer_id"] == ["C1"]
    assert parsed.values["industry"] == [None]
    (finding,) = parsed.findings
    assert (finding.code, finding.line_no, finding.value) == ("UNKNOWN_COLUMN", 1, "industri")
    for part in ("customer.csv", "line 1", "industri", "customer_name_en", "rename it to 'industry'"):
        assert part in finding.message


def test_parse_table__missing_column_refuses_the_file_with_a_suggestion() -> None:
    with pytest.raises(FileRefused) as caught:
        _customers("customer_id,effective_from,customer_nam\nC1,2026-01-01,Name\n")
    message = caught.value.report("customer.csv").refusals[0].message
    for part in ("customer.csv", "line 1", "'customer_name'", "effective_to", "rename column 'customer_nam'"):
        assert part in message


def test_parse_table__semicolons_are_recognised() -> None:
    with pytest.raises(FileRefused) as caught:
        _customers("customer_id;effective_from;customer_name\nC1;2026-01-01;Name\n")
    assert "commas instead of ';'" in caught.value.remedy


def test_parse_table__repeated_column_refuses_the_file() -> None:
    with pytest.raises(FileRefused) as caught:
        _customers("customer_id,effective_from,customer_name,customer_name\nC1,2026-01-01,A,B\n")
    assert caught.value.code == "DUPLICATE_COLUMN"


def test_parse_table__blank_required_cell_is_refused() -> None:
    (refusal,) = _customers("customer_id,effective_from,customer_name\nC1,2026-01-01, \n").refusals
    assert (refusal.code, refusal.field) == ("MISSING_FIELD", "customer_name")
    assert "fill it: text" in refusal.message


def test_parse_table__end_before_start_is_refused() -> None:
    (refusal,) = _customers(
        "customer_id,effective_from,customer_name,effective_to\nC1,2026-02-01,A,2026-01-31\n"
    ).refusals
    assert (refusal.code, refusal.field, refusal.value) == ("OUT_OF_RANGE", "effective_to", "2026-01-31")


def test_parse_table__repeated_key_keeps_the_first_line(
    meter_file: Callable[..., Path], meter_line: Callable[..., str]
) -> None:
    parsed = _parse(
        meter_file([meter_line(), meter_line(slots={"p01": "2"}), meter_line(), meter_line("MP2")])
    )
    assert parsed.lines == [2, 5]
    assert [r.line_no for r in parsed.refusals] == [3, 4]
    assert "line 2 with other values" in parsed.refusals[0].message
    assert "line 2 with equal values" in parsed.refusals[1].message


@given(
    st.lists(
        st.one_of(
            st.from_regex(r"\A-?[0-9]{0,8}(\.[0-9]{0,5})?\Z"),
            st.sampled_from(["", "0", "-0", "1-2", ".", "-", "1.2.3", "2147483.647", "0.1234567890123456"]),
        ),
        min_size=4,
        max_size=4,
    ),
    st.booleans(),
)
def test_parse_plain_block__agrees_with_the_cell_parser(cells: list[str], signed: bool) -> None:
    curve = Curve("p", 4, unit="kWh", landing_unit="Wh", minimum=None if signed else 0)
    fast = _parse_plain_block(curve, np.array([cells], dtype=object))
    try:
        slow: list[int] | None = [curve.parse(text) if text else 0 for text in cells]
    except CellError:
        slow = None
    if fast is not None:
        assert fast[0][0].tolist() == slow
        assert fast[1][0].tolist() == [text == "" for text in cells]
    elif slow is not None:
        assert max(map(len, cells)) > 16, "a plain block must not take the slow way"


_CLAUSE = (
    "contract_id,effective_from,mode,price_basis,down_band_rate,down_second_band_rate,down_price,borne_by"
)


def _clause(line: str) -> list[tuple[str | None, str, str]]:
    raw = read_csv(f"{_CLAUSE}\n{line}\n".encode())
    return [(r.field, r.code, r.message) for r in parse_table(CLAUSE, raw, "contract_deviation.csv").refusals]


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        ("K1,2026-01-01,month,,0.05,,20,customer", "price_basis", "is blank, but mode is month"),
        ("K1,2026-01-01,month,cny_per_mwh,0.05,,20,shared", "customer_share_rate", "but borne_by is shared"),
        ("K1,2026-01-01,month,rate_of_series,0.05,,1,retailer", "price_series", "is rate_of_series"),
        ("K1,2026-01-01,month,cny_per_mwh,0.05,,,customer", "down_price", "but down_band_rate is 0.05"),
        ("K1,2026-01-01,month,cny_per_mwh,0.05,0.06,1,customer", "down_second_price", "0.06"),
    ],
)
def test_parse_table__a_clause_lacks_nothing_that_it_asks_for(line: str, field: str, words: str) -> None:
    ((found, code, message),) = _clause(line)
    assert (found, code) == (field, "MISSING_FIELD")
    assert words in message
    assert f"Remedy: fill {field}" in message


def test_parse_table__a_clause_s_second_band_lies_beyond_the_first() -> None:
    raw = read_csv(
        f"{_CLAUSE},down_second_price\nK1,2026-01-01,month,cny_per_mwh,0.05,0.03,20,customer,40\n".encode()
    )
    (refusal,) = parse_table(CLAUSE, raw, "contract_deviation.csv").refusals
    assert refusal.field == "down_second_band_rate"
    assert "is below down_band_rate 0.05" in refusal.message


def test_parse_table__no_clause_needs_nothing() -> None:
    assert _clause("K1,2026-01-01,none,,,,,") == []
    assert _clause("K1,2026-01-01,year,cny_per_mwh,0.05,,20,retailer") == []
