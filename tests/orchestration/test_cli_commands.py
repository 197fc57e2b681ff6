"""Which commands there are, how their help teaches, and that a command waits for no other's libraries."""

from __future__ import annotations

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
COMMANDS = {"COLUMNS": "200"}


@pytest.mark.parametrize("command", ALONE)
def test_help__teaches_by_example(command: str) -> None:
    shown = CliRunner().invoke(app, [command, "--help"], env=COMMANDS)
    assert shown.exit_code == 0
    assert f"wattledger {command}" in shown.stdout
    assert "Example" in shown.stdout


def test_help__lists_every_command_with_what_it_does() -> None:
    shown = CliRunner().invoke(app, ["--help"], env=COMMANDS).stdout
    listed = [line.split()[1] for line in shown.splitlines() if line.startswith("│ ") and line[2] != " "]
    assert listed == ["--help", *ALONE, *GROUPS]


@pytest.mark.parametrize("group", GROUPS)
def test_group__lists_its_commands(group: str) -> None:
    shown = CliRunner().invoke(app, [group, "--help"], env=COMMANDS)
    assert shown.exit_code == 0
    assert f"Usage: wattledger {group} [OPTIONS] COMMAND" in shown.stdout


def test_typing_error__is_answered_with_the_nearest_names() -> None:
    refused = CliRunner().invoke(app, ["setle"], env=COMMANDS)
    assert refused.exit_code == 2
    assert "Did you mean 'settle', 'resettle'?" in refused.output


def test_command__imports_no_library_of_another() -> None:
    asked = "from typer.testing import CliRunner; from orchestration.cli import app; import sys; "
    asked += "CliRunner().invoke(app, ['sql', '--help']); print(*sys.modules)"
    imported = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert {"dagster", "pandas", "sqlglot", "pymodbus"} & set(imported.stdout.split()) == set()
