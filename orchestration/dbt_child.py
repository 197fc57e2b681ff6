"""dbt that dies with the process that started it.

The writer's lock belongs to the starter's database session. If the starter is killed, the lock is free, and a
dbt that went on writing would meet the next writer's.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

from orchestration.collector import collect_rarely

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Run dbt's command line; on Linux, be killed when the parent dies."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the line above
            raise SystemExit("the process that started this dbt is gone")
    collect_rarely()
    from dbt.cli.main import cli  # takes seconds to import

    cli()
