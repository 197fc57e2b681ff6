"""What the caller must say to deploy and serve Superset. No defaults for secrets, no environment reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit, urlunsplit


@dataclass(frozen=True)
class SupersetSettings:
    """Where Superset runs, keeps its files, and which databases it speaks to.

    python: interpreter of Superset's own environment (`.venv-superset/bin/python`).
    state: folder for logs, pid file and Superset's home; made when absent.
    secrets: folder for the 0600 files (secret key, connection addresses); made 0700 when absent.
    port: TCP port on 127.0.0.1.
    metadata_url: `postgresql://user:password@host:port/superset`, Superset's own database (read and write).
    warehouse_url: the warehouse as role wl_bi.
    passwords: username → password, one for every user of platform.yml.
    language: language of a first visit, `zh` or `en`.
    """

    python: Path
    state: Path
    secrets: Path
    port: int
    metadata_url: str = field(repr=False)
    warehouse_url: str = field(repr=False)
    passwords: Mapping[str, str] = field(repr=False)
    language: str = "zh"

    @property
    def url(self) -> str:
        """Address of the running Superset."""
        return f"http://127.0.0.1:{self.port}"


def psycopg2_uri(url: str) -> str:
    """Any `postgresql…://` URL as Superset's environment wants it (SQLAlchemy 1.4, psycopg2)."""
    return _with_scheme(url, "postgresql+psycopg2")


def libpq_uri(url: str) -> str:
    """Any `postgresql…://` URL as libpq and psycopg want it."""
    return _with_scheme(url, "postgresql")


def _with_scheme(url: str, scheme: str) -> str:
    parts: SplitResult = urlsplit(url)
    if parts.scheme.split("+")[0] not in ("postgresql", "postgres"):
        raise ValueError(
            f"not a PostgreSQL URL: scheme {parts.scheme!r}. Remedy: use postgresql://user:password@host/db"
        )
    return urlunsplit(parts._replace(scheme=scheme))
