"""One pass over the alerts of a house: sync with the marts, fill the outbox, send what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from orchestration.alert_outbox import SendReport, route, send
from orchestration.alert_settings import (
    DEFAULT_VALUE_STEPS,
    FILE_NAME,
    NOTHING_IS_SENT,
    NotifyError,
    NotifySettings,
    load_notify,
)
from orchestration.alerts import SyncReport, listed, sync
from orchestration.house import House
from orchestration.runs import MARKET_TIME


@dataclass(frozen=True)
class AlertRun:
    """What a pass did. ``problem`` says why nothing was sent; the events then wait for the next pass."""

    synced: SyncReport | None
    sent: SendReport | None
    problem: str | None

    def __str__(self) -> str:
        """The reports in words."""
        return "; ".join(str(part) for part in (self.synced, self.sent, self.problem) if part is not None)


def standing(house: House) -> str:
    """How many alerts are open, and whether anybody is told, in one line."""
    opened = len(listed(house.engine("wl_ledger")))
    is_told = (house.home.root / FILE_NAME).exists()
    return f"{opened} open; " + (f"told as {FILE_NAME} says" if is_told else NOTHING_IS_SENT)


def run_alerts(house: House, *, resync: bool = True) -> AlertRun:
    """Sync the alerts (unless not wanted) and send what is due.

    A faulty notify.yml stops no sync: its events are stored and find their way once the file is repaired.
    """
    engine, now = house.engine("wl_ledger"), datetime.now(MARKET_TIME)
    settings: NotifySettings | None = None
    problem = None
    try:
        settings = load_notify(house.home.root / FILE_NAME)
    except NotifyError as error:
        problem = str(error)
    steps = settings.value_steps if settings else DEFAULT_VALUE_STEPS
    synced = sync(engine, house.business_day.as_of, steps) if resync else None
    if problem is not None:
        return AlertRun(synced, None, problem)
    route(engine, settings, now)
    if settings is None:
        return AlertRun(synced, None, NOTHING_IS_SENT)
    return AlertRun(synced, send(engine, settings, now), None)
