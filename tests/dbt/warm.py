"""dbt inside the test's process: imported once, the project parsed once for each database.

``orchestration.transform.run_dbt`` starts a process that reads the parsed project anew: five seconds, which
the product pays a few times a day and the tests would pay a hundred times.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from orchestration.transform import PROJECT, TransformError, dbt_environment

_PARSED: Final[dict[str, Manifest]] = {}


def run_warm(arguments: list[str], *, url: str, target: Path, pgoptions: str = "") -> str:
    """Do what ``run_dbt`` does.

    Raises:
        TransformError: with dbt's own output.
    """
    with (
        _temporary_environment(dbt_environment(url, target=target, pgoptions=pgoptions)),
        contextlib.chdir(PROJECT),
    ):
        if url not in _PARSED:
            parsed, _ = _invoked(["parse", "--quiet"], None)
            assert isinstance(parsed, Manifest)
            _PARSED[url] = parsed
        return _invoked(arguments, _PARSED[url])[1]


def _invoked(arguments: list[str], manifest: Manifest | None) -> tuple[object, str]:
    """What dbt returns, and what it printed."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        done = dbtRunner(manifest).invoke(arguments)
    if not done.success:
        told = f"{printed.getvalue()[-6000:]}{done.exception or ''}"
        raise TransformError(f"`dbt {' '.join(arguments)}` failed:\n{told}")
    return done.result, printed.getvalue()


@contextlib.contextmanager
def _temporary_environment(values: Mapping[str, str]) -> Iterator[None]:
    """Variables that dbt reads while the block runs, and nobody after it.

    Left in place, the run's session setting would pin what every later connection of this process reads.
    """
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            os.environ.pop(name, None)
        os.environ.update({name: before[name] for name in values if name in before})
