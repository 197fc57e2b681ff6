"""Drop folder: files on disk, and the ``manifest.csv`` beside them that says when each was known.

Manifest columns: ``file_name, known_at, source``. ``known_at`` is ISO 8601, UTC+8 unless it carries an
offset; blank means known when received. ``source`` may be blank. A wrong manifest line refuses its file:
landing it with the time of today instead would let a back-test see the future, or hide data from it.

A ``source_profile.yml`` in the same folder says what files of another shape mean (``ingestion.formats``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ingestion.connectors.base import Delivery
from ingestion.feeds.columns import CellError, Instant
from ingestion.formats.delivery import beside
from ingestion.formats.profile import PROFILE_FILE
from ingestion.readers import read_csv
from ingestion.report import FileRefused

MANIFEST = "manifest.csv"
DEFAULT_SOURCE = "drop_folder"
_NOT_DATA = (".md", ".sha256", ".tmp", ".part")
_COLUMNS = ("file_name", "known_at", "source")
_KNOWN_AT = Instant("known_at", "when the business knew the content")


@dataclass
class Manifest:
    """Content of one manifest: file name → (known_at, source), and what is wrong with it."""

    entries: dict[str, tuple[datetime | None, str]] = field(default_factory=dict)
    wrong: dict[str, FileRefused] = field(default_factory=dict)
    broken: FileRefused | None = None
    lines: dict[str, int] = field(default_factory=dict)


def discover(paths: Sequence[Path]) -> list[Delivery]:
    """Deliveries under ``paths`` (folders are walked) by ``known_at`` (undeclared last), then file name.

    Hidden files, Excel's lock files and notes (``.md``, ``.sha256``) inside folders are left out; a path
    given by name is always a delivery, if only to be refused.
    """
    manifests: dict[Path, Manifest] = {}
    deliveries: list[Delivery] = []
    for path in dict.fromkeys(path.absolute() for path in paths):
        if path.is_dir():
            files = sorted(_walk(path))
            deliveries += [_delivery(file, manifests) for file in files]
            deliveries += _named_but_absent(files, path, manifests)
        else:
            deliveries.append(_delivery(path, manifests))
    return sorted(deliveries, key=lambda d: (d.known_at is None, d.known_at or datetime.max, d.file_name))


def _walk(folder: Path) -> Iterable[Path]:
    """Files of a folder and its subfolders that may be deliveries."""
    for path in folder.rglob("*"):
        hidden = any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
        beside_data = path.name in (MANIFEST, PROFILE_FILE) or path.suffix.lower() in _NOT_DATA
        if path.is_file() and not hidden and not beside_data:
            yield path


def _delivery(path: Path, manifests: dict[Path, Manifest]) -> Delivery:
    """The delivery of one file, with what its manifest says."""
    manifest = _manifest_of(path.parent, manifests)
    known_at, source = manifest.entries.get(path.name, (None, DEFAULT_SOURCE))
    refused = manifest.broken or manifest.wrong.get(path.name)
    return beside(Delivery(path.name, path.read_bytes, source, known_at, refused, path), path.parent)


def _manifest_of(folder: Path, manifests: dict[Path, Manifest]) -> Manifest:
    """The manifest of a folder, read once."""
    if folder not in manifests:
        path = folder / MANIFEST
        manifests[folder] = _read_manifest(path) if path.is_file() else Manifest()
    return manifests[folder]


def _read_manifest(path: Path) -> Manifest:
    """Read a manifest; problems are kept per file, so that good lines still count."""
    try:
        raw = read_csv(path.read_bytes())
    except (FileRefused, OSError) as error:
        problem = error.problem if isinstance(error, FileRefused) else str(error)
        return Manifest(
            broken=FileRefused("WRONG_MANIFEST", f"has no readable {MANIFEST}: {problem}", _REMEDY)
        )
    absent = [name for name in _COLUMNS[:2] if name not in raw.header]
    if absent or raw.broken:
        problem = f"column {absent[0]!r} is missing" if absent else f"line {raw.broken[0].line_no} is not CSV"
        return Manifest(broken=FileRefused("WRONG_MANIFEST", f"has a wrong {MANIFEST}: {problem}", _REMEDY))
    manifest = Manifest()
    for line_no, cells in zip(raw.lines, raw.cells.tolist(), strict=True):
        row = dict(zip(raw.header, (cell.strip() for cell in cells), strict=True))
        manifest.lines[row["file_name"]] = line_no
        try:
            known_at = _KNOWN_AT.parse(row["known_at"]) if row["known_at"] else None
        except CellError as error:
            manifest.wrong[row["file_name"]] = FileRefused(
                "WRONG_MANIFEST",
                f"{error.problem} ({MANIFEST})",
                error.remedy,
                line_no=line_no,
                field_name="known_at",
                value=row["known_at"],
            )
            continue
        assert known_at is None or isinstance(known_at, datetime)
        manifest.entries[row["file_name"]] = (known_at, row.get("source") or DEFAULT_SOURCE)
    return manifest


_REMEDY = f"write {MANIFEST} as UTF-8 CSV with the columns {', '.join(_COLUMNS)}"


def _named_but_absent(files: list[Path], root: Path, manifests: dict[Path, Manifest]) -> list[Delivery]:
    """A refused delivery for each manifest line whose file is not there."""
    present = set(files)
    absent: list[Delivery] = []
    folders = {root} | {file.parent for file in files}
    for folder in sorted(folders):
        for name, line_no in _manifest_of(folder, manifests).lines.items():
            if folder / name not in present and not (folder / name).is_file():
                refused = FileRefused(
                    "FILE_ABSENT",
                    "is not in the folder",
                    "deliver the file or remove the line",
                    line_no=line_no,
                    field_name="file_name",
                    value=name,
                )
                absent.append(Delivery(MANIFEST, bytes, DEFAULT_SOURCE, None, refused))
    return absent
