"""Connectors run side by side: own pace, growing pauses, a stop after the batch in hand, health on disk."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest
import sqlalchemy as sa

from ingestion.connectors.collector import Collector, Outcome, collect_all, told, watch_all
from ingestion.connectors.health import HealthFile, read_health, sole
from ingestion.connectors.readings import Parcel, delivery_of, reading
from ingestion.connectors.settings import ConnectorSettings, load_settings, missing_secrets
from ingestion.feeds.columns import CHINA

pytestmark = pytest.mark.integration
POLLS: dict[str, list[float]] = {}


class SourceSettings(ConnectorSettings):
    """A source that fails ``failures`` times, then offers ``parcels`` deliveries a poll."""

    connector: Literal["source"] = "source"
    failures: int = 0
    parcels: int = 1
    slow_s: float = 0

    def build(self) -> Source:
        return Source(self)


class Source:
    def __init__(self, settings: SourceSettings) -> None:
        self.name, self._settings = settings.name, settings

    def poll(self) -> Generator[Parcel, None, None]:
        polls = POLLS.setdefault(self.name, [])
        polls.append(time.monotonic())
        if len(polls) <= self._settings.failures:
            raise ConnectionRefusedError(f"{self.name} refuses.")
        for number in range(self._settings.parcels):
            moment = datetime(2026, 11, 1, tzinfo=CHINA) + timedelta(minutes=len(polls) * 1000 + number)
            record = reading(self.name, "active_import", moment, "live", Decimal(number))
            time.sleep(self._settings.slow_s)
            yield Parcel(delivery_of([record], f"{len(polls)}-{number}", self.name), lambda: None)


def source(name: str, **more: object) -> SourceSettings:
    POLLS.pop(name, None)
    return SourceSettings.model_validate({"name": name, "every_s": 0.1} | more)


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def test_collect_all__one_that_fails_is_named_and_the_others_go_on(engine: sa.Engine, tmp_path: Path) -> None:
    outcomes = collect_all(engine, [source("down", failures=9), source("up", parcels=3)], tmp_path)
    assert [(o.name, o.batches, o.rows_landed, o.error is None) for o in outcomes] == [
        ("down", 0, 0, False),
        ("up", 3, 3, True),
    ]
    assert outcomes[0].error
    assert outcomes[0].error.startswith("ConnectionRefusedError: down refuses. Remedy: ")
    down, up = read_health(tmp_path)
    assert (down.is_failing, down.last_error, down.last_success_at) == (True, outcomes[0].error, None)
    assert (up.is_failing, up.rows_landed, up.batches, up.last_error) == (False, 3, 3, None)


def test_watch_all__goes_on_after_failures_and_counts_on(engine: sa.Engine, tmp_path: Path) -> None:
    stop, heard = threading.Event(), list[Outcome]()
    settings = [source("shaky", failures=2), source("steady")]
    watcher = threading.Thread(target=watch_all, args=(engine, settings, tmp_path, stop, heard.append))
    watcher.start()
    until(lambda: sum(o.rows_landed for o in heard if o.name == "shaky") >= 2)
    stop.set()
    watcher.join(10)
    assert not watcher.is_alive()
    assert sum(o.error is not None for o in heard if o.name == "shaky") == 2
    assert not any(o.error for o in heard if o.name == "steady")
    first, second, third = POLLS["shaky"][:3]
    assert second - first >= 0.5  # the first pause; "steady" did not wait for it
    assert third - second >= 0.5
    assert len([at for at in POLLS["steady"] if at < third]) > 3
    with engine.connect() as connection:
        landed = dict(
            connection.execute(
                sa.text("select metering_point_id, count(*) from landing.register_reading group by 1")
            )
            .tuples()
            .all()
        )
    for health in read_health(tmp_path):
        assert health.rows_landed == landed[health.name]
        assert not health.is_failing


def test_watch_all__stops_after_the_batch_in_hand(engine: sa.Engine, tmp_path: Path) -> None:
    stop, heard = threading.Event(), list[Outcome]()
    settings = [source("long", parcels=10_000, slow_s=0.05)]
    watcher = threading.Thread(target=watch_all, args=(engine, settings, tmp_path, stop, heard.append))
    watcher.start()
    until(lambda: len(heard) >= 2)
    stop.set()
    watcher.join(5)
    assert not watcher.is_alive()
    with engine.connect() as connection:
        landed = connection.scalar(sa.text("select count(*) from landing.register_reading"))
    assert landed == len(heard) == read_health(tmp_path)[0].rows_landed


def test_once__a_connector_that_another_process_polls_is_left_to_it(
    engine: sa.Engine, tmp_path: Path
) -> None:
    settings = source("held")
    with sole(tmp_path, "held") as ours:
        assert ours
        outcome = Collector(engine, settings, tmp_path, threading.Event(), lambda o: None).once()
    assert outcome.error
    assert "another process" in outcome.error
    assert POLLS.get("held") is None
    assert Collector(engine, settings, tmp_path, threading.Event(), lambda o: None).once().error is None


def test_health_file__a_damaged_one_is_begun_anew(tmp_path: Path) -> None:
    HealthFile(tmp_path, "m", "mqtt").failed("gone")
    assert HealthFile(tmp_path, "m", "mqtt").health.failures_in_a_row == 1
    (tmp_path / "m.json").write_text('{"name": "m"')
    assert read_health(tmp_path) == []
    assert HealthFile(tmp_path, "m", "mqtt").health.failures_in_a_row == 0


def test_told__an_error_keeps_its_own_remedy() -> None:
    assert told(RuntimeError("x is wrong. Remedy: right it.")) == "x is wrong. Remedy: right it."
    assert told(TimeoutError()).startswith("TimeoutError: TimeoutError. Remedy: ")


def test_load_settings__places_checkpoints_beside_the_file_and_knows_missing_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EMS_SECRET", raising=False)
    path = tmp_path / "connectors.yml"
    path.write_text(
        "connectors: [{connector: http_pull, name: e, checkpoint: state/e.json, base_url: 'http://e', "
        "every_s: 5, readings_path: /r, auth: {kind: client_credentials, token_path: /t, client_id: w, "
        "client_secret_env: EMS_SECRET}}]",
        encoding="utf-8",
    )
    (one,) = load_settings(path)
    assert one.checkpoint == tmp_path / "state" / "e.json"  # type: ignore[attr-defined]
    assert (one.every_s, missing_secrets(one)) == (5, ["EMS_SECRET"])
    monkeypatch.setenv("EMS_SECRET", "x")
    assert missing_secrets(one) == []
