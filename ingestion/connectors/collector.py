"""Run connectors: once each, or until told to stop, one thread a connector at its own pace.

A connector that fails is told of and tried again with growing pauses; the others go on. A stop is heeded
after the batch in hand. A poll that does not end in time is left: nothing of it is remembered, so its source
offers it again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine
from tenacity import (
    Retrying,
    before_sleep_log,
    retry_if_exception_type,
    retry_if_result,
    wait_random_exponential,
)
from tenacity.nap import sleep_using_event
from tenacity.stop import stop_when_event_set

from ingestion.connectors.health import HealthFile, sole
from ingestion.connectors.running import Connector, collect
from ingestion.connectors.settings import ConnectorSettings
from ingestion.report import BatchReport

_LOG = logging.getLogger(__name__)
_AT_ONCE = 8
LONGEST_PAUSE_S = 300
GRACE_S = 10.0


@dataclass
class Outcome:
    """What a poll, or one batch of it, brought; ``error`` names what went wrong and the remedy."""

    name: str
    connector: str
    batches: int = 0
    rows_delivered: int = 0
    rows_landed: int = 0
    rows_quarantined: int = 0
    error: str | None = None
    refusals: list[str] = field(default_factory=list)

    def add(self, report: BatchReport) -> None:
        """Count one delivery in."""
        self.batches += report.status != "duplicate"
        self.rows_delivered += report.rows_delivered
        self.rows_landed += report.rows_landed
        self.rows_quarantined += report.rows_quarantined
        self.refusals += [refusal.message for refusal in report.refusals]


Tell = Callable[[Outcome], None]


class Collector:
    """One connector, its health file in ``folder``, and who is told what becomes of it."""

    def __init__(
        self, engine: Engine, settings: ConnectorSettings, folder: Path, stop: threading.Event, tell: Tell
    ) -> None:
        """Nothing is opened yet; ``tell`` hears of every batch and of every failure."""
        self.name, self._kind = settings.name, str(getattr(settings, "connector", type(settings).__name__))
        self._engine, self._settings, self._folder = engine, settings, folder
        self._stop, self._tell = stop, tell

    def once(self) -> Outcome:
        """Take what the source has now."""
        return self._poll(self._settings.build)

    def watch(self) -> None:
        """Poll every ``every_s`` seconds until stopped; after a failure wait ever longer, up to 5 minutes.

        A poll that landed something before it failed begins the pauses anew.
        """
        retrying = Retrying(
            # OSError: the health file could not be written
            retry=retry_if_result(lambda outcome: outcome.error is not None and not outcome.batches)
            | retry_if_exception_type(OSError),
            before_sleep=before_sleep_log(_LOG, logging.INFO),
            wait=wait_random_exponential(multiplier=1, min=0.5, max=LONGEST_PAUSE_S),
            sleep=sleep_using_event(self._stop),
            stop=stop_when_event_set(self._stop),
            retry_error_callback=lambda state: None,
        )
        while not self._stop.is_set():
            began = time.monotonic()
            retrying(self._poll, lambda: self._settings.build_watching(self._stop))
            self._stop.wait(max(self._settings.every_s - (time.monotonic() - began), 0))

    def _poll(self, build: Callable[[], Connector]) -> Outcome:
        """One poll, whatever becomes of it."""
        outcome = Outcome(self.name, self._kind)
        with sole(self._folder, self.name) as is_ours:
            if not is_ours:
                outcome.error = (
                    "is being polled by another process. Remedy: leave the work to it, or stop it; "
                    "'wattledger status' shows it."
                )
                self._tell(outcome)
                return outcome
            file = HealthFile(self._folder, self.name, self._kind)

            def note(report: BatchReport) -> None:
                outcome.add(report)
                file.landed(report)
                one = Outcome(self.name, self._kind)
                one.add(report)
                self._tell(one)

            try:
                collect(self._engine, build(), note, self._stop.is_set)
            except Exception as error:  # whatever a connector raises: it is told, and the others go on
                _LOG.debug("%s: poll failed", self.name, exc_info=error)
                outcome.error = told(error)
                file.failed(outcome.error)
                self._tell(Outcome(self.name, self._kind, error=outcome.error))
            else:
                file.succeeded()
        return outcome


def told(error: Exception) -> str:
    """An error in one line, with a remedy if it brings none."""
    text = " ".join(str(error).split()) or type(error).__name__
    if "Remedy:" in text:
        return text
    remedy = "check that the source (and the database) is up and can be reached from here; it is asked again"
    return f"{type(error).__name__}: {text.rstrip('.')}. Remedy: {remedy}."


def collect_all(engine: Engine, settings: Sequence[ConnectorSettings], folder: Path) -> list[Outcome]:
    """Poll every connector once, several at a time; one outcome each, in the order given."""
    stop = threading.Event()
    collectors = [Collector(engine, one, folder, stop, lambda outcome: None) for one in settings]
    with ThreadPoolExecutor(min(len(collectors), _AT_ONCE) or 1) as pool:
        futures = [pool.submit(collector.once) for collector in collectors]
        try:
            return [future.result() for future in futures]
        except BaseException:
            stop.set()  # an interrupted command ends after the batches in hand
            raise


def watch_all(
    engine: Engine,
    settings: Sequence[ConnectorSettings],
    folder: Path,
    stop: threading.Event,
    tell: Tell,
    grace_s: float = GRACE_S,
) -> list[str]:
    """Watch every connector until ``stop``; returns who did not end within ``grace_s`` seconds after it."""
    collectors = [Collector(engine, one, folder, stop, tell) for one in settings]
    threads = [threading.Thread(target=one.watch, name=one.name, daemon=True) for one in collectors]
    for thread in threads:
        thread.start()
    stop.wait()
    end = time.monotonic() + grace_s
    for thread in threads:
        thread.join(max(end - time.monotonic(), 0))
    return [thread.name for thread in threads if thread.is_alive()]
