"""Connector ``http_pull``: readings of an energy management system, page by page over HTTP.

The source must give every record an order and every page the cursor behind its last record (most call it
``next_cursor`` or ``next_id``). The cursor is remembered after the page has been committed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from ingestion.connectors.checkpoint import Checkpoint
from ingestion.connectors.http_client import Auth, HttpClient, SourceError
from ingestion.connectors.readings import Parcel, Record, Unreadable, delivery_of
from ingestion.connectors.settings import ConnectorSettings
from ingestion.feeds.register_reading import FEED


class HttpPullSettings(ConnectorSettings):
    """Settings of the connector.

    ``fields`` names the source's field of a feed column where they differ, ``constants`` gives columns that
    the source does not send, ``words`` translates the source's words of a column.
    """

    connector: Literal["http_pull"]
    base_url: str = Field(pattern=r"^https?://")
    readings_path: str = Field(pattern="^/")
    auth: Auth
    cursor_param: str = "after"
    limit_param: str = "limit"
    records_field: str = "readings"
    next_field: str = "next_cursor"
    fields: Mapping[str, str] = Field(default_factory=dict)
    constants: Mapping[str, str] = Field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    page_size: int = Field(default=1000, ge=1, le=50_000)
    max_page_mb: int = Field(default=32, ge=1, le=512)
    timeout_s: float = Field(default=30, gt=0, le=600)
    attempts: int = Field(default=5, ge=1, le=20)
    pause_s: float = Field(default=1, ge=0, le=60)
    checkpoint: Path

    @model_validator(mode="after")
    def _columns_exist(self) -> Self:
        """Refuse a column that the feed does not have."""
        for part in ("fields", "constants", "words"):
            for column in getattr(self, part):
                if column not in FEED.file_columns:
                    known = ", ".join(FEED.file_columns)
                    raise ValueError(f"{part}: {column!r} is no column of {FEED.name}; columns are {known}")
        return self

    def build(self) -> HttpPull:
        """The connector."""
        return HttpPull(self)


class HttpPull:
    """See the module."""

    def __init__(self, settings: HttpPullSettings) -> None:
        """Connect to nothing yet."""
        self.name = settings.name
        self._settings = settings
        self._checkpoint = Checkpoint(settings.checkpoint)

    def poll(self) -> Iterator[Parcel]:
        """One delivery per page, from the remembered cursor to the first empty page.

        Raises SourceError, Busy or httpx.TransportError; the pages before are remembered.
        """
        settings = self._settings
        cursor = self._checkpoint.read().get("cursor")
        with HttpClient(
            settings.base_url,
            settings.auth,
            settings.timeout_s,
            settings.attempts,
            settings.pause_s,
            settings.max_page_mb * 1_000_000,
        ) as client:
            while True:
                records, after = self._page(client, cursor)
                if not records:
                    return
                label = re.sub(r"[^\w.-]", "_", cursor or "start", flags=re.ASCII)[:60]
                delivery = delivery_of(map(self._record, records), f"{self.name}-{label}", self.name)
                yield Parcel(delivery, partial(self._checkpoint.write, {"cursor": after}))
                cursor = after

    def _page(self, client: HttpClient, cursor: str | None) -> tuple[list[Any], str]:
        """Records behind the cursor, and the cursor behind them."""
        settings = self._settings
        params: dict[str, str | int] = {settings.limit_param: settings.page_size}
        if cursor is not None:
            params[settings.cursor_param] = cursor
        answer = client.get(settings.readings_path, params)
        where = f"{settings.base_url}{settings.readings_path} after {cursor}"
        records = answer.get(settings.records_field) if isinstance(answer, dict) else None
        if not isinstance(records, list):
            raise SourceError(f"{where}: has no list {settings.records_field!r}. Remedy: set records_field.")
        after = answer.get(settings.next_field) if isinstance(answer, dict) else None
        if records and (not isinstance(after, str | int) or str(after) == cursor):
            raise SourceError(
                f"{where}: {settings.next_field} is {after!r}, not the position behind the page's last "
                "record. Remedy: set next_field to the field that moves on."
            )
        return records, str(after)

    def _record(self, record: object) -> Record | Unreadable:
        """One record of the source under the feed's column names."""
        if not isinstance(record, dict):
            return Unreadable(str(record))
        settings = self._settings
        values: dict[str, object] = {}
        for column in FEED.file_columns:
            value = record.get(settings.fields.get(column, column), settings.constants.get(column))
            values[column] = settings.words.get(column, {}).get(str(value), value)
        return values
