"""Refused workbooks go back to who delivered them: annotated copies in one folder, none ever overwritten.

A copy keeps the workbook's name. When a different copy of that name is there already, the new one gets a
number (``customers-2.xlsx``); an equal one is found again, so that a delivery can be repeated.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from ingestion.connectors.base import Delivery
from ingestion.formats.annotate import annotate_workbook, is_annotatable
from ingestion.report import BatchReport, storable

_LOG = logging.getLogger(__name__)
# openpyxl needs some fifty times a file's size in memory; a person does not correct such a workbook by hand
LARGEST = 20_000_000


@dataclass(frozen=True)
class Returned:
    """What became of one refused workbook: the path of its annotated copy, or why there is none."""

    file_name: str
    path: Path | None
    problem: str | None = None

    def __str__(self) -> str:
        """File and path, or file and problem."""
        return f"{self.file_name}: {self.path or self.problem}"


class Returner:
    """Writes an annotated copy of every refused workbook that the intake hands to it (``on_delivery``).

    A copy that cannot be made never stops the intake: ``returned`` says why, for each such workbook.
    """

    def __init__(self, folder: Path) -> None:
        """Copies go to ``folder``, which is made when the first one is written."""
        self._folder = folder
        self.returned: list[Returned] = []

    def __call__(self, delivery: Delivery, reports: Sequence[BatchReport]) -> None:
        """Write the copy of one delivery, if it is a workbook with something to correct."""
        name = storable(delivery.file_name)
        if not is_annotatable(name, reports):
            return
        path, problem = None, None
        try:
            path = self._write(delivery, name, reports)
        except (ValueError, OSError) as error:
            problem = f"cannot be annotated: {error}"
        except Exception as fault:  # a fault of this program must not stop the intake
            _LOG.error("%s: no annotated copy", name, exc_info=fault)
            problem = f"cannot be annotated: {type(fault).__name__}: {fault}"
        self.returned.append(Returned(name, path, problem))

    def _write(self, delivery: Delivery, name: str, reports: Sequence[BatchReport]) -> Path:
        """Annotate and store; returns where the copy lies."""
        content = delivery.read()
        if len(content) > LARGEST:
            raise ValueError(f"it has more than {LARGEST // 1_000_000} MB; see quarantine.row for its rows")
        keep_vba = name.lower().endswith(".xlsm")
        return store(annotate_workbook(content, reports, keep_vba=keep_vba), self._folder, name)


def store(content: bytes, folder: Path, name: str) -> Path:
    """Put ``content`` into ``folder`` under the first free name, or find the equal file that is there.

    Raises OSError when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{os.getpid()}.draft"
    draft.write_bytes(content)
    try:
        for path in _names(folder, name):
            try:
                os.link(draft, path)  # whole or not at all, and never over another file
            except FileExistsError:
                if path.is_file() and path.read_bytes() == content:
                    return path
            else:
                return path
    finally:
        draft.unlink()
    raise AssertionError("names never end")


def _names(folder: Path, name: str) -> Iterator[Path]:
    """``a.xlsx``, ``a-2.xlsx``, ``a-3.xlsx`` and so on in ``folder``."""
    first = folder / Path(name).name
    yield first
    for number in count(2):
        yield first.with_name(f"{first.stem}-{number}{first.suffix}")
