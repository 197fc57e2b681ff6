"""Refusals of one delivery, however many: the first ones in memory, the others in a temporary file."""

from __future__ import annotations

import heapq
import pickle
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

from ingestion.report import REPORTED, Refusal


class RefusalLog:
    """Refusals in the order in which they were added. Use as a context manager."""

    def __init__(self, kept: int = REPORTED) -> None:
        """Keep ``kept`` refusals in memory."""
        self._kept = kept
        self._first: list[Refusal] = []
        self._more: IO[bytes] | None = None
        self._count = 0

    def __enter__(self) -> RefusalLog:
        """Nothing is opened before it is needed."""
        return self

    def __exit__(self, *_: object) -> None:
        """Delete the temporary file."""
        if self._more is not None:
            self._more.close()

    def __len__(self) -> int:
        """All refusals."""
        return self._count

    def __iter__(self) -> Iterator[Refusal]:
        """All refusals, in order."""
        yield from self._first
        if self._more is not None:
            self._more.seek(0)
            for _ in range(self._count - len(self._first)):
                yield pickle.load(self._more)  # our own file, which has no name
            self._more.seek(0, 2)

    def add(self, refusals: Iterable[Refusal]) -> None:
        """Add refusals."""
        for refusal in refusals:
            if self._count < self._kept:
                self._first.append(refusal)
            else:
                if self._more is None:
                    self._more = tempfile.TemporaryFile(prefix="wattledger-refusals-")  # noqa: SIM115
                pickle.dump(refusal, self._more, pickle.HIGHEST_PROTOCOL)
            self._count += 1

    def reported(self) -> list[Refusal]:
        """The first ones by line, for the report."""
        return heapq.nsmallest(self._kept, self, key=lambda refusal: refusal.line_no or 0)
