"""The outbox of alerts: an event is stored first and sent afterwards, at least once, to each channel.

A message whose channel took it, but whose mark was lost with the process, is sent again. A channel that
fails is tried again with growing pauses and holds up no other one; its messages keep their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from orchestration.alert_channels import Deliver, DeliveryError, compose, deliver
from orchestration.alert_settings import NotifySettings
from orchestration.ops_tables import ALERT, ALERT_DELIVERY, ALERT_EVENT, NOBODY

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
_SENDING = sa.text("select pg_try_advisory_lock(hashtext('wattledger.alerts.sending'))")
_SENT = sa.text("select pg_advisory_unlock(hashtext('wattledger.alerts.sending'))")
_WAITING = ("pending", "failed")
Row = Mapping[str, Any]


@dataclass
class SendReport:
    """What became of the messages that were due; ``waiting`` counts those still to be sent afterwards."""

    sent: int = 0
    failed: int = 0
    abandoned: int = 0
    waiting: int = 0
    is_busy: bool = False
    reasons: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The counts in words."""
        if self.is_busy:
            return "another process is sending"
        return f"{self.sent} sent, {self.failed} failed, {self.abandoned} given up, {self.waiting} waiting"


def pause_after(attempts: int) -> timedelta:
    """How long a channel rests after its n-th failure in a row with one message.

    >>> [pause_after(n).seconds // 60 for n in (1, 2, 3, 20)]
    [1, 2, 4, 360]
    """
    doubled: int = 2 ** min(attempts - 1, 20)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def route(engine: sa.Engine, settings: NotifySettings | None, now: datetime) -> int:
    """Put every event that has no destination yet into the outbox; return how many messages are to be sent.

    Without settings, or without a fitting route, the outbox notes that nobody is told.
    """
    fresh = (
        sa.select(ALERT_EVENT, ALERT.c.kind, ALERT.c.owner)
        .join(ALERT, ALERT.c.alert_id == ALERT_EVENT.c.alert_id)
        .where(~sa.exists().where(ALERT_DELIVERY.c.event_id == ALERT_EVENT.c.event_id))
        .order_by(ALERT_EVENT.c.event_id)
    )
    with engine.begin() as connection:
        connection.execute(sa.text("select pg_advisory_xact_lock(hashtext('wattledger.alerts.routing'))"))
        events = [dict(row) for row in connection.execute(fresh).mappings()]
        rows = [row for event in events for row in _destinations(event, settings, now)]
        if rows:
            connection.execute(ALERT_DELIVERY.insert(), rows)
    return sum(row["status"] == "pending" for row in rows)


def _destinations(event: Row, settings: NotifySettings | None, now: datetime) -> Iterator[dict[str, Any]]:
    told = {name: event[name] for name in ("event", "severity", "kind", "owner")}
    names = settings.channels_for(**told) if settings else []
    common = {"event_id": event["event_id"], "queued_at": now}
    if settings is None or not names:
        reason = "no route fits" if settings else "there is no notify.yml"
        yield {**common, "channel": NOBODY, "status": "nobody", "next_try_at": None, "reason": reason}
        return
    for name in names:
        quiet = settings.channels[name].quiet_hours
        at = quiet.first_moment(now, event["severity"]) if quiet else now
        yield {**common, "channel": name, "status": "pending", "next_try_at": at, "reason": None}


def waiting(engine: sa.Engine, due_at: datetime | None = None) -> int:
    """Messages still to be sent; with ``due_at``, only those whose next try is due then."""
    query = sa.select(sa.func.count()).where(ALERT_DELIVERY.c.status.in_(_WAITING))
    if due_at is not None:
        query = query.where(ALERT_DELIVERY.c.next_try_at <= due_at)
    with engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


def send(
    engine: sa.Engine, settings: NotifySettings | None, now: datetime, out: Deliver = deliver
) -> SendReport:
    """Send what is due, channel by channel; each result is stored at once. One process sends at a time."""
    report = SendReport()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as guard:
        if not guard.scalar(_SENDING):
            return SendReport(is_busy=True)
        try:
            for name, messages in groupby(_outbox(guard), key=lambda row: str(row["channel"])):
                _send_channel(guard, settings, name, list(messages), now, out, report)
        finally:
            guard.execute(_SENT)
    report.waiting = waiting(engine)
    return report


def _outbox(connection: sa.Connection) -> list[Row]:
    query = (
        sa.select(
            ALERT_DELIVERY,
            ALERT_EVENT.c.event,
            ALERT_EVENT.c.severity,
            ALERT_EVENT.c.message_zh,
            ALERT_EVENT.c.message_en,
            ALERT.c.subject,
            ALERT.c.owner,
        )
        .join(ALERT_EVENT, ALERT_EVENT.c.event_id == ALERT_DELIVERY.c.event_id)
        .join(ALERT, ALERT.c.alert_id == ALERT_EVENT.c.alert_id)
        .where(ALERT_DELIVERY.c.status.in_(_WAITING))
        .order_by(ALERT_DELIVERY.c.channel, ALERT_DELIVERY.c.event_id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _send_channel(
    connection: sa.Connection,
    settings: NotifySettings | None,
    name: str,
    messages: list[Row],
    now: datetime,
    out: Deliver,
    report: SendReport,
) -> None:
    """Send a channel's messages in order; the first that fails makes the rest wait for it."""
    channel = settings.channels.get(name) if settings else None
    for row in messages:
        if settings is None or channel is None:
            report.abandoned += 1
            _note(connection, row, status="abandoned", next_try_at=None, reason="its channel left notify.yml")
            continue
        if row["next_try_at"] > now:
            if row["status"] == "failed":
                return
            continue  # quiet hours hold up this message only
        text = row[f"message_{channel.language}"]
        parts = {key: row[key] for key in ("event", "severity", "subject", "owner")}
        try:
            out(channel, compose(channel.language, **parts, text=text))
        except DeliveryError as error:
            report.reasons += (f"{name}: {error}",)
            if _failed(connection, row, str(error), now, settings):
                report.abandoned += 1
                continue
            report.failed += 1
            return
        report.sent += 1
        tries = row["attempts"] + 1
        _note(
            connection,
            row,
            status="sent",
            attempts=tries,
            sent_at=now,
            last_try_at=now,
            next_try_at=None,
            reason=None,
        )


def _failed(
    connection: sa.Connection, row: Row, reason: str, now: datetime, settings: NotifySettings
) -> bool:
    """Store a failure; True when the message is given up."""
    tries = row["attempts"] + 1
    gives_up: bool = now - row["queued_at"] >= timedelta(hours=settings.give_up_after_hours)
    _note(
        connection, row,
        status="abandoned" if gives_up else "failed",
        attempts=tries, last_try_at=now, reason=reason,
        next_try_at=None if gives_up else now + pause_after(tries),
    )  # fmt: skip
    return gives_up


def _note(connection: sa.Connection, row: Row, **values: object) -> None:
    key = (ALERT_DELIVERY.c.event_id == row["event_id"]) & (ALERT_DELIVERY.c.channel == row["channel"])
    connection.execute(sa.update(ALERT_DELIVERY).where(key).values(**values))
