"""Which commands there are, how their help teaches, and that a command waits for no other's libraries."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from orchestration.cli import app

ALONE = [
    "demo",
    "up",
    "down",
    "status",
    "doctor",
    "template",
    "ingest",
    "collect",
    "fold",
    "sql",
    "edit",
    "curve",
    "settle",
    "grid-bill",
    "reconcile",
    "close",
    "resettle",
    "explain",
    "export",
]
GROUPS = ["profile", "vee", "rules", "package", "contract", "forecast", "alerts"]
WIDE = {"COLUMNS": "200"}


@pytest.mark.parametrize("command", ALONE)
def test_help__teaches_by_example(command: str) -> None:
    shown = CliRunner().invoke(app, [command, "--help"], env=WIDE)
    assert shown.exit_code == 0
    assert f"wattledger {command}" in shown.stdout
    assert "Example" in shown.stdout


def test_help__lists_every_command_with_what_it_does() -> None:
    shown = CliRunner().invoke(app, ["--help"], env=WIDE).stdout
    listed = [line.split()[1] for line in shown.splitlines() if line.startswith("│ ") and line[2] != " "]
    assert listed == ["--help", *ALONE, *GROUPS]


@pytest.mark.parametrize("group", GROUPS)
def test_group__lists_its_commands(group: str) -> None:
    shown = CliRunner().invoke(app, [group, "--help"], env=WIDE)
    assert shown.exit_code == 0
    assert f"Usage: wattledger {group} [OPTIONS] COMMAND" in shown.stdout


def test_typing_error__is_answered_with_the_nearest_names() -> None:
    refused = CliRunner().invoke(app, ["setle"], env=WIDE)
    assert refused.exit_code == 2
    assert "Did you mean 'settle', 'resettle'?" in refused.output


def test_command__imports_no_library_of_another() -> None:
    asked = "from typer.testing import CliRunner; from orchestration.cli import app; import sys; "
    asked += "CliRunner().invoke(app, ['sql', '--help']); print(*sys.modules)"
    imported = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert {"dagster", "pandas", "sqlglot", "pymodbus"} & set(imported.stdout.split()) == set()


def test_tables__have_room_in_a_pipe_unless_columns_says_how_wide() -> None:
    command = [sys.executable, "-c", "from orchestration.commands.shared import OUT; print(OUT.width)"]
    plain = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    for environment, width in ((plain, "200"), (plain | {"COLUMNS": "120"}, "120")):
        told = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        assert told.stdout.strip() == width
