"""Connector ``http_pull``: readings of an energy management system, page by page over HTTP.

The source must give every record an order and every page the cursor behind its last record (most call it
``next_cursor`` or ``next_id``). The cursor is remembered after the page has been committed.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from functools import partial
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from ingestion.connectors.checkpoint import Checkpoint
from ingestion.connectors.http_client import Auth, HttpClient, SourceError
from ingestion.connectors.mapping import MappedSettings
from ingestion.connectors.readings import Parcel, delivery_of


class HttpPullSettings(MappedSettings):
    """Settings of the connector."""

    connector: Literal["http_pull"]
    base_url: str = Field(pattern=r"^https?://")
    readings_path: str = Field(pattern="^/")
    auth: Auth
    cursor_param: str = "after"
    limit_param: str = "limit"
    records_field: str = "readings"
    next_field: str = "next_cursor"
    page_size: int = Field(default=1000, ge=1, le=50_000)
    max_page_mb: int = Field(default=32, ge=1, le=512)
    timeout_s: float = Field(default=30, gt=0, le=600)
    attempts: int = Field(default=5, ge=1, le=20)
    pause_s: float = Field(default=1, ge=0, le=60)
    checkpoint: Path

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

    def poll(self) -> Generator[Parcel, None, None]:
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
                delivery = delivery_of(map(settings.record, records), f"{self.name}-{label}", self.name)
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
