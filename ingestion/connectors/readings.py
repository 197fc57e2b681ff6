"""Readings of any protocol as one delivery of feed ``register_reading``, through the door files use.

Every record that a peer sends becomes one line, also the unreadable ones: the intake quarantines those, so
landed + quarantined = delivered holds for live sources as it does for files.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ingestion.connectors.base import Delivery
from ingestion.feeds.register_reading import FEED

Record = Mapping[str, object]
FEED_NAME = FEED.name
_LONGEST_NUMBER = 40
_LONGEST_CELL = 10_000  # no column takes more, and csv readers stop at 131,072


@dataclass(frozen=True)
class Unreadable:
    """A record that is no reading: ``text`` is what the peer sent and why it was refused."""

    text: str


@dataclass(frozen=True)
class Parcel:
    """A delivery, and what tells its peer (or checkpoint) that the delivery has been committed."""

    delivery: Delivery
    on_landed: Callable[[], None]


def reading(
    metering_point_id: str,
    channel: str,
    read_at: datetime,
    kind: str,
    register_kwh: Decimal | None = None,
    max_demand_kw: Decimal | None = None,
    max_demand_at: datetime | None = None,
) -> dict[str, object]:
    """One record of the feed; moments with offset, register and demand as the meter shows them."""
    return {
        "metering_point_id": metering_point_id,
        "channel": channel,
        "read_at": read_at.isoformat(),
        "kind": kind,
        "register_kwh": register_kwh,
        "max_demand_kw": max_demand_kw,
        "max_demand_at": max_demand_at.isoformat() if max_demand_at else None,
    }


def delivery_of(records: Iterable[Record | Unreadable], name: str, source: str) -> Delivery:
    """CSV delivery of the records in their order, one line each; what the feed does not know is left out.

    ``name`` tells this delivery from others of the source, for the reports.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")  # with both, a cell that holds either is quoted
    writer.writerow(FEED.file_columns)
    for record in records:
        cells = [] if isinstance(record, Unreadable) else [_cell(record.get(c)) for c in FEED.file_columns]
        if not "".join(cells).strip():
            # a line of one cell cannot be put under the header: the intake quarantines it with its text
            text = record.text if isinstance(record, Unreadable) else _cell(dict(record))
            cells = [text.strip() or "(empty)"]
        writer.writerow([cell[:_LONGEST_CELL] for cell in cells])
    content = out.getvalue().encode("utf-8", "replace")
    return Delivery(f"{FEED_NAME}-{name}.csv", lambda: content, source)


def record_of_json(payload: bytes) -> Record | Unreadable:
    """One JSON object as a record, its numbers exact; anything else is Unreadable with its text.

    >>> record_of_json(b'{"register_kwh": 12.30}')
    {'register_kwh': Decimal('12.30')}
    >>> record_of_json(b'[1]')
    Unreadable(text='[1]')
    """
    try:
        value = json.loads(payload, parse_float=Decimal)
    except (ValueError, RecursionError):
        return Unreadable(payload.decode("utf-8", "replace"))
    if isinstance(value, dict):
        return value
    return Unreadable(payload.decode("utf-8", "replace"))


def _cell(value: object) -> str:
    """Text of a cell: what the peer wrote, or its JSON when it is no plain value."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        # a number that a few bytes make a gigabyte long stays short, and is refused as it is
        return f"{value:f}" if value.is_finite() and abs(value.adjusted()) <= _LONGEST_NUMBER else str(value)
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    return json.dumps(value, default=str, ensure_ascii=False)
