"""Run dbt: where it writes, what it connects as, and when its manifest has to be made again."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy.engine import make_url

from orchestration.home import CHECKOUT, Home

PROJECT = CHECKOUT / "dbt_project"
DBT = str(Path(sys.executable).parent / "wattledger-dbt")


class TransformError(RuntimeError):
    """dbt failed; the message holds what it printed."""


def dbt_environment(url: str, *, target: Path, pgoptions: str = "") -> dict[str, str]:
    """Environment variables for dbt: connection, folders, the run's session setting, no telemetry."""
    parsed = make_url(url)
    return {
        "WATTLEDGER_DB_HOST": str(parsed.host),
        "WATTLEDGER_DB_PORT": str(parsed.port or 5432),
        "WATTLEDGER_DB_NAME": str(parsed.database),
        "WATTLEDGER_DB_USER": str(parsed.username),
        "WATTLEDGER_DB_PASSWORD": str(parsed.password),
        "DBT_PROFILES_DIR": str(PROJECT),
        "DBT_PROJECT_DIR": str(PROJECT),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target),
        "DBT_EXCLUDE_RESOURCE_TYPES": "unit_test",  # they belong to `make test`, not to a production run
        "DBT_LOG_LEVEL_FILE": "none",  # a quarter of its time; what it prints is kept anyway
        "DO_NOT_TRACK": "1",
        "PGOPTIONS": pgoptions,
        # dagster-dbt and our own calls start the `dbt` that stands beside this interpreter
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }


def target_folder(home: Home) -> Path:
    """Where dbt keeps its manifest, partial parse and logs for this home."""
    return home.folder("dbt")


def manifest_path(home: Home) -> Path:
    """The manifest that Dagster reads."""
    return target_folder(home) / "manifest.json"


def parse(home: Home, url: str) -> Path:
    """Make the manifest if the project changed since it was made; return its path."""
    manifest, stamp = manifest_path(home), target_folder(home) / "manifest.stamp"
    digest = project_digest()
    with home.lock("manifest"):
        if not manifest.exists() or not stamp.exists() or stamp.read_text() != digest:
            run_dbt(["parse", "--quiet"], url=url, target=target_folder(home))
            stamp.write_text(digest)
    return manifest


def run_dbt(arguments: list[str], *, url: str, target: Path, pgoptions: str = "") -> str:
    """Run one dbt command in a process of its own and return its output.

    Raises:
        TransformError: with dbt's own output.
    """
    environment = {**os.environ, **dbt_environment(url, target=target, pgoptions=pgoptions)}
    command = [DBT, *arguments]
    done = subprocess.run(command, cwd=PROJECT, env=environment, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise TransformError(
            f"`dbt {' '.join(arguments)}` failed:\n{done.stdout[-6000:]}{done.stderr[-2000:]}"
        )
    return done.stdout


def project_digest() -> str:
    """SHA-256 over every source file of the dbt project."""
    digest = hashlib.sha256()
    for path in sorted(PROJECT.rglob("*")):
        parts = path.relative_to(PROJECT).parts
        if path.suffix in {".sql", ".yml", ".csv", ".md"} and parts[0] not in {"target", "logs"}:
            digest.update("/".join(parts).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
