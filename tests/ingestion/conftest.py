"""Files that the intake tests deliver."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingestion.feeds.meter_day import FEED as METER_DAY

MakeFile = Callable[..., Path]
Count = Callable[[str], int]


@pytest.fixture
def meter_line() -> Callable[..., str]:
    """Build one meter-day line; ``slots`` overrides the default of 1.000 kWh by column name."""

    def build(
        point: str = "MP1",
        day: date | str = "2026-09-01",
        channel: str = "active_import",
        quality: str = "metered",
        slots: Mapping[str, str] | None = None,
    ) -> str:
        values = dict.fromkeys(METER_DAY.curve.names, "1.000") if METER_DAY.curve else {}
        values |= dict(slots or {})
        return ",".join([point, channel, str(day), quality, *values.values()])

    return build


@pytest.fixture
def meter_file(tmp_path: Path) -> MakeFile:
    """Write a meter_day file of the given lines under the feed's header."""

    def write(lines: Sequence[str], name: str = "meter_day-2026-09-01.csv") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([",".join(METER_DAY.file_columns), *lines]) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def scalar(engine: sa.Engine) -> Count:
    """Run a query that returns one number."""

    def run(query: str) -> int:
        with engine.connect() as connection:
            return int(connection.execute(sa.text(query)).scalar_one())

    return run
