"""Deploy the cockpit: render, check, and bring Superset to that state, or see at once that it already is.

Everything deployed has one digest, kept in Superset's own database (`wattledger_deployment`), so that a
restored or replaced database is seen at once and an unchanged one costs no application start.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg

from dashboards.errors import SupersetError
from dashboards.identity import asset_uuid
from dashboards.models import LANGUAGES
from dashboards.render import dashboard_slug, dataset_languages, render
from dashboards.runtime import SUPERSET_APP, child_environment, superset_version, write_runtime
from dashboards.settings import SupersetSettings, libpq_uri, psycopg2_uri
from dashboards.source import Source, load
from dashboards.validate import validate
from dashboards.warehouse import mart_relations

Progress = Callable[[int, int, str], None]
STEPS = (
    "start Superset",
    "migrate Superset's database",
    "import dashboards",
    "apply roles, users and row rules",
)
_PASSWORD_SLOT = "XXXXXXXXXX"  # what Superset writes where a password travels apart from the bundle
_LOG = "superset_deploy.log"


@dataclass(frozen=True)
class DeployReport:
    """What a deployment did: nothing (`changed` false) or the steps it took, in seconds."""

    changed: bool
    digest: str
    seconds: float
    dashboards: list[str]
    steps: dict[str, float] = field(default_factory=dict)


def usernames(source: Source | None = None) -> list[str]:
    """Users of platform.yml, for whom the caller makes passwords."""
    return [user.username for user in (source or load()).platform.users]


def deploy(settings: SupersetSettings, on_progress: Progress | None = None) -> DeployReport:
    """Bring Superset's database to the state of the tree; do nothing when it already is.

    `on_progress(done, total, message)` is called after each step. Raises AssetError when the tree is wrong
    (nothing is touched then) and SupersetError naming the log when Superset refuses.
    """
    started = time.monotonic()
    source = load()
    missing = sorted(set(usernames(source)) - set(settings.passwords))
    if missing:
        raise SupersetError(
            f"no password for {', '.join(missing)}. Remedy: pass one for each user of platform.yml"
        )
    runtime = write_runtime(settings, source.platform)
    try:
        job = _job(settings, source, runtime.read_bytes())
    except KeyError:
        validate(source)  # names what the renderer only stumbled over
        raise
    slugs = [dashboard_slug(key, language) for key in source.dashboards for language in LANGUAGES]
    if _deployed_digest(settings.metadata_url) == job["digest"]:
        return DeployReport(False, job["digest"], time.monotonic() - started, slugs)
    validate(source)  # the digest covers the tree and the marts' columns: what is deployed has passed before
    steps = _run(settings, job, child_environment(runtime, settings.state), on_progress or (lambda *_: None))
    return DeployReport(True, job["digest"], time.monotonic() - started, slugs, steps)


def _job(settings: SupersetSettings, source: Source, runtime: bytes) -> dict[str, Any]:
    uri = psycopg2_uri(settings.warehouse_url)
    parts = urlsplit(uri)
    netloc = parts.netloc.replace(f":{parts.password}@", f":{_PASSWORD_SLOT}@", 1)
    files = render(source, parts._replace(netloc=netloc).geturl())
    job: dict[str, Any] = {
        "superset_version": superset_version(settings.python),
        "files": files,
        "database_password": unquote(parts.password or ""),
        "platform": _platform(source),
        "passwords": {name: settings.passwords[name] for name in usernames(source)},
        "owned": _owned(source),
    }
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(SUPERSET_APP.glob("*.py")))
    blob = json.dumps([job, code, mart_relations()], sort_keys=True).encode() + runtime
    return job | {"digest": hashlib.sha256(blob).hexdigest()}


def _platform(source: Source) -> dict[str, Any]:
    platform = source.platform
    rules = [
        {
            "name": f"{name}-{number}",
            "where": clause.where,
            "roles": rule.roles,
            "dataset_uuids": [
                str(asset_uuid("dataset", key, language))
                for key in clause.datasets
                for language in dataset_languages(source.datasets[key])
            ],
        }
        for name, rule in platform.row_rules.items()
        for number, clause in enumerate(rule.clauses, 1)
    ]
    return {
        "warehouse": source.warehouse.name,
        "roles": {name: {"analyst": role.analyst} for name, role in platform.roles.items()},
        "without": platform.without,
        "users": [user.model_dump() for user in platform.users],
        "dashboard_roles": {
            dashboard_slug(key, language): roles
            for key, roles in platform.dashboards.items()
            for language in LANGUAGES
        },
        "row_rules": rules,
    }


def _owned(source: Source) -> dict[str, list[str]]:
    """Names of all that this tree puts into Superset, by kind; the next deployment prunes the difference."""
    datasets = [
        str(asset_uuid("dataset", key, language))
        for key, dataset in source.datasets.items()
        for language in dataset_languages(dataset)
    ]
    return {
        "dashboards": [
            str(asset_uuid("dashboard", key, to)) for key in source.dashboards for to in LANGUAGES
        ],
        "charts": [str(asset_uuid("chart", key, to)) for key in source.charts for to in LANGUAGES],
        "datasets": datasets,
        "roles": list(source.platform.roles),
        "users": usernames(source),
        "row_rules": [rule["name"] for rule in _platform(source)["row_rules"]],
    }


def _deployed_digest(metadata_url: str) -> str | None:
    """Digest in Superset's database, None when nothing was ever deployed there."""
    with psycopg.connect(libpq_uri(metadata_url)) as connection:
        known = connection.execute("select to_regclass('wattledger_deployment') is not null").fetchone()
        if not (known and known[0]):
            return None
        row = connection.execute("select digest from wattledger_deployment").fetchone()
        return row[0] if row else None


def _run(
    settings: SupersetSettings, job: dict[str, Any], environment: dict[str, str], on_progress: Progress
) -> dict[str, float]:
    log = settings.state / _LOG
    command = [str(settings.python), str(SUPERSET_APP / "deploy.py")]
    steps: dict[str, float] = {}
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            command,
            env=environment,
            cwd=settings.state,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(job))
            process.stdin.close()
            for line in process.stdout:
                step = json.loads(line)
                steps[step["step"]] = step["seconds"]
                on_progress(STEPS.index(step["step"]) + 1, len(STEPS), step["step"])
        except BrokenPipeError:
            pass  # it died while reading: the exit code and the log say why
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        tail = log.read_text(encoding="utf-8", errors="replace")[-1500:]
        raise SupersetError(f"Superset's deployment failed (exit {process.returncode}); log {log}:\n{tail}")
    return steps
