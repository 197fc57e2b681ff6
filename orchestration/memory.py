"""Peak memory of a command with all the processes it started: proportional set size, sampled."""

from __future__ import annotations

import threading
from pathlib import Path


class PeakMemory:
    """Samples this process, its descendants and the given other process trees until stopped."""

    def __init__(self, roots: list[int], interval_seconds: float = 1.0) -> None:
        """Watch the trees below ``roots`` (pids)."""
        self.roots = roots
        self.peak_bytes = 0
        self._interval = interval_seconds
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PeakMemory:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop watching; ``peak_bytes`` is final."""
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            self.peak_bytes = max(self.peak_bytes, sum(map(_bytes, _trees(self.roots))))
            if self._done.wait(self._interval):
                return


def _trees(roots: list[int]) -> set[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found: set[int] = set()
    pending = list(roots)
    while pending:
        pid = pending.pop()
        if pid not in found:
            found.add(pid)
            pending += children.get(pid, [])
    return found


def _bytes(pid: int) -> int:
    """Proportional set size, or the resident size where the kernel does not let us see the former."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (FileNotFoundError, ProcessLookupError):
        return 0
    except PermissionError:
        try:
            return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
        except (FileNotFoundError, ProcessLookupError):
            return 0
    return 0
