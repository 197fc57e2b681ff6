"""How a file would be read: the same numbers as a landing, or the reason, or both readings."""

from __future__ import annotations

from collections.abc import Callable

from ingestion.formats.preview import preview
from ingestion.formats.profile import SourceProfile

from .conftest import csv_bytes
from .test_long import HEADER, _lines

MakeProfile = Callable[..., SourceProfile]


def test_preview__points_channels_days_labels_sum_and_refusals(long_profile: MakeProfile) -> None:
    content = csv_bytes(HEADER, _lines(["", *["1.5"] * 94, "x"]))
    found = preview(content, "a.csv", long_profile())
    assert (found.rows_delivered, found.rows_read, found.metering_points) == (96, 95, ["MP1"])
    (channel,) = found.channels
    assert (channel.channel, channel.points, channel.meter_days) == ("active_import", 1, 1)
    assert (channel.first_label, channel.last_label) == ("2026-09-01 00:30", "2026-09-01 23:45")
    assert (channel.energy_kwh, channel.missing_slots) == ("141.000", 2)
    assert [refusal.code for refusal in found.refusals] == ["UNPARSABLE_NUMBER"]


def test_preview__a_file_without_a_value_has_no_label(long_profile: MakeProfile) -> None:
    found = preview(csv_bytes(HEADER, _lines([""] * 96)), "a.csv", long_profile())
    assert (found.channels[0].first_label, found.channels[0].last_label) == (None, None)
    assert found.channels[0].energy_kwh == "0.000"


def test_preview__an_ambiguous_file_shows_both_readings(long_profile: MakeProfile) -> None:
    content = csv_bytes(HEADER, _lines([1] * 95))
    found = preview(content, "a.csv", long_profile(label=None))
    assert found.refused is not None
    assert found.refused.code == "AMBIGUOUS_LABEL"
    assert "Reading 1: label: begin" in found.refused.message
    assert "Reading 2: label: end" in found.refused.message
