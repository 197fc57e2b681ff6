"""HTTP pull from a reference energy management system: OpenAPI document, paging, token, limits, breaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import httpx
import pytest
import sqlalchemy as sa
from tenacity import RetryCallState, Retrying

from ingestion.connectors.http_client import Busy, HttpClient, SourceError
from ingestion.connectors.http_pull import HttpPull, HttpPullSettings
from ingestion.connectors.readings import Parcel
from ingestion.connectors.running import collect
from tests.ingestion.connectors.ems_server import Ems, reading, running


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMS_SECRET", "s3cret")


@pytest.fixture
def ems() -> Iterator[Ems]:
    with running(Ems([reading(hour, hour + 0.25) for hour in range(8)])) as server:
        yield server


def settings(ems: Ems, folder: Path, **more: object) -> HttpPullSettings:
    base: dict[str, object] = {
        "connector": "http_pull",
        "name": "ems",
        "base_url": ems.url,
        "readings_path": "/v1/readings",
        "auth": {
            "kind": "client_credentials",
            "token_path": "/oauth/token",
            "client_id": "wattledger",
            "client_secret_env": "EMS_SECRET",
        },
        "fields": {"metering_point_id": "point", "channel": "quantity", "register_kwh": "value"},
        "words": {"channel": {"EP+": "active_import", "EP-": "active_export"}},
        "constants": {"kind": "daily_freeze"},
        "page_size": 100,
        "pause_s": 0.01,
        "timeout_s": 2,
        "checkpoint": folder / "ems.json",
    }
    return HttpPullSettings.model_validate(base | more)


def take(connector: HttpPull, pages: int | None = None) -> list[str]:
    """Lines of the first pages, each taken as landed."""
    found: list[str] = []
    parcel: Parcel
    for number, parcel in enumerate(connector.poll()):
        if number == pages:
            break
        found += parcel.delivery.read().decode().splitlines()[1:]
        parcel.on_landed()
    return found


def test_settings__ask_only_what_the_openapi_document_offers(ems: Ems, tmp_path: Path) -> None:
    with urlopen(f"{ems.url}/openapi.json") as answer:
        document: dict[str, Any] = json.load(answer)
    mine = settings(ems, tmp_path)
    assert isinstance(mine.auth.kind, str)
    assert "post" in document["paths"]["/oauth/token"]
    operation = document["paths"][mine.readings_path]["get"]
    assert {mine.cursor_param, mine.limit_param} <= {one["name"] for one in operation["parameters"]}
    schemas = document["components"]["schemas"]
    assert {mine.records_field, mine.next_field} <= schemas["Page"]["properties"].keys()
    assert set(mine.fields.values()) <= schemas["Reading"]["properties"].keys()
    assert set(mine.words["channel"]) == set(schemas["Reading"]["properties"]["quantity"]["enum"])
    take(HttpPull(mine))
    assert ems.violations == []


def test_poll__pages_are_read_once_and_in_order(ems: Ems, tmp_path: Path) -> None:
    found = take(HttpPull(settings(ems, tmp_path)))
    assert found[0] == "MP1,active_import,2026-11-01T00:00:00+08:00,daily_freeze,0.25,,"
    assert len(found) == len(set(found)) == 8
    assert ems.asked == [None, "3", "6", "8"]
    assert take(HttpPull(settings(ems, tmp_path))) == []
    ems.readings.append(reading(8, 8.25))
    assert len(take(HttpPull(settings(ems, tmp_path)))) == 1


@pytest.mark.parametrize("fault", ["cut", "busy", "error", "expired"])
def test_poll__goes_on_after(fault: str, ems: Ems, tmp_path: Path) -> None:
    ems.faults = ["", fault, "", fault]
    assert len(set(take(HttpPull(settings(ems, tmp_path))))) == 8
    assert ems.faults == []


@pytest.mark.parametrize(
    ("fault", "error"), [("cut", httpx.TransportError), ("busy", Busy), ("nonsense", SourceError)]
)
def test_poll__a_source_that_stays_bad_keeps_its_place(
    fault: str, error: type[Exception], ems: Ems, tmp_path: Path
) -> None:
    ems.faults = ["", *[fault] * 5]
    with pytest.raises(error):
        take(HttpPull(settings(ems, tmp_path)))
    ems.faults = []
    assert len(take(HttpPull(settings(ems, tmp_path)))) == 5


def test_wait__is_as_long_as_the_source_asks(ems: Ems, tmp_path: Path) -> None:
    client = HttpClient(ems.url, settings(ems, tmp_path).auth, 1, 1, 0.5, 1)
    state = RetryCallState(Retrying(), None, (), {})
    waits: list[float] = []
    for error in (Busy("u", 429, 7), Busy("u", 503, None), Busy("u", 401, None), Busy("u", 429, 9e9)):
        state.set_exception((Busy, error, None))
        waits.append(client._wait(state))
    assert waits == [7.0, 0.5, 0.0, 120.0]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"next_field": "page"}, "next_field"),
        ({"records_field": "items"}, "records_field"),
        ({"readings_path": "/v2"}, "answers 404"),
    ],
)
def test_poll__an_answer_of_another_shape_names_the_setting(
    more: dict[str, object], words: str, ems: Ems, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match=words):
        take(HttpPull(settings(ems, tmp_path, **more)))


def test_poll__a_wrong_secret_is_said(ems: Ems, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMS_SECRET", "wrong")
    with pytest.raises(SourceError, match="EMS_SECRET"):
        take(HttpPull(settings(ems, tmp_path)))


def test_poll__an_endless_answer_is_refused(ems: Ems, tmp_path: Path) -> None:
    ems.readings[0]["point"] = "x" * 1_100_000
    with pytest.raises(SourceError, match="page_size"):
        take(HttpPull(settings(ems, tmp_path, max_page_mb=1)))


@pytest.mark.integration
def test_collect__nothing_is_lost_or_doubled_whenever_the_process_dies(
    engine: sa.Engine, tmp_path: Path
) -> None:
    ems = Ems([reading(hour, hour + 0.25) for hour in range(8)])
    ems.readings.insert(4, {"point": "MP1", "quantity": "EP+", "read_at": "soon", "value": -1})
    ems.readings.insert(5, "what")
    with running(ems):
        connector = HttpPull(settings(ems, tmp_path))
        first = next(connector.poll())  # dies before landing: nothing is remembered
        assert first.delivery.read()
        ems.faults = ["", "cut", "cut", "cut", "cut", "cut"]
        with pytest.raises(httpx.TransportError):
            collect(engine, HttpPull(settings(ems, tmp_path)))
        (tmp_path / "ems.json").unlink()  # dies after the commit of page 1, before it is remembered
        reports = collect(engine, HttpPull(settings(ems, tmp_path)))
    assert reports[0].status == "duplicate"
    with engine.connect() as connection:
        landed = connection.execute(
            sa.text("select register_kwh, version from landing.register_reading order by read_at")
        ).all()
        counts = connection.execute(
            sa.text("select sum(rows_delivered), sum(rows_landed), sum(rows_quarantined) from landing.batch")
        ).one()
        raw = connection.execute(sa.text("select raw from quarantine.row order by line_no")).scalars().all()
    assert [tuple(row) for row in landed] == [(Decimal(f"{hour}.25"), 1) for hour in range(8)]
    assert tuple(counts) == (10, 8, 2)
    assert any("soon" in text for text in raw)
    assert "what" in raw
