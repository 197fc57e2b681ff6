"""The resource that every asset uses: this machine's warehouse, business day and folders, opened lazily."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa

from ingestion.market_rules import BUILT_IN
from orchestration.home import Home
from orchestration.runs import BusinessDay
from orchestration.settings import Settings
from orchestration.transform import dbt_environment, parse, target_folder
from orchestration.warehouse import Role, Warehouse

Progress = Callable[[int, int, str], None]


def silent(done: int, total: int, what: str) -> None:
    """Progress that nobody watches."""


@dataclass
class House:
    """One WattLedger installation, as assets see it. Nothing is opened before it is asked for."""

    settings: Settings
    progress: Progress = silent

    @property
    def home(self) -> Home:
        """Folders and secrets."""
        return self.settings.home

    @cached_property
    def warehouse(self) -> Warehouse:
        """The warehouse; the embedded server is started if need be."""
        return Warehouse.open(self.settings)

    def engine(self, role: Role) -> sa.Engine:
        """An engine under ``role``; the same one on every call."""
        engines: dict[Role, sa.Engine] = self.__dict__.setdefault("_engines", {})
        if role not in engines:
            engines[role] = self.warehouse.engine(role)
        return engines[role]

    def close(self) -> None:
        """Give every connection back."""
        for engine in self.__dict__.pop("_engines", {}).values():
            engine.dispose()
        self.warehouse.admin.dispose()

    @property
    def business_day(self) -> BusinessDay:
        """What "today" means here."""
        return BusinessDay.current(self.home)

    @property
    def inbox(self) -> Path:
        """The drop folder: whatever is put here is taken in."""
        return self.home.folder("inbox")

    @property
    def rule_packs(self) -> list[Path]:
        """Folders of rule packs: the built-in one and the user's."""
        return [BUILT_IN, *self.settings.rule_pack_folders]

    def inbox_listing(self) -> str:
        """Name, size and time of every file of the inbox: changes when a delivery is added or replaced."""
        files = [path for path in sorted(self.inbox.rglob("*")) if path.is_file()]
        stats = ((path.relative_to(self.inbox), path.stat()) for path in files)
        return "".join(f"{name} {stat.st_size} {stat.st_mtime_ns}\n" for name, stat in stats)

    def inbox_is_in(self) -> bool:
        """Whether the inbox is as it was when it was last taken in."""
        return self._inbox_note.exists() and self._inbox_note.read_bytes() == os.fsencode(
            self.inbox_listing()
        )

    def note_inbox(self, listing: str) -> None:
        """Remember the listing of an inbox that was taken in."""
        draft = self._inbox_note.with_suffix(".draft")
        draft.write_bytes(os.fsencode(listing))  # a file name may be no UTF-8
        draft.replace(self._inbox_note)

    @property
    def _inbox_note(self) -> Path:
        return self.home.root / "inbox.listing"

    @property
    def exports(self) -> Path:
        """Where scheduled exports go."""
        return self.home.folder("exports")

    @property
    def returned(self) -> Path:
        """Where annotated copies of refused workbooks go."""
        return self.home.folder("returned")

    def dbt_environment(self, pgoptions: str = "") -> dict[str, str]:
        """Environment of a dbt process that transforms this warehouse."""
        return dbt_environment(
            self.warehouse.url("wl_transform"), target=target_folder(self.home), pgoptions=pgoptions
        )

    def parse(self) -> Path:
        """Make sure that the dbt manifest is there and current; return its path."""
        return parse(self.home, self.warehouse.url("wl_transform"))
