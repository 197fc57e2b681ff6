"""Knowledge that comes twice or late: going back to an earlier file, and backfills of older knowledge."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingestion.feeds.market_price_day import FEED as PRICE
from ingestion.intake import ingest_paths

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
