"""The loop that every connector runs in: tell the source only after the commit, close it always."""

from __future__ import annotations

from collections.abc import Generator

import pytest
import sqlalchemy as sa

from ingestion.connectors.base import Delivery
from ingestion.connectors.readings import Parcel, delivery_of
from ingestion.connectors.running import NotTaken, collect

pytestmark = pytest.mark.integration


class Source:
    """Offers one good delivery, then ``bad``; keeps what it was told."""

    name = "source"

    def __init__(self, bad: Delivery) -> None:
        self._bad = bad
        self.told: list[str] = []
        self.closed = False

    def poll(self) -> Generator[Parcel, None, None]:
        row = {
            "metering_point_id": "MP1",
            "channel": "active_import",
            "read_at": "2026-11-12",
            "register_kwh": 1,
        }
        good = delivery_of([row | {"kind": "daily_freeze"}], "1", self.name)
        try:
            for delivery in (good, self._bad):
                yield Parcel(delivery, lambda delivery=delivery: self.told.append(delivery.file_name))  # type: ignore[misc]
        finally:
            self.closed = True


def test_collect__a_delivery_that_is_not_taken_stays_with_its_source(engine: sa.Engine) -> None:
    source = Source(Delivery("register_reading-2.csv", lambda: b"strange\n1\n", "source"))
    with pytest.raises(NotTaken, match="Remedy"):
        collect(engine, source)
    assert source.told == ["register_reading-1.csv"]
    assert source.closed


def test_collect__a_database_that_fails_tells_the_source_nothing(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("alter table landing.register_reading add check (register_kwh > 5)"))
    source = Source(Delivery("register_reading-2.csv", lambda: b"", "source"))
    with pytest.raises(Exception, match="violates check constraint"):
        collect(engine, source)
    assert source.told == []
    assert source.closed
