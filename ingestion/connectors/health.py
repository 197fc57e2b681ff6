"""Health of a connector: one small JSON file each, for people and for ``wattledger status``.

Moments are the wall clock's (UTC+8): this is about the machine, not about the business.
"""

from __future__ import annotations

import dataclasses
import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingestion.feeds.columns import CHINA
from ingestion.report import BatchReport


@dataclass(frozen=True)
class Health:
    """What became of a connector's polls so far; counts since its file was begun."""

    name: str
    connector: str
    last_success_at: str | None = None
    last_landed_at: str | None = None
    last_error_at: str | None = None
    last_error: str | None = None
    failures_in_a_row: int = 0
    batches: int = 0
    rows_delivered: int = 0
    rows_landed: int = 0
    rows_quarantined: int = 0

    @property
    def is_failing(self) -> bool:
        """True when the latest poll failed."""
        return self.failures_in_a_row > 0


class HealthFile:
    """The file of one connector; only the holder of its connector writes it (see ``sole``)."""

    def __init__(self, folder: Path, name: str, connector: str) -> None:
        """Go on from what the file says; a file that cannot be read is begun anew."""
        self._path = folder / f"{name}.json"
        known = _read(self._path)
        self.health = known if known and known.connector == connector else Health(name, connector)

    def landed(self, report: BatchReport) -> None:
        """Count a delivery that was taken in; its poll may still be under way."""
        old = self.health
        self._write(
            batches=old.batches + (report.status != "duplicate"),
            rows_delivered=old.rows_delivered + report.rows_delivered,
            rows_landed=old.rows_landed + report.rows_landed,
            rows_quarantined=old.rows_quarantined + report.rows_quarantined,
            last_landed_at=_now() if report.rows_landed else old.last_landed_at,
            last_success_at=_now(),
            failures_in_a_row=0,
        )

    def succeeded(self) -> None:
        """Note a poll that ended well."""
        self._write(last_success_at=_now(), failures_in_a_row=0)

    def failed(self, message: str) -> None:
        """Note a poll that ended badly."""
        failures = self.health.failures_in_a_row + 1
        self._write(last_error_at=_now(), last_error=message, failures_in_a_row=failures)

    def _write(self, **changes: str | int | None) -> None:
        self.health = dataclasses.replace(self.health, **changes)  # type: ignore[arg-type]
        draft = self._path.with_suffix(".draft")
        draft.write_text(json.dumps(dataclasses.asdict(self.health), ensure_ascii=False), encoding="utf-8")
        draft.replace(self._path)


def read_health(folder: Path) -> list[Health]:
    """Health of every connector that ever ran here, by name."""
    found = (_read(path) for path in sorted(folder.glob("*.json")))
    return [health for health in found if health is not None]


@contextmanager
def sole(folder: Path, name: str) -> Iterator[bool]:
    """Hold a connector while it is polled; False when another process (or thread) holds it.

    Two pollers would take the same session at a broker from each other.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _read(path: Path) -> Health | None:
    """Health of a file; None when there is none, or nothing that this version understands."""
    try:
        return Health(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _now() -> str:
    return datetime.now(CHINA).isoformat(timespec="seconds")
