"""Run a connector: one delivery at a time through the intake, then its peer is told that it is committed.

A connector's parcels are drawn one by one, so a slow database slows the source down instead of filling
memory; a connector that is pushed to (MQTT) bounds what it holds by its own settings.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from typing import Protocol

from sqlalchemy import Engine

from ingestion.connectors.readings import FEED_NAME, Parcel
from ingestion.intake import ingest_deliveries
from ingestion.report import BatchReport


class Connector(Protocol):
    """A way in. ``poll`` yields what the source has now, oldest first, and ends.

    A connector reconnects on its own. What it could not read it offers again at the next poll: it remembers
    a position only in ``Parcel.on_landed``.
    """

    @property
    def name(self) -> str:
        """Name of the source in landing.batch."""
        ...

    def poll(self) -> Generator[Parcel, None, None]:
        """Deliveries that wait at the source; the next is drawn when the one before has been committed."""
        ...


class NotTaken(RuntimeError):
    """The intake refused a delivery as a whole, so its source must keep it."""


def collect(
    engine: Engine,
    connector: Connector,
    on_report: Callable[[BatchReport], None] | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> list[BatchReport]:
    """Land what the source has now. Safe to repeat and to kill at any moment.

    ``on_report`` is told of every batch at once, also when a later one fails. ``is_stopped`` is asked after
    each batch; what the source still has then waits there. Raises NotTaken, psycopg.Error or the connector's
    own error; what was landed before stays landed and is remembered, everything else is offered again by the
    next call.
    """
    reports: list[BatchReport] = []
    with closing(connector.poll()) as parcels:  # an error here must not leave a connection open
        for parcel in parcels:
            batch = ingest_deliveries(engine, [parcel.delivery], FEED_NAME)
            for report in batch:
                if report.status == "unreadable":
                    raise NotTaken("; ".join(refusal.message for refusal in report.refusals))
            parcel.on_landed()
            reports += batch
            if on_report:
                for report in batch:
                    on_report(report)
            if is_stopped():
                break
    return reports
