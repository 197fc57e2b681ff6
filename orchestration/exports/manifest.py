"""What an export is and holds, for machines: manifest.json, control totals and checksums."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from orchestration.exports.tables import ControlTotal

MANIFEST: Final = "manifest.json"
CHECKSUMS: Final = "SHA256SUMS"
CONTROL_TOTALS: Final = "control_totals.csv"


@dataclass(frozen=True)
class Written:
    """A file of the export: its path within it, and how many rows (statements: lines) it holds."""

    path: str
    rows: int


def write_control_totals(folder: Path, totals: Sequence[ControlTotal]) -> Written:
    """The control totals as CSV."""
    with (folder / CONTROL_TOTALS).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\r\n")
        writer.writerow(["table", "measure", "value"])
        writer.writerows([total.stem, total.measure, total.value] for total in totals)
    return Written(CONTROL_TOTALS, len(totals))


def write_manifest(
    folder: Path, head: Mapping[str, Any], totals: Sequence[ControlTotal], files: Sequence[Written]
) -> None:
    """``manifest.json``: the head, control totals, and every file with size, checksum and rows."""
    content = {
        **head,
        "control_totals": [asdict(total) for total in totals],
        "files": [_entry(folder, file) for file in sorted(files, key=lambda file: file.path)],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def write_checksums(folder: Path) -> str:
    """``SHA256SUMS`` over every file, in the form of sha256sum; returns its own checksum."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    text = "".join(f"{_digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in paths)
    (folder / CHECKSUMS).write_text(text, encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()


def _entry(folder: Path, file: Written) -> dict[str, Any]:
    path = folder / file.path
    return {"path": file.path, "bytes": path.stat().st_size, "sha256": _digest(path), "rows": file.rows}


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
