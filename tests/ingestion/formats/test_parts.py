"""Reading in parts says exactly what reading at once says, whatever the sizes of blocks and parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.connectors.drop_folder import discover
from ingestion.content import Content
from ingestion.formats import delivery
from ingestion.formats.delivery import transform, with_profile
from ingestion.formats.nem12 import transform_nem12
from ingestion.formats.nem12_file import nem12_file
from ingestion.formats.parted_landing import InParts, PartedLander
from ingestion.formats.parts import Parts, part_count
from ingestion.formats.profile import SourceProfile
from ingestion.formats.shaped import ShapedTable
from ingestion.formats.shaping import Sizes, shaped_file
from ingestion.formats.source_file import with_commas
from ingestion.intake import ingest_deliveries
from ingestion.landing import Origin
from ingestion.report import BatchReport, FileRefused, Finding

from .conftest import csv_bytes, shared_file
from .test_fuzz import CASES, HOURS, LONG, MUTATION, REGISTER, WIDE
from .test_long import HEADER, _lines
from .test_nem12 import SAMPLES, _nem

NUMBERED = {key: value for key, value in LONG.items() if key != "label"}
_POINTS = [["MP1", *row] for row in _lines(range(97))] + [["MP2", *row] for row in _lines(range(97))]
BY_POINT = {"metering_point": {"column": "point"}}
MORE = CASES | {
    "no label": (NUMBERED, csv_bytes(HEADER, _lines(range(97)))),
    "24:00": (NUMBERED, csv_bytes(HEADER, _lines(range(95))) + b"2026-09-01 24:00,7\n2026-09-02 00:15,1\n"),
    "no midnight": (LONG | {"time": {"column": "stamp"}}, csv_bytes(HEADER, _lines(range(97)))),
    "points": (LONG | BY_POINT, csv_bytes(["point", *HEADER], _POINTS)),
    "registers": (REGISTER | BY_POINT, csv_bytes(["point", *HEADER], _POINTS)),
    "header": (
        LONG | {"metering_point": {"header": True}, "columns": []},
        csv_bytes(["stamp", "Mac1", "mac2"], [[*row, row[1]] for row in _lines(range(97))]),
    ),
    "hours": (
        LONG | {"points": 24, "delimiter": ";", "header_row": 3},
        b"a;b\n\n" + csv_bytes(HEADER, _lines(range(26), minutes=60)).replace(b",", b";"),
    ),
    "repeated": (WIDE, HOURS + HOURS.partition(b"\n")[2].replace(b"2026-09-02", b"2026/9/2")),
    "quotes": (WIDE, HOURS.replace(b"MP1,", b'"MP1",').replace(b"2026-09-02", b'"2026-09-02\n"')),
    "header only": (WIDE, HOURS.partition(b"\n")[0]),
    "mark": (WIDE, b"\xef\xbb\xbf" + HOURS.replace(b"\n", b"\r\n")),
}
SIZES = st.builds(Sizes, block=st.integers(1, 60), part=st.integers(1, 400))


def _table_says(tables: Iterator[ShapedTable]) -> dict[str, Any]:
    """Everything that the tables of a file say, without the order of its parts."""
    days: dict[tuple[object, ...], tuple[object, ...]] = {}
    refusals: list[Finding] = []
    findings: list[Finding] = []
    delivered = 0
    for table in tables:
        delivered += table.delivered
        refusals += table.refusals
        findings += table.findings
        assert table.slots is not None
        assert table.missing is not None
        sources: dict[int, list[int]] = {}
        for row, record in zip(table.rows.tolist(), table.records.tolist(), strict=True):
            sources.setdefault(record, []).append(table.raw.lines[row])
        for record, key in enumerate(zip(*(table.values[name] for name in table.feed.key), strict=True)):
            assert key not in days, "a meter day is in one part"
            days[key] = (
                table.lines[record],
                table.slots[record].tolist(),
                table.missing[record].tolist(),
                None if table.estimated is None else table.estimated[record].tolist(),
                None if table.notes is None else table.notes[record],
                table.values["quality"][record],
                sorted(sources[record]),
            )
    return {
        "days": days,
        "refusals": sorted(refusals, key=_place),
        "findings": sorted(findings, key=_place),
        "delivered": delivered,
    }


def _place(told: Finding) -> tuple[int, str]:
    return told.line_no or 0, told.message


def _said(read: Callable[[], Iterator[ShapedTable]]) -> dict[str, Any] | tuple[object, ...]:
    try:
        return _table_says(read())
    except FileRefused as refused:
        return (refused.code, str(refused), refused.line_no, refused.field_name, refused.value)


def _in_parts(opened: AbstractContextManager[InParts]) -> Iterator[ShapedTable]:
    with opened as file:
        yield from file.tables()


def _agree(content: bytes, profile: SourceProfile, sizes: Sizes) -> None:
    whole = _said(lambda: iter([transform(content, "a.csv", profile)]))
    parts = _said(lambda: _in_parts(shaped_file(Content.of_bytes(content), "a.csv", profile, sizes)))
    assert parts == whole


@pytest.mark.parametrize("case", MORE)
@pytest.mark.parametrize("part", [1, 90, 100_000])
def test_shaped_file__says_what_the_whole_file_says(case: str, part: int) -> None:
    profile, content = MORE[case]
    _agree(content, SourceProfile.model_validate(profile), Sizes(block=50, part=part))


@pytest.mark.parametrize("case", MORE)
@settings(max_examples=60, deadline=None)
@given(mutations=st.lists(MUTATION, min_size=1, max_size=5), sizes=SIZES)
def test_shaped_file__of_mutated_files_says_what_the_whole_file_says(
    case: str, mutations: list[tuple[float, int, bytes]], sizes: Sizes
) -> None:
    profile, content = MORE[case]
    for where, length, junk in mutations:
        at = int(where * len(content))
        content = content[:at] + junk + content[at + length :]
    _agree(content, SourceProfile.model_validate(profile), sizes)


@pytest.mark.parametrize("control", ["\x0b", "\x0c", "\x1c", "\u2028"])
def test_shaped_file__only_line_ends_end_a_line(control: str) -> None:
    """Where a quote is not closed, lines are taken one by one, and other control characters stay in them."""
    content = control.encode() + HOURS + b'"'
    _agree(content, SourceProfile.model_validate(WIDE), Sizes(block=1, part=1))
    assert with_commas(f"a;b{control}c\r\n1;2\n", ";") == f"a,b{control}c\n1,2\n"


@pytest.mark.parametrize("name", SAMPLES)
def test_nem12_file__of_samples_says_what_the_whole_file_says(name: str) -> None:
    content = shared_file(f"nem12/{name}").read_bytes()
    parts = _said(lambda: _in_parts(nem12_file(Content.of_bytes(content), name, Sizes(64, 500))))
    assert parts == _said(lambda: iter([transform_nem12(content, name)]))


@settings(max_examples=60, deadline=None)
@given(mutations=st.lists(MUTATION, max_size=5), sizes=SIZES)
def test_nem12_file__of_mutated_files_says_what_the_whole_file_says(
    mutations: list[tuple[float, int, bytes]], sizes: Sizes
) -> None:
    content = _nem(["1.5"] * 24) + _nem(["2"] * 24, suffix="B1") + _nem(["3"] * 24)
    for where, length, junk in mutations:
        at = int(where * len(content))
        content = content[:at] + junk + content[at + length :]
    parts = _said(lambda: _in_parts(nem12_file(Content.of_bytes(content), "a.csv", sizes)))
    assert parts == _said(lambda: iter([transform_nem12(content, "a.csv")]))


def test_parts__that_cannot_be_told_apart_are_refused() -> None:
    lines = csv_bytes(HEADER, _lines(range(90)) * 20)
    profile = SourceProfile.model_validate(LONG)
    with pytest.raises(FileRefused) as refused, Parts(1):
        list(_in_parts(shaped_file(Content.of_bytes(lines), "a.csv", profile, Sizes(999, 99, 5_000))))
    assert refused.value.code == "TOO_MUCH_AT_ONCE"


def test_parts__are_as_many_as_the_file_needs() -> None:
    assert [part_count(size, 10) for size in (0, 10, 11, 100)] == [1, 1, 2, 10]


_DAYS = """
select replace(metering_point_id, :point, 'MP'), channel, delivery_on, version, quality, p01, p02, p95, p96,
       line_no, (
           select array_agg((f.slot, f.rule_code, f.reason) order by f.slot, f.rule_code)
           from landing.meter_slot_flag f where (f.metering_point_id, f.channel, f.delivery_on, f.version)
               = (d.metering_point_id, d.channel, d.delivery_on, d.version)
       )
from landing.meter_day d where metering_point_id like :point || '%' order by 1, 2, 3, 4
"""
_REFUSED = """
select file_name, line_no, field, replace(value, :point, 'MP'), replace(raw, :point, 'MP'), reason_code,
       replace(message, :point, 'MP')
from quarantine.row join landing.batch using (batch_id) where source = :point order by 1, 2, 6, 5
"""
_BATCHES = """
select file_name, rows_delivered, rows_landed, rows_quarantined, s.records_landed
from landing.batch b left join landing.shaped_batch s using (batch_id) where b.source = :point
order by batch_seq
"""


def _told(reports: list[BatchReport], point: str) -> list[Any]:
    return [
        (
            report.status,
            report.rows_delivered,
            report.rows_landed,
            report.rows_quarantined,
            [replace(one, message="", value="", raw="") for one in report.refusals],
            sorted(one.message.replace(point, "MP") for one in report.flags),
        )
        for report in reports
    ]


@pytest.mark.integration
def test_ingest__parts_land_what_the_whole_file_lands(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(change: dict[int, object]) -> bytes:
        stamps = [stamp for stamp, _ in _lines(range(40), minutes=60)]
        lines = [[f"POINT{p}", stamp, p * n % 7] for n, stamp in enumerate(stamps) for p in range(3)]
        for at, value in change.items():
            lines[at][2] = value
        return csv_bytes(["point", *HEADER], lines)

    files = [
        ("a.csv", rows({5: "x", 8: ""}), 1),
        ("b.csv", rows({5: "x", 8: "", 100: 6}), 2),  # most days are unchanged
        ("c.csv", rows({5: 3, 100: 4}), 1),  # older than what is there
        ("d.csv", rows({5: 9, 100: 9, 20: ""}) + b"POINT9,2026-09-01 01:00,1,1\n", 4),
        ("a.csv", rows({5: "x", 8: ""}), 5),  # the first content again, as a later delivery
        ("e.csv", rows({5: "x", 8: ""}), 1),  # and once more, as older knowledge
    ]
    said: list[list[list[Any]]] = []
    for point, whole in (("WHOLE", 1 << 40), ("PARTS", 0)):
        monkeypatch.setattr(delivery, "WHOLE_BYTES", whole)
        monkeypatch.setattr(delivery, "SIZES", Sizes(block=99, part=300))
        profile = SourceProfile.model_validate(LONG | BY_POINT | {"points": 24, "profile": point})
        reports = []
        for name, content, day in files:
            (tmp_path / name).write_bytes(content.replace(b"POINT", point.encode()))
            known_at = datetime(2026, 10, day, tzinfo=UTC)
            (found,) = with_profile(discover([tmp_path / name]), profile)
            reports += ingest_deliveries(engine, [replace(found, known_at=known_at)], takes_again=True)
        with engine.connect() as connection:
            tables = [
                [tuple(row) for row in connection.execute(sa.text(query), {"point": point})]
                for query in (_DAYS, _REFUSED, _BATCHES)
            ]
        said.append([_told(reports, point), *tables])
    assert all(said[0])
    assert {report[0] for report in said[0][0]} >= {"partly", "duplicate"}
    assert {row[5] for row in said[0][2]} >= {"UNCHANGED", "OLDER_THAN_HEAD", "WRONG_CELL_COUNT"}
    assert said[1] == said[0]


class _Breaks:
    """A file that is changed after its first part."""

    def __init__(self, table: ShapedTable) -> None:
        self.table = table

    def tables(self) -> Iterator[ShapedTable]:
        yield self.table
        raise FileRefused("CHANGED_WHILE_READ", "was changed", "deliver it again")


@pytest.mark.integration
def test_land_parts__a_file_that_breaks_leaves_nothing_to_the_next_one(engine: sa.Engine) -> None:
    profile = SourceProfile.model_validate(WIDE)
    other = HOURS.replace(b"MP1", b"MP2")
    with PartedLander(engine) as lander:
        broken = _Breaks(transform(HOURS, "a.csv", profile))
        with pytest.raises(FileRefused):
            lander.land_parts(broken, Origin("a.csv", None, "1", "x", None))
        lander.land(transform(other, "b.csv", profile), Origin("b.csv", None, "2", "x", None))
    with engine.connect() as connection:
        points = connection.execute(sa.text("select distinct metering_point_id from landing.meter_day"))
        assert points.scalars().all() == ["MP2"]
