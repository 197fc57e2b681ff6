"""The delivery: what every connector hands to the intake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingestion.report import FileRefused


@dataclass(frozen=True)
class Delivery:
    """One file's worth of bytes. ``known_at`` None means: known when received.

    ``read`` may raise OSError. ``refused`` is set when the connector already knows that the delivery must
    not land. A delivery that is a file names its ``path``, so that a large one need not be read into memory.
    """

    file_name: str
    read: Callable[[], bytes]
    source: str
    known_at: datetime | None = None
    refused: FileRefused | None = None
    path: Path | None = None
