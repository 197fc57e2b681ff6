"""The stamp of a built sample: which code and data it was built from, and what it holds.

Light on purpose (no pandas, no numpy): deciding that nothing is to be done must be quick.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from ingestion.sample.config import LOCK

STAMP = ".sample-stamp.json"
MANIFEST = "manifest.csv"
_LIBRARIES = ("numpy", "pandas", "xlsxwriter")
"""Libraries whose version can change a byte of the sample."""


@dataclass(frozen=True)
class Stamp:
    """What the folder was built from (`inputs`) and what it must hold (`listing`: names and sizes)."""

    inputs: str
    listing: str
    digest: str
    files: int
    size_bytes: int


def inputs_digest() -> str:
    """Digest everything that decides the sample's bytes: this package's code, the wheel's lock, library
    versions.
    """
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        name = path.relative_to(Path(__file__).parent).as_posix()
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update(LOCK.read_bytes() if LOCK.is_file() else b"no lock")
    for library in _LIBRARIES:
        digest.update(f"{library}=={version(library)}\n".encode())
    return digest.hexdigest()


def listing_digest(folder: Path) -> str:
    """Digest names and sizes of a folder's files (the stamp itself aside)."""
    with os.scandir(folder) as entries:
        lines = sorted(f"{e.name} {e.stat().st_size}" for e in entries if e.name != STAMP)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def read_stamp(folder: Path) -> Stamp | None:
    """Read a folder's stamp; None when there is none or it cannot be read."""
    try:
        return Stamp(**json.loads((folder / STAMP).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_stamp(folder: Path, stamp: Stamp) -> None:
    """Write the stamp by an atomic rename."""
    part = folder / f"{STAMP}.part"
    part.write_text(json.dumps(asdict(stamp), indent=1) + "\n", encoding="utf-8")
    os.replace(part, folder / STAMP)


def current(folder: Path) -> Stamp | None:
    """Give the stamp when the folder is exactly what today's code would build, else None."""
    stamp = read_stamp(folder)
    if stamp is None or stamp.inputs != inputs_digest() or stamp.listing != listing_digest(folder):
        return None
    return stamp
