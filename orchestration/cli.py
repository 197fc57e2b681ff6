"""The ``wattledger`` command line: which sub-commands there are, in the order of the help.

What a command does is in its module of ``orchestration.commands``, imported when the command is asked
for: with all of them each would wait two seconds for libraries that most do not use.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

from orchestration.collector import collect_rarely

if TYPE_CHECKING:
    from typer._click import Command, Context

_COMMANDS: Final[Mapping[str, str]] = {
    "demo": "demo:demo",
    "up": "servers:up",
    "down": "servers:down",
    "status": "servers:status",
    "doctor": "servers:doctor",
    "template": "data:template",
    "ingest": "ingest:ingest",
    "collect": "collect:collect",
    "fold": "collect:fold",
    "sql": "data:sql",
    "edit": "vee:edit",
    "curve": "vee:curve",
    "settle": "settlement:settle",
    "grid-bill": "grid_bill:show",
    "reconcile": "reconcile:reconcile",
    "close": "ledger:close",
    "resettle": "ledger:resettle",
    "explain": "ledger:explain",
    "export": "settlement:export",
    "profile": "profile:app",
    "vee": "vee:app",
    "rules": "rules:app",
    "package": "package:app",
    "contract": "contract:app",
    "forecast": "forecast:app",
    "alerts": "alerts:app",
}
"""Name → module of ``orchestration.commands`` and what is there: a function, or a group's app."""


class _OnDemand(TyperGroup):
    """The sub-commands of ``_COMMANDS``, each imported when it is asked for."""

    def list_commands(self, ctx: Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        if cmd_name in _COMMANDS and cmd_name not in self.commands:
            self.add_command(_imported(cmd_name), cmd_name)
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        if args and args[0] not in _COMMANDS:
            for name in _COMMANDS:  # a typing error is answered with the nearest names
                self.get_command(ctx, name)
        return super().resolve_command(ctx, args)


def _imported(name: str) -> Command:
    module, attribute = _COMMANDS[name].split(":")
    found = getattr(import_module(f"orchestration.commands.{module}"), attribute)
    if isinstance(found, typer.Typer):
        found.rich_markup_mode = app.rich_markup_mode
        found.info.name = name
        return get_group(found)
    alone = typer.Typer(add_completion=False, rich_markup_mode=app.rich_markup_mode)
    alone.command(name)(found)
    return get_command(alone)


app = typer.Typer(
    cls=_OnDemand,
    name="wattledger",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
)


@app.callback()
def wattledger() -> None:
    """From meter to margin: a data platform for electricity retailers."""


def main() -> None:
    """Run the command line."""
    collect_rarely()
    app()


if __name__ == "__main__":
    main()
