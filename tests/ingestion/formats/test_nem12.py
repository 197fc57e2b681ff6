"""NEM12: every sample against nemreader's own reading; events, units, refusals, mutations."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from nemreader import read_nem_file

from ingestion.formats.nem12 import transform_nem12
from ingestion.intake import ingest_paths
from ingestion.report import FileRefused

from .conftest import shared_file

Count = Callable[[str], int]
SAMPLES = (
    "Example_NEM12_actual_interval.csv",
    "Example_NEM12_different_interval_length.csv",
    "Example_NEM12_month_solar.csv",
    "Example_NEM12_multiple_meters.csv",
    "Example_NEM12_multiple_quality.csv",
    "Example_NEM12_no_scheduled_read.csv",
    "Example_NEM12_partialchannel.csv",
    "Example_NEM12_substituted_interval.csv",
    "Example_NEM12_upper_case_units.csv",
    "Example_WesternPower.csv",
    "sample_nem12.csv",
)
FACTORS = {"wh": 1, "varh": 1, "kwh": 1000, "kvarh": 1000}
CHANNELS = {"E": "active_import", "B": "active_export", "Q": "reactive_import", "K": "reactive_export"}


def _nem(
    values: list[str], tail: str = "A,,,,", minutes: int = 60, unit: str = "kWh", suffix: str = "E1"
) -> bytes:
    return (
        "100,NEM12,202609010000,A,B\n"
        f"200,NMI1,{suffix},1,{suffix},N1,M1,{unit},{minutes},\n"
        f"300,20260901,{','.join(values)},{tail}\n900\n"
    ).encode()


@pytest.mark.parametrize("name", SAMPLES)
def test_transform_nem12__samples_have_the_counts_and_sums_of_the_source(name: str) -> None:
    path = shared_file(f"nem12/{name}")
    table = transform_nem12(path.read_bytes(), name)
    records = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("300")]
    assert table.delivered == len(records) == len(table.lines) + len(table.refusals)
    assert table.slots is not None
    assert table.estimated is not None
    wanted: dict[tuple[str, str], Fraction] = {}
    days = 0
    for nmi, channels in read_nem_file(str(path)).readings.items():
        for suffix, readings in channels.items():
            if suffix[0] in CHANNELS:
                total = sum(Fraction(str(one.read_value)) * FACTORS[one.uom.lower()] for one in readings)
                wanted[f"{nmi}-{suffix[1:]}", CHANNELS[suffix[0]]] = Fraction(total)
                days += len({one.t_start.date() for one in readings})
    landed: dict[tuple[str, str], Fraction] = dict.fromkeys(wanted, Fraction(0))
    for record, slots in enumerate(table.slots.tolist()):
        key = (str(table.values["metering_point_id"][record]), str(table.values["channel"][record]))
        landed[key] += sum(slots)
    assert landed == wanted
    assert len(table.lines) == days
    assert {refusal.code for refusal in table.refusals} <= {"UNSUPPORTED_CHANNEL"}


def test_transform_nem12__events_mark_their_intervals_only() -> None:
    path = shared_file("nem12/Example_NEM12_multiple_quality.csv")
    table = transform_nem12(path.read_bytes(), path.name)  # half hours 21 to 24 are actual
    assert table.estimated is not None
    assert np.flatnonzero(~table.estimated[0]).tolist() == list(range(40, 48))
    assert table.values["quality"] == ["estimated"]


@pytest.mark.parametrize("name", ["Example_NEM13_consumption_data.csv", "Example_NEM13_forward_estimate.csv"])
def test_transform_nem12__nem13_is_refused_by_name(name: str) -> None:
    with pytest.raises(FileRefused, match="NEM13") as refused:
        transform_nem12(shared_file(f"nem12/{name}").read_bytes(), name)
    assert refused.value.code == "NEM13_REFUSED"


def test_transform_nem12__hours_split_five_minutes_add_blanks_stay_missing() -> None:
    hours = transform_nem12(_nem(["0.101", "", *["0"] * 22]), "a.csv")
    assert hours.slots is not None
    assert hours.missing is not None
    assert hours.slots[0, :4].tolist() == [26, 25, 25, 25]
    assert np.flatnonzero(hours.missing[0]).tolist() == [4, 5, 6, 7]
    assert hours.notes == ["24 points in kWh: 0.101|" + "|0" * 22]
    minutes = transform_nem12(_nem(["0.0005", "0.0005", "1"] + ["0"] * 285, minutes=5), "a.csv")
    assert minutes.slots is not None
    assert minutes.slots[0, 0] == 1001


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (_nem(["1"] * 10), "WRONG_CELL_COUNT"),
        (_nem(["1"] * 23), "UNKNOWN_QUALITY"),
        (_nem(["1"] * 25), "UNKNOWN_QUALITY"),
        (_nem(["1"] * 23 + ["x"]), "UNPARSABLE_NUMBER"),
        (_nem(["1"] * 23 + ["-1"]), "NEGATIVE_VALUE"),
        (_nem(["0.0001"] * 24), "NOT_WHOLE_WH"),
        (_nem(["1"] * 24, tail="V,,,,"), "UNKNOWN_QUALITY"),
        (_nem(["1"] * 24, tail=",,,,"), "UNKNOWN_QUALITY"),
        (_nem(["1"] * 24, unit="V"), "UNKNOWN_UNIT"),
        (_nem(["1"] * 24, suffix="V1"), "UNSUPPORTED_CHANNEL"),
        (_nem(["1"] * 144, minutes=10), "NOT_DIVISIBLE"),
        (_nem(["1"] * 24).replace(b"20260901,", b"20261301,"), "UNPARSABLE_DATE"),
        (_nem(["1"] * 24).replace(b"200,", b"201,"), "UNKNOWN_RECORD"),
        (_nem(["1"] * 24).replace(b"900", b"400,20,30,S,,"), "UNPARSABLE_LINE"),
    ],
)
def test_transform_nem12__each_fault_has_its_own_reason(content: bytes, code: str) -> None:
    table = transform_nem12(content, "a.csv")
    assert table.refusals[0].code == code
    assert table.lines == []
    assert len(table.refusals) == table.delivered


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 1),
            st.integers(0, 9),
            st.sampled_from(
                [b"", b",", b"\n", b'"', b"\xff", b"300,", b"400,1,2,S,,\n", b"-", b"NaN", b"\x00"]
            ),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_transform_nem12__mutated_files_never_break_the_count(
    changes: list[tuple[float, int, bytes]],
) -> None:
    content = _nem(["1.5"] * 48, minutes=30) + _nem(["2"] * 48, minutes=30, suffix="B1")
    for where, length, junk in changes:
        at = int(where * len(content))
        content = content[:at] + junk + content[at + length :]
    try:
        table = transform_nem12(content, "a.csv")
    except FileRefused:
        return
    assert table.delivered == len(table.lines) + len(table.refusals)
    assert len({*table.lines, *(refusal.line_no for refusal in table.refusals)}) == table.delivered


@pytest.mark.integration
def test_ingest_paths__nem12_needs_no_profile_and_flags_what_was_estimated(
    engine: sa.Engine, scalar: Count
) -> None:
    folder = shared_file("nem12")
    names = ("Example_NEM12_multiple_quality.csv", "Example_NEM13_consumption_data.csv", "sample_nem12.csv")
    reports = {r.file_name: r for r in ingest_paths(engine, [folder / name for name in names])}
    assert [reports[name].status for name in names] == ["landed", "unreadable", "landed"]
    flags = (
        "select count(*) from landing.meter_slot_flag where metering_point_id = 'CCCC123456-1' and rule_code"
    )
    assert scalar(f"{flags} = 'ESTIMATED_AT_SOURCE'") == 88
    assert scalar(f"{flags} = 'SPLIT_48'") == 1
    assert scalar("select count(*) from landing.meter_day where quality = 'metered'") == 2
    (again,) = ingest_paths(engine, [folder / names[0]])
    assert again.status == "duplicate"
