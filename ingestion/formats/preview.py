"""How a file would be read through a profile, without a database: what would land, what would be refused."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ingestion.feeds.meter_day import FEED
from ingestion.formats.delivery import transform
from ingestion.formats.profile import SourceProfile
from ingestion.formats.shaped import ShapedTable
from ingestion.report import FileRefused, Refusal


@dataclass(frozen=True)
class ChannelPreview:
    """Meter days of one channel: points, days, labels of the first and last slot with a value, energy."""

    channel: str
    points: int
    meter_days: int
    first_label: str | None
    last_label: str | None
    energy_kwh: str
    missing_slots: int


@dataclass(frozen=True)
class Preview:
    """One file through one profile. ``refused`` is set when the file as a whole could not be taken in."""

    file_name: str
    rows_delivered: int = 0
    rows_read: int = 0
    metering_points: list[str] = field(default_factory=list)
    channels: list[ChannelPreview] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    refused: Refusal | None = None


def preview(content: bytes, file_name: str, profile: SourceProfile) -> Preview:
    """Read the file as the intake would; nothing lands. A file that cannot be read says so in ``refused``."""
    try:
        table = transform(content, file_name, profile)
    except FileRefused as refused:
        (refusal,) = refused.report(file_name, profile.sheet).refusals
        return Preview(file_name, refused=refusal)
    names = sorted({str(point) for point in table.values["metering_point_id"]})
    channels = sorted({str(channel) for channel in table.values["channel"]})
    return Preview(
        file_name,
        table.delivered,
        table.delivered - len(table.refusals),
        names,
        [_channel(table, channel) for channel in channels],
        sorted(table.refusals, key=lambda refusal: refusal.line_no or 0),
    )


def _channel(table: ShapedTable, channel: str) -> ChannelPreview:
    """What the file says of one channel."""
    assert table.slots is not None
    assert table.missing is not None
    own = np.array([value == channel for value in table.values["channel"]], dtype=np.bool_)
    slots, missing = table.slots[own], table.missing[own]
    points = [p for p, mine in zip(table.values["metering_point_id"], own, strict=True) if mine]
    days = [str(day) for day, mine in zip(table.values["delivery_on"], own, strict=True) if mine]
    filled = [(day, np.flatnonzero(~blank)) for day, blank in zip(days, missing, strict=True)]
    labels = [(day, int(slot)) for day, present in filled for slot in present[[0, -1][: len(present)]]]
    watt_hours = int(np.where(missing, 0, slots).sum())
    return ChannelPreview(
        channel,
        len(set(points)),
        len(points),
        _label(*min(labels)) if labels else None,
        _label(*max(labels)) if labels else None,
        f"{watt_hours // 1000}.{watt_hours % 1000:03d}",
        int(missing.sum()),
    )


def _label(day: str, slot: int) -> str:
    """End label of a slot (0 … 95), as spot markets name it."""
    assert FEED.curve is not None
    return f"{day} {FEED.curve.period(slot + 1)[-5:]}"
