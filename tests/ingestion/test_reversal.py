"""Knowledge that comes twice or late: going back to an earlier file, and backfills of older knowledge."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from ingestion.feeds.market_price_day import FEED as PRICE
from ingestion.intake import ingest_paths
from ingestion.report import BatchReport

pytestmark = pytest.mark.integration

Count = Callable[[str], int]
_HEAD = (
    "select p01 / 1000 from landing.market_price_day where delivery_on = '{}' order by version desc limit 1"
)


def _write(folder: Path, name: str, *prices: int, known_at: str | None = None) -> Path:
    """A price file: one record per price, for 1, 2, ... September; its manifest line when declared."""
    folder.mkdir(exist_ok=True)
    lines = [",".join(PRICE.file_columns)]
    for day, price in enumerate(prices, start=1):
        lines.append(",".join(["shandong", "da_unified", f"2026-09-{day:02d}", *[str(price)] * 96]))
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if known_at:
        manifest = folder / "manifest.csv"
        kept = manifest.read_text().splitlines() if manifest.exists() else ["file_name,known_at,source"]
        kept = [line for line in kept if not line.startswith(f"{name},")]
        manifest.write_text("\n".join([*kept, f"{name},{known_at},exchange"]) + "\n")
    return path


def _status(reports: list[BatchReport]) -> list[str]:
    return [report.status for report in reports]


@pytest.fixture
def head(scalar: Count) -> Callable[..., int]:
    """Price of the latest version of a day."""
    return lambda day="2026-09-01": scalar(_HEAD.format(day))


def test_older__backfill_does_not_override_a_newer_correction(
    engine: sa.Engine, tmp_path: Path, head: Callable[..., int], scalar: Count
) -> None:
    ingest_paths(engine, [_write(tmp_path / "a", "price-new.csv", 410, known_at="2026-09-05 09:00")])
    backfill = _write(tmp_path / "a", "price-old.csv", 420, 500, known_at="2026-09-01 17:30")
    (report,) = ingest_paths(engine, [backfill])
    assert (report.status, report.rows_landed, report.rows_quarantined) == ("partly", 1, 1)
    (refusal,) = report.refusals
    assert (refusal.code, refusal.line_no) == ("OLDER_THAN_HEAD", 2)
    for part in ("price-old.csv", "line 2", "2026-09-01 17:30", "2026-09-05 09:00", "Remedy: ", "known_at"):
        assert part in refusal.message
    assert (head(), head("2026-09-02")) == (410, 500)
    assert scalar("select count(*) from quarantine.row where reason_code = 'OLDER_THAN_HEAD'") == 1


def test_older__the_remedy_works_and_is_not_taken_twice(
    engine: sa.Engine, tmp_path: Path, head: Callable[..., int], scalar: Count
) -> None:
    folder = tmp_path / "a"
    _write(folder, "price-1.csv", 410, known_at="2026-09-05 09:00")
    ingest_paths(engine, [folder])
    _write(folder, "price-2.csv", 420, 500, known_at="2026-09-01 17:30")
    ingest_paths(engine, [folder])
    assert _status(ingest_paths(engine, [folder])) == ["duplicate"] * 2
    _write(folder, "price-2.csv", 420, 500, known_at="2026-09-06 09:00")
    assert sorted(_status(ingest_paths(engine, [folder]))) == ["duplicate", "partly"]
    assert head() == 420
    assert _status(ingest_paths(engine, [folder])) == ["duplicate"] * 2
    assert scalar("select max(version) from landing.market_price_day") == 2


def test_older__equal_time_or_none_declared_is_a_correction(
    engine: sa.Engine, tmp_path: Path, head: Callable[..., int]
) -> None:
    ingest_paths(engine, [_write(tmp_path / "a", "price-1.csv", 410, known_at="2026-09-05 09:00")])
    ingest_paths(engine, [_write(tmp_path / "a", "price-2.csv", 420, known_at="2026-09-05 09:00")])
    assert head() == 420
    ingest_paths(engine, [_write(tmp_path / "b", "price-3.csv", 430)])
    assert head() == 430


def test_older__equal_record_is_unchanged_whatever_its_time(engine: sa.Engine, tmp_path: Path) -> None:
    ingest_paths(engine, [_write(tmp_path / "a", "price-1.csv", 410, known_at="2026-09-05 09:00")])
    older = _write(tmp_path / "a", "price-2.csv", 410, 420, known_at="2026-09-01 17:30")
    (report,) = ingest_paths(engine, [older])
    assert [refusal.code for refusal in report.refusals] == ["UNCHANGED"]


def test_reversal__earlier_file_again_is_the_head_again(
    engine: sa.Engine, tmp_path: Path, head: Callable[..., int], scalar: Count
) -> None:
    first = _write(tmp_path / "a", "price-1.csv", 420, 500)
    ingest_paths(engine, [first])
    ingest_paths(engine, [_write(tmp_path / "a", "price-2.csv", 410)])
    (back,) = ingest_paths(engine, [first])
    assert (back.status, back.batch_seq, back.rows_landed, back.rows_quarantined) == ("partly", 3, 1, 1)
    assert back.refusals[0].code == "UNCHANGED"
    assert (head(), scalar("select max(version) from landing.market_price_day")) == (420, 3)
    shas = "select count(distinct split_part(sha256, '#', 1)) from landing.batch where batch_seq in (1, 3)"
    assert scalar(shas) == 1
    assert scalar("select split_part(sha256, '#', 2)::int from landing.batch where batch_seq = 3") == 3
    assert _status(ingest_paths(engine, [first])) == ["duplicate"]
    assert scalar("select count(*) from landing.batch") == 3


def test_reversal__any_number_of_times(
    engine: sa.Engine, tmp_path: Path, head: Callable[..., int], scalar: Count
) -> None:
    files = [_write(tmp_path / "a", f"price-{price}.csv", price) for price in (420, 410)]
    for turn in range(6):
        ingest_paths(engine, [files[turn % 2]])
        assert head() == (420, 410)[turn % 2]
    assert scalar("select max(version) from landing.market_price_day") == 6


def test_reversal__file_replaced_in_its_folder(
    engine: sa.Engine, tmp_path: Path, head: Callable[..., int]
) -> None:
    for price in (420, 410, 420):
        _write(tmp_path / "a", "price.csv", price)
        ingest_paths(engine, [tmp_path / "a"])
        assert head() == price


def test_reversal__copy_under_a_new_name_in_a_folder(
    engine: sa.Engine, tmp_path: Path, head: Callable[..., int], scalar: Count
) -> None:
    for name, price in (("price-1.csv", 420), ("price-2.csv", 410), ("price-3.csv", 420)):
        _write(tmp_path / "a", name, price)
        ingest_paths(engine, [tmp_path / "a"])
        assert head() == price
    assert _status(ingest_paths(engine, [tmp_path / "a"])) == ["duplicate"] * 3
    assert scalar("select max(version) from landing.market_price_day") == 3


def test_reversal__a_folder_taken_in_again_changes_nothing(
    engine: sa.Engine, tmp_path: Path, head: Callable[..., int], scalar: Count
) -> None:
    folder = tmp_path / "a"
    _write(folder, "price-1.csv", 420)
    _write(folder, "price-2.csv", 410)
    ingest_paths(engine, [folder])
    ingest_paths(engine, [_write(tmp_path / "b", "price-hot.csv", 400)])
    assert _status(ingest_paths(engine, [folder])) == ["duplicate"] * 2
    assert _status(ingest_paths(engine, sorted(folder.glob("*.csv")))) == ["duplicate"] * 2
    assert (head(), scalar("select count(*) from landing.batch")) == (400, 3)


def test_reversal__copy_that_sorts_first_does_not_win(
    engine: sa.Engine, tmp_path: Path, head: Callable[..., int], scalar: Count
) -> None:
    folder = tmp_path / "a"
    for name, price in (("price-1.csv", 420), ("price-1b.csv", 420), ("price-2.csv", 410)):
        _write(folder, name, price)
    for _ in range(4):
        ingest_paths(engine, [folder])
        assert head() == 410
    versions = scalar("select max(version) from landing.market_price_day")
    ingest_paths(engine, [folder])
    assert scalar("select max(version) from landing.market_price_day") == versions


def test_reversal__declared_older_file_again_says_why_it_stays(
    engine: sa.Engine, tmp_path: Path, head: Callable[..., int], scalar: Count
) -> None:
    first = _write(tmp_path / "a", "price-1.csv", 420, known_at="2026-09-01 17:30")
    ingest_paths(engine, [first])
    ingest_paths(engine, [_write(tmp_path / "a", "price-2.csv", 410, known_at="2026-09-05 09:00")])
    (report,) = ingest_paths(engine, [first])
    assert (report.status, report.rows_delivered, report.refusals) == ("duplicate", 0, [])
    assert [flag.code for flag in report.flags] == ["OLDER_THAN_HEAD"]
    assert (head(), scalar("select count(*) from landing.batch")) == (410, 2)


def test_reversal__sheet_of_a_workbook(engine: sa.Engine, tmp_path: Path, head: Callable[..., int]) -> None:
    paths = []
    for price in (420, 410):
        workbook = openpyxl.Workbook()
        sheet = workbook.worksheets[0]
        sheet.title = "market_price_day"
        sheet.append(list(PRICE.file_columns))
        sheet.append(["shandong", "da_unified", "2026-09-01", *[price] * 96])
        paths.append(tmp_path / f"prices-{price}.xlsx")
        workbook.save(paths[-1])
    for path in (*paths, paths[0]):
        ingest_paths(engine, [path])
    assert head() == 420


_PROFILE = """
profile: ems of MP1
files: ["ems*.csv"]
layout: long
points: 96
values: energy
unit: kWh
label: begin
time: {column: stamp}
metering_point: {constant: MP1}
columns: [{column: value}]
"""


def _readings(folder: Path, name: str, days: dict[str, int], known_at: str) -> None:
    """A file of 96 lines a day that lands through a source profile."""
    lines = ["stamp,value"]
    for day, value in days.items():
        lines += [f"{day} {slot // 4:02d}:{slot % 4 * 15:02d},{value}" for slot in range(96)]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    with (folder / "manifest.csv").open("a", encoding="utf-8") as manifest:
        manifest.write(f"{name},{known_at},ems\n")


def test_older__a_day_of_many_lines_is_refused_line_by_line(
    engine: sa.Engine, tmp_path: Path, scalar: Count
) -> None:
    (tmp_path / "source_profile.yml").write_text(_PROFILE, encoding="utf-8")
    (tmp_path / "manifest.csv").write_text("file_name,known_at,source\n", encoding="utf-8")
    _readings(tmp_path, "ems-1.csv", {"2026-09-01": 2, "2026-09-02": 2}, "2026-09-05 09:00")
    ingest_paths(engine, [tmp_path / "ems-1.csv"])
    days = {"2026-09-01": 1, "2026-09-02": 2, "2026-09-03": 1}
    _readings(tmp_path, "ems-2.csv", days, "2026-09-02 09:00")
    (report,) = ingest_paths(engine, [tmp_path / "ems-2.csv"])
    assert (report.rows_delivered, report.rows_landed, report.rows_quarantined) == (288, 96, 192)
    codes = [refusal.code for refusal in report.refusals]
    assert (codes.count("OLDER_THAN_HEAD"), codes.count("UNCHANGED")) == (96, 96)
    assert scalar("select p01 from landing.meter_day where delivery_on = '2026-09-01'") == 2000
    assert scalar("select count(*) from landing.meter_day") == 3
    (again,) = ingest_paths(engine, [tmp_path / "ems-2.csv"])
    assert (again.status, len(again.flags)) == ("duplicate", 96)
