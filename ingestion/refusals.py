"""What is told of one delivery, however much: the first ones in memory, the others in a temporary file."""

from __future__ import annotations

import heapq
import pickle
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Generic, TypeVar

from ingestion.report import REPORTED, Finding

Told = TypeVar("Told", bound=Finding)


class RefusalLog(Generic[Told]):
    """Refusals (or findings) in the order in which they were added. Use as a context manager."""

    def __init__(self, kept: int = REPORTED) -> None:
        """Keep ``kept`` refusals in memory."""
        self._kept = kept
        self._first: list[Told] = []
        self._more: IO[bytes] | None = None
        self._count = 0

    def __enter__(self) -> RefusalLog[Told]:
        """Nothing is opened before it is needed."""
        return self

    def __exit__(self, *_: object) -> None:
        """Delete the temporary file."""
        if self._more is not None:
            self._more.close()

    def __len__(self) -> int:
        """All refusals."""
        return self._count

    def __iter__(self) -> Iterator[Told]:
        """All refusals, in order."""
        yield from self._first
        if self._more is not None:
            self._more.seek(0)
            for _ in range(self._count - len(self._first)):
                yield pickle.load(self._more)  # our own file, which has no name
            self._more.seek(0, 2)

    def add(self, refusals: Iterable[Told]) -> None:
        """Add refusals."""
        for refusal in refusals:
            if self._count < self._kept:
                self._first.append(refusal)
            else:
                if self._more is None:
                    self._more = tempfile.TemporaryFile(prefix="wattledger-refusals-")  # noqa: SIM115
                pickle.dump(refusal, self._more, pickle.HIGHEST_PROTOCOL)
            self._count += 1

    def clear(self) -> None:
        """Begin again."""
        self._first.clear()
        self._count = 0
        if self._more is not None:
            self._more.close()
            self._more = None

    def reported(self) -> list[Told]:
        """The first ones by line, for the report."""
        return heapq.nsmallest(self._kept, self, key=lambda refusal: refusal.line_no or 0)
