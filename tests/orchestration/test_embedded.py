"""The embedded server: made once, found again, reachable, and started by one process only."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from orchestration.embedded import EmbeddedServer
from orchestration.warehouse import Warehouse, embedded_server
from tests.conftest import temporary_home

pytestmark = pytest.mark.integration


def _postmaster_start(url: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute("select pg_postmaster_start_time()").fetchone()
    assert row is not None
    return row[0]


def test_start__again_finds_the_same_server(server: Warehouse) -> None:
    embedded = embedded_server(server.home)
    assert _postmaster_start(embedded.start()) == _postmaster_start(embedded.start())


def test_start__by_several_processes_at_once_makes_one_server() -> None:
    with temporary_home() as home:
        code = (
            "import sys; from pathlib import Path; from orchestration.embedded import EmbeddedServer;"
            "print(EmbeddedServer(Path(sys.argv[1])).start())"
        )
        command = [sys.executable, "-c", code, str(home.root / "postgres")]
        started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
        urls = {process.communicate(timeout=60)[0].strip() for process in started}
        assert len(urls) == 1
        assert all(process.returncode == 0 for process in started)


def test_start__after_the_server_was_killed_keeps_what_was_committed() -> None:
    with temporary_home() as home:
        server = embedded_server(home)
        with psycopg.connect(server.start(), autocommit=True) as connection:
            connection.execute("create table kept as select 42 as answer")
        os.kill(server.pid, signal.SIGKILL)
        time.sleep(0.2)
        with psycopg.connect(server.start()) as connection:
            assert connection.execute("select answer from kept").fetchone() == (42,)


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root has to drop to an account that cannot reach a folder"
)
def test_start__under_a_private_parent_moves_the_cluster_and_leaves_permissions(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    server = EmbeddedServer(private / "home" / "postgres")
    try:
        with psycopg.connect(server.start()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        assert server.root.is_relative_to("/var/tmp")
        assert EmbeddedServer(private / "home" / "postgres").root == server.root
        assert private.stat().st_mode & 0o777 == 0o700
    finally:
        server.stop()
        shutil.rmtree(server.root)
