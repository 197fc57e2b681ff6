"""Editing by a person: a small table of corrected slots becomes versions of quality ``edited``.

An edit stands above every later metering until it is withdrawn. Withdrawing lands a verdict on the edited
version; what it had covered reigns again. All of a file lands, or nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import psycopg
from sqlalchemy import Engine

from ingestion.feeds.columns import CellError
from ingestion.feeds.meter_day import FEED
from ingestion.readers import RawTable, read_csv, read_workbook
from ingestion.report import FileRefused, describe
from ingestion.vee.findings import Estimate, Flag, Verdict
from ingestion.vee.rules import EDIT_SOURCE, EDIT_WITHDRAWN, EDITED
from ingestion.vee.store import EDITED as EDITED_TRUST
from ingestion.vee.store import Key, Store, microseconds, stage_keys
from ingestion.vee.writing import Package, write

_KEY: Final = ("metering_point_id", "channel", "delivery_on")
_KEPT_FLAGS: Final = """
select k.key_id, f.version, f.slot, f.rule_code, f.reason, f.flagged_by from vee_key k
join landing.meter_slot_flag f using (metering_point_id, channel, delivery_on)
where f.rule_code like 'EST%' or f.rule_code = 'EDITED'
"""


Say = Callable[[int, str | None, str | None, str, str], None]


class EditRefused(ValueError):
    """An edit that cannot land; every problem names file, line, field, value and remedy."""

    def __init__(self, problems: list[str]) -> None:
        """Keep the problems."""
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class EditReport:
    """Days edited or withdrawn, slots that got another value, and days that were so already."""

    days: int
    slots: int
    unchanged: int


@dataclass(frozen=True)
class Change:
    """One line: the day, and its new Wh by 0-based slot (empty when withdrawing)."""

    line_no: int
    key: Key
    slots: Mapping[int, int]


def edit_file(
    engine: Engine,
    path: Path,
    *,
    by: str,
    reason: str,
    withdraw: bool = False,
    known_at: datetime | None = None,
) -> EditReport:
    """Land the edits of a CSV or XLSX file, or withdraw the edits of its days.

    ``known_at`` None: now. Raises EditRefused, FileRefused or OSError; then nothing has landed.
    """
    if not by.strip() or not reason.strip():
        raise EditRefused(["an edit needs a name and a reason. Remedy: give --by and --reason a text."])
    changes = read_changes(_table(path), path.name, withdraw=withdraw)
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        pg = connection.connection.driver_connection
        if not isinstance(pg, psycopg.Connection):
            raise TypeError("editing needs an engine of the psycopg 3 driver (postgresql+psycopg://)")
        moment = microseconds(known_at or _now(pg))
        with pg.transaction():
            store = Store(pg, with_estimates=True)
            store.ensure(change.key for change in changes)
            if withdraw:
                parcel = _withdrawals(store, changes, path.name, reason.strip(), moment)
            else:
                parcel = _edits(pg, store, changes, path.name, reason.strip(), moment)
        done = len(parcel.versions) + len(parcel.verdicts)
        if done:
            name = f"{'withdrawal' if withdraw else 'edit'} {path.name}"
            salt = f"{name} {by} {store.version.tolist()}"
            write(pg, [parcel], salt=salt, name=name, by=by.strip(), source=EDIT_SOURCE, quality="edited")
        slots = sum(
            flag.rule_code == EDITED and flag.by is None for one in parcel.versions for flag in one.flags
        )
        return EditReport(done, slots, len(changes) - done)
    finally:
        connection.close()


def _now(pg: psycopg.Connection[Any]) -> datetime:
    row = pg.execute("select now()").fetchone()
    assert row is not None
    return datetime.fromisoformat(row[0].isoformat())


def _table(path: Path) -> RawTable:
    """The file's table: a CSV, or the only filled sheet of a workbook."""
    content = path.read_bytes()
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        sheets = [raw for name, raw in read_workbook(content).items() if name != "rules"]
        if len(sheets) != 1:
            raise FileRefused("EDIT_SHEETS", f"has {len(sheets)} filled sheets", "leave exactly one")
        return sheets[0]
    return read_csv(content)


def read_changes(raw: RawTable, file_name: str, *, withdraw: bool) -> list[Change]:
    """Lines of an edit: the key, and any of p01 … p96 in kWh (blank = keep). Raises EditRefused."""
    assert FEED.curve is not None
    known = {*_KEY, *FEED.curve.names}
    problems: list[str] = []

    def say(line_no: int, field: str | None, value: str | None, problem: str, remedy: str) -> None:
        problems.append(describe(file_name, raw.sheet, line_no, field, value, problem, remedy))

    for name in raw.header:
        if name not in known:
            say(
                raw.header_line, name, None, "is no column of an edit", f"use {', '.join(_KEY)} and p01 … p96"
            )
    for name in ("metering_point_id", "delivery_on"):
        if name not in raw.header:
            say(raw.header_line, name, None, "is not in the header", "add the column")
    for line in raw.broken:
        say(line.line_no, None, line.raw, line.problem, line.remedy)
    changes: list[Change] = []
    if not problems:
        for line_no, cells in zip(raw.lines, raw.cells.tolist(), strict=True):
            row = dict(zip(raw.header, cells, strict=True))
            change = _change(line_no, row, say, withdraw)
            if change and change.key in {one.key for one in changes}:
                say(line_no, ", ".join(_KEY), str(change.key), "is there twice", "write one line a day")
            elif change:
                changes.append(change)
    if problems or not changes:
        raise EditRefused(problems or [f"{file_name}: holds no line. Remedy: write the days to edit."])
    return changes


def _change(line_no: int, row: dict[str, str], say: Say, withdraw: bool) -> Change | None:
    """One line's change; None after saying what is wrong."""
    assert FEED.curve is not None
    parsed: dict[str, Any] = {}
    slots: dict[int, int] = {}
    columns = {column.name: column for column in FEED.columns if column.name in _KEY}
    row.setdefault("channel", "")
    good = True
    for name, column in columns.items():
        text = row[name].strip() or ("active_import" if name == "channel" else "")
        try:
            if not text:
                raise CellError("MISSING_FIELD", "is blank", f"fill it: {column.rule()}")
            parsed[name] = column.parse(text)
        except CellError as error:
            good = False
            say(line_no, name, text, error.problem, error.remedy)
    for index, name in enumerate(FEED.curve.names):
        text = row.get(name, "").strip()
        try:
            if text:
                slots[index] = FEED.curve.parse(text)
        except CellError as error:
            good = False
            say(line_no, name, text, error.problem, error.remedy)
    if good and not slots and not withdraw:
        good = False
        say(line_no, None, None, "changes no slot", "fill at least one of p01 … p96 in kWh")
    if not good:
        return None
    key: tuple[str, str, date] = (parsed["metering_point_id"], parsed["channel"], parsed["delivery_on"])
    return Change(line_no, key, slots)


def _edits(
    pg: psycopg.Connection[Any], store: Store, changes: list[Change], file_name: str, reason: str, moment: int
) -> Package:
    """New versions: the version that reigns, with the changed slots."""
    stage_keys(pg, store.keys)
    kept: dict[tuple[Key, int], list[Flag]] = {}
    for number, version, slot, code, why, by in pg.execute(_KEPT_FLAGS):
        kept.setdefault((store.keys[number], version), []).append(Flag(slot, code, why, by))
    parcel, problems = Package(moment), []
    for change in changes:
        base = store.base(change.key)
        wh = store.wh[base].copy() if base >= 0 else np.zeros(96, dtype=np.int64)
        missing = store.missing[base].copy() if base >= 0 else np.ones(96, dtype=np.bool_)
        places = np.array(sorted(change.slots))
        values = np.array([change.slots[place] for place in places.tolist()])
        if base >= 0 and not missing[places].any() and (wh[places] == values).all():
            continue
        wh[places] = values
        missing[places] = False
        if missing.any():
            names = ", ".join(f"p{place + 1:02d}" for place in np.flatnonzero(missing)[:5].tolist())
            what = f"leaves {int(missing.sum())} slots without a value ({names} …)"
            problems.append(
                describe(
                    file_name,
                    None,
                    change.line_no,
                    None,
                    None,
                    what,
                    "fill them, or let VEE estimate the day",
                )
            )
            continue
        edited = set(change.slots)
        old = kept.get((change.key, int(store.version[base])), []) if base >= 0 else []
        flags = [flag for flag in old if flag.slot - 1 not in edited]
        flags += [Flag(place + 1, EDITED, reason) for place in sorted(edited)]
        parcel.versions.append(Estimate(change.key, wh, tuple(flags), moment))
    if problems:
        raise EditRefused(problems)
    return parcel


def _withdrawals(store: Store, changes: list[Change], file_name: str, reason: str, moment: int) -> Package:
    """Verdicts that take the reigning edits away."""
    parcel, problems = Package(moment), []
    for change in changes:
        base = store.base(change.key)
        if base < 0 or int(store.trust()[base]) != EDITED_TRUST:
            point_id, channel, day = change.key
            what = f"{channel} of {point_id} on {day} has no edit to withdraw"
            remedy = "see the versions of the day with `wattledger curve`"
            problems.append(describe(file_name, None, change.line_no, None, None, what, remedy))
            continue
        version = int(store.version[base])
        parcel.verdicts.append(Verdict(change.key, version, "withdrawn", EDIT_WITHDRAWN, reason, moment))
    if problems:
        raise EditRefused(problems)
    return parcel
