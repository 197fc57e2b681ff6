"""Damaged files at the door: never a crash, and landed + quarantined = delivered, true in the tables.

``FUZZ_EXAMPLES`` in the environment asks for a longer run.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.connectors.base import Delivery
from ingestion.feeds import registry
from ingestion.formats.delivery import with_profile
from ingestion.formats.profile import SourceProfile
from ingestion.formats.returning import Returner
from ingestion.intake import ingest_deliveries
from ingestion.report import BatchReport
from tests.ingestion import mutations as mut
from tests.ingestion.formats.test_door import CASES
from tests.ingestion.formats.test_nem12 import _nem
from tests.ingestion.test_poison import _good_row

pytestmark = pytest.mark.integration

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "50"))
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
NO_COPY = ("not a readable workbook", "no sheet in which", "cannot be saved again", "merged ranges")
SHAPES = {name: case for name, case in CASES.items() if case.encoding == "utf-8"}
NEM12 = [
    line.split(",")
    for content in (
        _nem(["1.5"] * 48, minutes=30),
        _nem(["0.101", "", *["2"] * 22], tail="V,,,,").replace(b"900", b"400,1,12,S14,,\n400,13,24,A,,\n900"),
        _nem(["0.0005"] * 288, minutes=5, suffix="B1"),
    )
    for line in content.decode().splitlines()
]


@pytest.fixture
def returner(tmp_path: Path) -> Returner:
    """Annotated copies of what is refused, as the command line and the inbox ask for them."""
    return Returner(tmp_path / "returned")


def _feed_table(name: str, salt: int) -> mut.Table:
    feed = registry()[name]
    rows = []
    for number in range(4):
        row = _good_row(feed)
        texts = [index for index, column in enumerate(feed.columns) if column.type_name == "text"]
        row[texts[0] if texts else 0] += f"{salt}-{number}" if texts else ""
        rows.append(row)
    return [list(feed.file_columns), *rows]


def _shape_table(name: str, salt: int) -> mut.Table:
    return [[str(cell).replace("MP1", f"MP{salt}") for cell in row] for row in SHAPES[name].rows]


def _ingest(engine: sa.Engine, delivery: Delivery, returner: Returner) -> list[BatchReport]:
    """Ingest one delivery and hold its reports against the tables."""
    before = _counts(engine, "select coalesce(max(batch_id), 0) from landing.batch")
    reports = ingest_deliveries(engine, [delivery], on_delivery=returner)
    batches = 0
    for report in reports:
        assert not {refusal.code for refusal in report.refusals} & {"UNEXPECTED_FAULT"}, report.refusals
        assert report.rows_delivered == report.rows_landed + report.rows_quarantined
        for refusal in report.refusals:
            assert "Remedy: " in refusal.message
        if report.status in ("landed", "partly"):
            batches += 1
            _check_batch(engine, report)
        else:
            assert report.rows_delivered == 0
    added = f"select count(*) from landing.batch where batch_id > {before}"
    assert _counts(engine, added) == batches
    for copy in returner.returned:
        assert copy.path or any(reason in str(copy.problem) for reason in NO_COPY), copy.problem
    return reports


def _check_batch(engine: sa.Engine, report: BatchReport) -> None:
    """The batch's row, its records and its quarantined rows say the same."""
    where = f"where batch_id = {report.batch_id}"
    with engine.connect() as connection:
        row = connection.execute(sa.text(f"select * from landing.batch {where}")).mappings().one()
    counts = (row["rows_delivered"], row["rows_landed"], row["rows_quarantined"])
    assert counts == (report.rows_delivered, report.rows_landed, report.rows_quarantined)
    quarantined = (
        f"select count(*) = count(distinct line_no) and count(*) = {counts[2]} from quarantine.row {where}"
    )
    assert _counts(engine, quarantined), "one row per refused record"
    records = (
        f"select coalesce((select records_landed from landing.shaped_batch {where}), {report.rows_landed})"
    )
    assert _counts(engine, f"select count(*) from landing.{report.feed} {where}") == _counts(engine, records)


def _counts(engine: sa.Engine, query: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.text(query)).scalar_one())


def _profiled(delivery: Delivery, profile: dict[str, Any], salt: int) -> Delivery:
    constant = "constant" in profile["metering_point"]
    point = {"constant": f"MP{salt}"} if constant else profile["metering_point"]
    salted = SourceProfile.model_validate(profile | {"metering_point": point})
    (shaped,) = with_profile([delivery], salted)
    return shaped


@FUZZ
@given(
    name=st.sampled_from(sorted(registry())),
    salt=mut.SALT,
    rows=mut.ROW_EDITS,
    cells=mut.CELL_EDITS,
    encoding=mut.ENCODINGS,
    edits=mut.BYTE_EDITS,
)
def test_ingest__damaged_feed_files(
    engine: sa.Engine,
    returner: Returner,
    name: str,
    salt: int,
    rows: mut.RowEdits,
    cells: list[tuple[float, float, str]],
    encoding: str,
    edits: list[tuple[float, int, bytes]],
) -> None:
    table = mut.edit_cells(mut.edit_rows(_feed_table(name, salt), rows), cells)
    content = mut.edit_bytes(mut.as_csv(table, encoding), edits)
    (report,) = _ingest(engine, Delivery(f"{name}-1.csv", lambda: content, "fuzz"), returner)
    whole = encoding in ("utf-8", "utf-8-sig") and not edits
    if whole and report.status in ("landed", "partly"):
        assert report.rows_delivered == sum(any(cell.strip() for cell in row) for row in table[1:])


@FUZZ
@given(
    name=st.sampled_from(sorted(SHAPES)),
    salt=mut.SALT,
    rows=mut.ROW_EDITS,
    cells=mut.CELL_EDITS,
    encoding=mut.ENCODINGS,
    edits=mut.BYTE_EDITS,
)
def test_ingest__damaged_source_files(
    engine: sa.Engine,
    returner: Returner,
    name: str,
    salt: int,
    rows: mut.RowEdits,
    cells: list[tuple[float, float, str]],
    encoding: str,
    edits: list[tuple[float, int, bytes]],
) -> None:
    table = mut.edit_cells(mut.edit_rows(_shape_table(name, salt), rows), cells)
    content = mut.edit_bytes(mut.as_csv(table, encoding), edits)
    delivery = Delivery("source.csv", lambda: content, "fuzz")
    (report,) = _ingest(engine, _profiled(delivery, SHAPES[name].profile, salt), returner)
    whole = encoding in ("utf-8", "utf-8-sig") and not edits
    if whole and report.status in ("landed", "partly"):
        assert report.rows_delivered == sum(any(cell.strip() for cell in row) for row in table[1:])


@FUZZ
@given(
    name=st.sampled_from(sorted(registry())) | st.sampled_from(sorted(SHAPES)),
    salt=mut.SALT,
    rows=mut.ROW_EDITS,
    cells=mut.WORKBOOK_EDITS,
    edits=st.sampled_from([[], [], []]) | mut.BYTE_EDITS,
    cut=st.sampled_from([1.0, 1.0, 1.0, 0.99, 0.5]) | st.floats(0, 1),
)
def test_ingest__damaged_workbooks(
    engine: sa.Engine,
    returner: Returner,
    name: str,
    salt: int,
    rows: mut.RowEdits,
    cells: list[tuple[float, float, object]],
    edits: list[tuple[float, int, bytes]],
    cut: float,
) -> None:
    table = _feed_table(name, salt) if name in registry() else _shape_table(name, salt)
    content = mut.as_workbook(mut.edit_rows(table, rows), name[:31].replace(":", ""), cells)
    content = mut.edit_bytes(content[: int(cut * len(content))] if cut < 1 else content, edits)
    delivery = Delivery("source.xlsx", lambda: content, "fuzz")
    if name in SHAPES:
        delivery = _profiled(delivery, SHAPES[name].profile, salt)
    _ingest(engine, delivery, returner)


@FUZZ
@given(
    salt=mut.SALT,
    rows=mut.ROW_EDITS,
    cells=mut.CELL_EDITS,
    encoding=mut.ENCODINGS,
    edits=mut.BYTE_EDITS,
    name=st.sampled_from(["a.csv", "NEM12.CSV", "nem12#x.csv", "a.xlsx"]),
)
def test_ingest__damaged_nem12_files(
    engine: sa.Engine,
    returner: Returner,
    salt: int,
    rows: mut.RowEdits,
    cells: list[tuple[float, float, str]],
    encoding: str,
    edits: list[tuple[float, int, bytes]],
    name: str,
) -> None:
    lines = [[cell.replace("NMI1", f"NMI{salt}") for cell in line] for line in NEM12]
    table = mut.edit_cells(mut.edit_rows(lines, rows), cells)
    content = mut.edit_bytes("\n".join(",".join(row) for row in table).encode(encoding, "replace"), edits)
    _ingest(engine, Delivery(name, lambda: content, "fuzz"), returner)


@FUZZ
@given(
    name=st.sampled_from(["customer", "register_reading", "month_energy"]) | st.sampled_from(sorted(SHAPES)),
    salt=mut.SALT,
    edits=mut.PART_EDITS,
)
def test_ingest__damaged_parts_of_workbooks(
    engine: sa.Engine, returner: Returner, name: str, salt: int, edits: list[tuple[str, float, str]]
) -> None:
    table = _feed_table(name, salt) if name in registry() else _shape_table(name, salt)
    content = mut.edit_parts(mut.as_workbook(table, name[:31].replace(":", ""), []), edits)
    delivery = Delivery("source.xlsx", lambda: content, "fuzz")
    if name in SHAPES:
        delivery = _profiled(delivery, SHAPES[name].profile, salt)
    _ingest(engine, delivery, returner)
