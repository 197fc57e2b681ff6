"""A desk with alerts: a migrated database, a mart of causes that a test fills, and a webhook receiver."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from orchestration.alert_outbox import route, send
from orchestration.alert_settings import NotifySettings
from orchestration.alerts import sync
from orchestration.home import Home
from orchestration.house import House
from orchestration.runs import MARKET_TIME, BusinessDay
from orchestration.settings import Settings
from orchestration.warehouse import Warehouse
from tests.orchestration.receiver import Receiver, listening

NOON = BusinessDay.pinned(date(2026, 11, 12)).as_of
DEVIATION = "deviation|contract|K1|2026-11"
CAUSES = """
create schema marts_operations;
create table marts_operations.operations_alert_cause (
    cause_key text primary key, kind text, severity text, owner text, subject text,
    message_zh text, message_en text, value numeric(20, 6), opened_on date, due_on date
);
grant usage on schema marts_operations to wl_ledger;
grant select on marts_operations.operations_alert_cause to wl_ledger
"""


@dataclass
class Desk:
    """A house with alerts and one receiver; ``now`` is the wall clock that the outbox sees."""

    house: House
    engine: sa.Engine
    admin: sa.Engine
    receiver: Receiver
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 12, 9, 30, tzinfo=MARKET_TIME))

    def cause(
        self, severity: str, value: str | None = "0.04", key: str = DEVIATION, kind: str = "deviation"
    ) -> None:
        """Let the marts tell this cause from now on."""
        query = """
            insert into marts_operations.operations_alert_cause
                (cause_key, kind, severity, owner, subject, message_zh, message_en, value)
            values (
                :key, :kind, :severity, 'zhao', 'K1 2026-11', '偏差 ' || :value, 'deviation ' || :value,
                cast(:value as numeric)
            )
            on conflict (cause_key) do update set severity = excluded.severity, value = excluded.value,
                message_zh = excluded.message_zh, message_en = excluded.message_en
        """
        self._run(query, key=key, kind=kind, severity=severity, value=value or "0")

    def gone(self, key: str = DEVIATION) -> None:
        """Let the marts tell this cause no longer."""
        self._run("delete from marts_operations.operations_alert_cause where cause_key = :key", key=key)

    def pass_over(self, settings: NotifySettings) -> str:
        """One pass: sync, route, send; the report of the sending."""
        sync(self.engine, NOON, settings.value_steps)
        route(self.engine, settings, self.now)
        return str(send(self.engine, settings, self.now))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        with self.admin.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]

    def _run(self, query: str, **values: object) -> None:
        with self.admin.begin() as connection:
            connection.execute(sa.text(query), values)


@contextmanager
def open_desk(warehouse: Warehouse, root: Path) -> Iterator[Desk]:
    """A desk on a fresh warehouse whose mart of causes is empty; its home is ``root``."""
    with warehouse.admin.begin() as connection:
        connection.exec_driver_sql(CAUSES)
    (root / "business_date").write_text("2026-11-12\n")
    house = House(Settings(Home(root), None, ()))
    house.__dict__["warehouse"] = warehouse
    with listening() as receiver:
        yield Desk(house, house.engine("wl_ledger"), warehouse.admin, receiver)
    house.close()
