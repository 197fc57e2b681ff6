"""Alerts: one open alert per cause, opened, updated, escalated and closed as the marts tell.

The causes are the rows of ``marts_operations.operations_alert_cause``. A sync compares them with the open
alerts in one transaction; synced again, nothing happens. Every change that is worth telling is a row of
``ops.alert_event``. People acknowledge alerts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from orchestration.ops_tables import ALERT, ALERT_DELIVERY, ALERT_EVENT, SEVERITIES

_LOCK = sa.text("select pg_advisory_xact_lock(hashtext('wattledger.alerts'))")
_CAUSES = sa.text(
    """
    select cause_key, kind, severity, owner, subject, message_zh, message_en, value
    from marts_operations.operations_alert_cause order by cause_key
    """
)
_RUN = sa.text("select max(run_id) from ops.run where status = 'succeeded' and kind like 'marts%'")
_COPIED = ("severity", "owner", "subject", "message_zh", "message_en", "value")
Row = Mapping[str, Any]


class AlertError(RuntimeError):
    """Something was asked of an alert that there is not."""


@dataclass
class SyncReport:
    """How many alerts a sync opened, updated (told again), escalated, closed, and left as they were."""

    opened: int = 0
    updated: int = 0
    escalated: int = 0
    closed: int = 0
    unchanged: int = 0

    def __str__(self) -> str:
        """The counts in words."""
        return (
            f"{self.opened} opened, {self.updated} updated, {self.escalated} escalated, "
            f"{self.closed} closed, {self.unchanged} as before"
        )


@dataclass
class Plan:
    """What a sync has to do: causes to open, (alert, cause, event or None) to update, alerts to close."""

    opening: list[Row] = field(default_factory=list)
    standing: list[tuple[Row, Row, str | None]] = field(default_factory=list)
    closing: list[Row] = field(default_factory=list)


def plan(alerts: Sequence[Row], causes: Sequence[Row], value_steps: Mapping[str, Decimal]) -> Plan:
    """Compare the open alerts with the causes; the order of the causes is kept."""
    known = {alert["cause_key"]: alert for alert in alerts}
    named = {cause["cause_key"] for cause in causes}
    made = Plan(closing=[alert for alert in alerts if alert["cause_key"] not in named])
    for cause in causes:
        alert = known.get(cause["cause_key"])
        if alert is None:
            made.opening.append(cause)
        else:
            made.standing.append((alert, cause, _event(alert, cause, value_steps)))
    return made


def _event(alert: Row, cause: Row, value_steps: Mapping[str, Decimal]) -> str | None:
    """What is to be told of an alert that stands: an escalation always, the rest unless somebody has it."""
    before, now = SEVERITIES.index(alert["severity"]), SEVERITIES.index(cause["severity"])
    if now > before:
        return "escalated"
    if alert["acknowledged_at"] is not None:
        return None
    step, reported, value = value_steps.get(cause["kind"]), alert["reported_value"], cause["value"]
    moved = step is not None and None not in (reported, value) and abs(value - reported) >= step
    return "updated" if now < before or moved else None


def sync(engine: sa.Engine, at: datetime, value_steps: Mapping[str, Decimal]) -> SyncReport:
    """Bring the alerts in line with the marts, in one transaction. ``at``: the business's now.

    Raises sqlalchemy.exc.ProgrammingError when the marts are not built.
    """
    with engine.begin() as connection:
        connection.execute(_LOCK)
        causes = _rows(connection, _CAUSES)
        run_id = connection.scalar(_RUN)
        alerts = _rows(connection, sa.select(ALERT).where(ALERT.c.closed_at.is_(None)))
        todo = plan(alerts, causes, value_steps)
        events = [_told("opened", alert, alert, at, run_id) for alert in _open(connection, todo, at, run_id)]
        for alert, cause, event in todo.standing:
            _update(connection, alert, cause, event, at, run_id)
            if event is not None:
                events.append(_told(event, alert, cause, at, run_id))
        for alert in todo.closing:
            _change(connection, alert, closed_at=at, updated_at=at, last_run_id=run_id)
            events.append(_told("closed", alert, alert, at, run_id))
        if events:
            connection.execute(ALERT_EVENT.insert(), events)
    counts = {
        name: sum(one["event"] == name for one in events)
        for name in ("opened", "updated", "escalated", "closed")
    }
    return SyncReport(**counts, unchanged=sum(event is None for _, _, event in todo.standing))


def _open(connection: sa.Connection, todo: Plan, at: datetime, run_id: int | None) -> list[Row]:
    if not todo.opening:
        return []
    rows = [
        {**cause, "reported_value": cause["value"], "opened_at": at, "updated_at": at, "last_run_id": run_id}
        for cause in todo.opening
    ]
    inserted = connection.execute(sa.insert(ALERT).returning(ALERT, sort_by_parameter_order=True), rows)
    return [dict(row) for row in inserted.mappings()]


def _update(
    connection: sa.Connection, alert: Row, cause: Row, event: str | None, at: datetime, run_id: int | None
) -> None:
    changed = {name: cause[name] for name in _COPIED if cause[name] != alert[name]}
    if changed:
        changed["updated_at"] = at
    if event is not None:
        changed["reported_value"] = cause["value"]
    if event == "escalated":
        changed |= {"acknowledged_at": None, "acknowledged_by": None}
    _change(connection, alert, **changed, last_run_id=run_id)


def _change(connection: sa.Connection, alert: Row, **values: object) -> None:
    connection.execute(sa.update(ALERT).where(ALERT.c.alert_id == alert["alert_id"]).values(**values))


def _told(
    event: str,
    alert: Row,
    cause: Row,
    at: datetime,
    run_id: int | None,
    actor: str = "system",
    note: str | None = None,
) -> dict[str, object]:
    return {
        "alert_id": alert["alert_id"],
        "event": event,
        "happened_at": at,
        "run_id": run_id,
        "severity": cause["severity"],
        "value": cause["value"],
        "message_zh": cause["message_zh"],
        "message_en": cause["message_en"],
        "actor": actor,
        "note": note,
    }


def acknowledge(engine: sa.Engine, alert_id: int, by: str, at: datetime, note: str | None = None) -> bool:
    """Note that somebody has taken on an open alert; False when somebody had already.

    Until it escalates or closes, nothing more is told about it. Raises AlertError when no such alert is open.
    """
    with engine.begin() as connection:
        connection.execute(_LOCK)
        wanted = sa.select(ALERT).where(ALERT.c.alert_id == alert_id, ALERT.c.closed_at.is_(None))
        found = _rows(connection, wanted)
        if not found:
            raise AlertError(f"no open alert has the number {alert_id}; `wattledger alerts list` shows them")
        alert = found[0]
        if alert["acknowledged_at"] is not None:
            return False
        _change(connection, alert, acknowledged_at=at, acknowledged_by=by)
        event = _told("acknowledged", alert, alert, at, alert["last_run_id"], by, note)
        connection.execute(ALERT_EVENT.insert(), event)
    return True


def listed(engine: sa.Engine, *, closed: bool = False) -> list[dict[str, Any]]:
    """Open alerts (with ``closed``: all), the gravest first, each with what its messages have come to."""
    states = (
        sa.select(
            ALERT_EVENT.c.alert_id,
            sa.func.count().filter(ALERT_DELIVERY.c.status == "sent").label("sent"),
            sa.func.count().filter(ALERT_DELIVERY.c.status.in_(["pending", "failed"])).label("waiting"),
        )
        .join(ALERT_DELIVERY, ALERT_DELIVERY.c.event_id == ALERT_EVENT.c.event_id)
        .group_by(ALERT_EVENT.c.alert_id)
        .subquery()
    )
    query = (
        sa.select(
            ALERT,
            sa.func.coalesce(states.c.sent, 0).label("messages_sent"),
            sa.func.coalesce(states.c.waiting, 0).label("messages_waiting"),
        )
        .outerjoin(states, states.c.alert_id == ALERT.c.alert_id)
        .order_by(
            ALERT.c.closed_at.is_not(None),
            sa.func.array_position(sa.literal(list(SEVERITIES), sa.ARRAY(sa.Text)), ALERT.c.severity).desc(),
            ALERT.c.alert_id,
        )
    )
    if not closed:
        query = query.where(ALERT.c.closed_at.is_(None))
    with engine.connect() as connection:
        return _rows(connection, query)


def _rows(connection: sa.Connection, query: sa.Executable) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query).mappings()]
