"""A point under contract with a few weeks of metering, as the files that a retailer gets."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ingestion.connectors.base import Delivery
from ingestion.feeds.columns import CHINA
from ingestion.intake import ingest_deliveries
from ingestion.report import BatchReport

SLOTS = [f"p{slot:02d}" for slot in range(1, 97)]
FIRST = date(2026, 3, 2)  # a Monday
Curve = Sequence[int | None]


def known(day: date, hour: int = 8) -> datetime:
    """The usual moment at which a day's metering is known: D+1, 08:00 UTC+8."""
    after = day + timedelta(days=1)
    return datetime(after.year, after.month, after.day, hour, tzinfo=CHINA)


@dataclass
class Desk:
    """Delivers files through the intake and asks the database."""

    engine: sa.Engine
    folder: Path
    number: int = 0

    def deliver(
        self, feed: str, header: Sequence[str], rows: Sequence[Sequence[object]], known_at: datetime
    ) -> BatchReport:
        """Land one file; nothing may be refused."""
        report = self.deliver_any(feed, header, rows, known_at)
        assert not report.refusals, report.refusals
        return report

    def deliver_any(
        self,
        feed: str,
        header: Sequence[str],
        rows: Sequence[Sequence[object]],
        known_at: datetime,
        source: str = "grid",
    ) -> BatchReport:
        """Deliver one file, whatever comes of it."""
        self.number += 1
        path = self.folder / f"{feed}-{self.number:04d}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        delivery = Delivery(path.name, path.read_bytes, source, known_at)
        (report,) = ingest_deliveries(self.engine, [delivery])
        return report

    def master(
        self,
        points: Mapping[str, Mapping[str, object]] | None = None,
        capacity_kva: int = 1000,
        province: str = "x",
    ) -> None:
        """One customer with its contract and points; options per point: ct, pt, net_rule, main."""
        at = datetime(2026, 1, 1, tzinfo=CHINA)
        since = date(2026, 1, 1)
        self.deliver(
            "customer", ["customer_id", "effective_from", "customer_name"], [["K", since, "客户"]], at
        )
        header = "account_id,effective_from,customer_id,voltage_level,tariff_class,capacity_kva,pf_standard"
        self.deliver(
            "account", header.split(","), [["A", since, "K", "10kV", "single", capacity_kva, "0.90"]], at
        )
        header = (
            "metering_point_id,effective_from,account_id,meter_id,ct_ratio,pt_ratio,net_rule,main_point_id"
        )
        rows = [
            [name, since, "A", f"{name}-1", o.get("ct", 1), o.get("pt", 1), o.get("net_rule", "import_only"),
             o.get("main", "")]
            for name, o in (points or {"M": {}}).items()
        ]  # fmt: skip
        self.deliver("metering_point", header.split(","), rows, at)
        header = "contract_id,customer_id,province,package_type,signed_on,effective_from,effective_to"
        self.deliver(
            "contract", header.split(","), [["C", "K", province, "fixed", since, since, "2026-12-31"]], at
        )
        self.deliver(
            "contract_account", ["contract_id", "account_id", "effective_from"], [["C", "A", since]], at
        )

    def meter(
        self,
        day: date,
        wh: Curve,
        point: str = "M",
        *,
        known_at: datetime | None = None,
        channel: str = "active_import",
    ) -> None:
        """A delivered day, Wh per slot, None = blank."""
        cells = ["" if value is None else f"{value / 1000:.3f}" for value in wh]
        row = [point, channel, day, *cells]
        header = ["metering_point_id", "channel", "delivery_on", *SLOTS]
        self.deliver("meter_day", header, [row], known_at or known(day))

    def meter_many(self, day: date, curves: Mapping[str, Curve | None], known_at: datetime) -> None:
        """One file with a day of several points; None = not in it."""
        header = ["metering_point_id", "channel", "delivery_on", *SLOTS]
        rows = [
            [name, "active_import", day, *("" if value is None else f"{value / 1000:.3f}" for value in wh)]
            for name, wh in curves.items()
            if wh is not None
        ]
        self.deliver("meter_day", header, rows, known_at)

    def freeze(
        self,
        at: datetime,
        kwh: str,
        point: str = "M",
        *,
        kind: str = "daily_freeze",
        known_at: datetime | None = None,
    ) -> None:
        """A register reading."""
        header = ["metering_point_id", "channel", "read_at", "kind", "register_kwh"]
        row = [point, "active_import", at.isoformat(), kind, kwh]
        self.deliver("register_reading", header, [row], known_at or at)

    def rows(self, query: str, **values: object) -> list[dict[str, Any]]:
        """Rows of a query."""
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(sa.text(query), values).mappings()]

    def estimate(self, day: date, point: str = "M") -> dict[str, Any]:
        """VEE's latest version of a day: wh (96), known_at, rules by slot."""
        query = """
            select m.*, b.known_at from landing.meter_day m join landing.batch b using (batch_id)
            where m.metering_point_id = :point and m.delivery_on = :day and m.source = 'vee'
            order by m.version desc limit 1
        """
        found = self.rows(query, point=point, day=day)
        assert found, f"no estimate of {point} on {day}"
        query = """
            select slot, rule_code, reason from landing.meter_slot_flag
            where metering_point_id = :point and delivery_on = :day and version = :version order by slot
        """
        flags = self.rows(query, point=point, day=day, version=found[0]["version"])
        return {
            "wh": [found[0][slot] for slot in SLOTS],
            "known_at": found[0]["known_at"],
            "rules": {flag["slot"]: flag["rule_code"] for flag in flags},
            "reasons": {flag["slot"]: flag["reason"] for flag in flags},
            "quality": found[0]["quality"],
            "version": found[0]["version"],
        }


def midnight(day: date) -> datetime:
    """00:00 of a day, UTC+8."""
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)


@pytest.fixture
def desk(engine: sa.Engine, tmp_path: Path) -> Desk:
    """A desk on an empty warehouse."""
    return Desk(engine, tmp_path)
