"""Finding the feed of a delivery by name or header."""

from __future__ import annotations

import dataclasses

import pytest

from ingestion.feeds import registry
from ingestion.report import FileRefused
from ingestion.resolving import by_header, by_name, unknown_sheet


@pytest.mark.parametrize(
    "name", ["meter_day-2026-09-01.csv", "METER_DAY.csv", "meter_day-a-b.csv", "meter_day"]
)
def test_by_name__prefix_is_the_feed(name: str) -> None:
    found = by_name(registry(), name)
    assert found is not None
    assert found.name == "meter_day"


def test_by_name__other_names_tell_nothing() -> None:
    assert by_name(registry(), "meter_days-2026.csv") is None


def test_by_header__every_feed_is_found_by_its_own_header() -> None:
    feeds = registry()
    for feed in feeds.values():
        assert by_header(feeds, list(feed.file_columns)).name == feed.name
        assert by_header(feeds, list(feed.required_columns)).name == feed.name


def test_by_header__ambiguity_shows_the_candidates() -> None:
    feed = registry()["customer"]
    twin = object.__new__(type(feed))
    for field in dataclasses.fields(feed):
        object.__setattr__(twin, field.name, getattr(feed, field.name))
    object.__setattr__(twin, "name", "client")
    with pytest.raises(FileRefused, match="client, customer") as caught:
        by_header({"customer": feed, "client": twin}, list(feed.file_columns))
    assert caught.value.code == "AMBIGUOUS_FEED"
    assert "--feed" in caught.value.remedy


def test_by_header__no_fit_names_the_nearest_feed() -> None:
    with pytest.raises(FileRefused) as caught:
        by_header(registry(), ["customer_id", "effective_from"])
    assert "nearest is customer, which lacks customer_name" in caught.value.remedy


def test_unknown_sheet__suggests_the_near_feed() -> None:
    assert "'customer'" in unknown_sheet(registry(), "costumer").remedy
