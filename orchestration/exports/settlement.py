"""Export one settled month: files, control totals and a checksum file, replaced as a whole."""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import sqlalchemy as sa

from orchestration.exports.tables import SHEETS, ControlTotal, Language, control_totals
from orchestration.exports.writers import write_csv, write_parquet, write_xlsx

Format = Literal["xlsx", "csv", "parquet"]
FORMATS: tuple[Format, ...] = ("xlsx", "csv", "parquet")
CHECKSUMS = "SHA256SUMS"


class NotSettledError(RuntimeError):
    """The month has no settlement lines; the message says what blocks it."""


@dataclass(frozen=True)
class Export:
    """What was written: the folder, its files and the checksum of the checksum file."""

    folder: Path
    files: tuple[Path, ...]
    digest: str


def export_month(
    engine: sa.Engine,
    month: date,
    out: Path,
    *,
    language: Language = "zh",
    formats: Sequence[Format] = FORMATS,
) -> Export:
    """Write the settlement of ``month`` to ``out``/``YYYY-MM``; an earlier export of the month is replaced.

    All tables are read in one repeatable-read transaction, so that the files agree with one another.

    Raises:
        NotSettledError: when the month has no lines, naming what is missing.
    """
    with (
        engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection,
        connection.begin(),
    ):
        tables = [(sheet, sheet.rows(connection, month)) for sheet in SHEETS]
        totals = control_totals(connection, month)
        if not all(rows for _, rows in tables):
            raise NotSettledError(_why_not_settled(connection, month))
        notes = _notes(connection, month)
    target = out / f"{month:%Y-%m}"
    draft = out / f".{month:%Y-%m}.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for sheet, rows in tables:
        if "csv" in formats:
            write_csv(draft / f"{sheet.stem}.csv", sheet, rows, language)
        if "parquet" in formats:
            write_parquet(draft / f"{sheet.stem}.parquet", sheet, rows)
    if "xlsx" in formats:
        write_xlsx(draft / "settlement.xlsx", tables, totals, language, notes)
    _write_control_totals(draft / "control_totals.csv", totals)
    digest = _write_checksums(draft)
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)
    return Export(target, tuple(sorted(target.iterdir())), digest)


def blockers(connection: sa.Connection, month: date) -> list[str]:
    """What keeps ``month`` from being settled, one message each."""
    query = sa.text(
        "select message || ' Remedy: ' || remedy from marts_settlement.settlement_blocker"
        " where delivery_month = :month order by blocker_kind, object_id, delivery_on, slot"
    )
    return list(connection.scalars(query, {"month": month}))


def month_totals(connection: sa.Connection, month: date) -> list[dict[str, str]]:
    """The settled month, one row a province, as text.

    Raises:
        NotSettledError: when the month has no lines, naming what is missing.
    """
    query = sa.text(
        "select * from marts_settlement.settlement_month where delivery_month = :month order by province"
    )
    rows = [
        {name: str(value) for name, value in row._mapping.items()}
        for row in connection.execute(query, {"month": month})
    ]
    if not rows:
        raise NotSettledError(_why_not_settled(connection, month))
    return rows


def _why_not_settled(connection: sa.Connection, month: date) -> str:
    found = blockers(connection, month)
    if not found:
        return f"{month:%Y-%m} has no settlement lines; run `wattledger settle --month {month:%Y-%m}` first"
    shown = "\n".join(f"  - {message}" for message in found[:20])
    rest = f"\n  … and {len(found) - 20} more" if len(found) > 20 else ""
    return f"{month:%Y-%m} is blocked and has no settlement lines:\n{shown}{rest}"


def _notes(connection: sa.Connection, month: date) -> list[str]:
    query = sa.text(
        "select distinct note from marts_settlement.settlement_line"
        " where delivery_month = :month and is_illustrative and note is not null order by note"
    )
    return list(connection.scalars(query, {"month": month}))


def _write_control_totals(path: Path, totals: Sequence[ControlTotal]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\r\n")
        writer.writerow(["table", "measure", "value"])
        writer.writerows([total.stem, total.measure, total.value] for total in totals)


def _write_checksums(folder: Path) -> str:
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(folder.iterdir())
    ]
    text = "".join(lines)
    (folder / CHECKSUMS).write_text(text)
    return hashlib.sha256(text.encode()).hexdigest()
