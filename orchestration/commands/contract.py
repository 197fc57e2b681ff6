"""Contracts on the command line: the book by state, and one contract's life and what may happen next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table

from orchestration.commands import documents
from orchestration.commands.shared import OUT, house, print_json, told_absent_marts, told_failures
from orchestration.contracts import ContractError, book, one

app = typer.Typer(no_args_is_help=True, help="Retail contracts, from first draft to evaluation.")
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
_FACTS = ("customer_name", "customer_name_en", "province", "effective_from", "effective_to", "package_type",
          "channel_id", "contract_mwh", "executed_mwh", "execution_rate", "invoiced_cny", "received_cny",
          "overdue_cny")  # fmt: skip
_PROSE = ("actor", "reason")


@contextmanager
def _marts() -> Iterator[None]:
    with told_absent_marts(), told_failures(ContractError):
        yield


@app.command("list")
def list_contracts(
    state: Annotated[str | None, typer.Option(help="Only contracts in this state, e.g. effective.")] = None,
    json: AsJson = False,
) -> None:
    """List contracts with their state at the business date; a state in brackets follows from the dates only.

    Example: [cyan]wattledger contract list --state renewal_offered[/]
    """
    with _marts():
        contracts = book(house().engine("wl_ledger"), state)
    if json:
        print_json(contracts)
        return
    table = Table(title=f"{len(contracts)} contracts", box=SIMPLE)
    for name in ("contract", "customer", "state", "ends", "due", "executed"):
        table.add_column(name, no_wrap=name != "customer", overflow="fold")
    for row in contracts:
        rate = "" if row["execution_rate"] is None else f"{row['execution_rate'] * 100:.1f} %"
        cells = (row["contract_id"], row["customer_name"], _state(row),
                 row["effective_to"], row["renewal_level"], rate)  # fmt: skip
        table.add_row(*(_text(cell) for cell in cells))
    OUT.print(table)


@app.command("show")
def show(
    contract_id: Annotated[str, typer.Argument(metavar="ID", help="Number of the contract.")],
    json: AsJson = False,
) -> None:
    """Show a contract: state, facts, versions of its terms, history, and the events that may come next.

    Example: [cyan]wattledger contract show SD26-016-1[/]
    """
    with _marts():
        contract = one(house().engine("wl_ledger"), contract_id)
    if json:
        print_json(contract)
        return
    OUT.print(f"[bold]{escape(contract_id)}[/] {_state(contract)} since {_text(contract['state_since_on'])}")
    for name in _FACTS:
        if contract[name] is not None:
            OUT.print(f"  {name:18} {_text(contract[name])}", highlight=False)
    _print_table("terms", contract["versions"], "version_no", "effective_from", "valid_to", "package_id",
                 "package_version", "reason")  # fmt: skip
    _print_table(
        "history", contract["history"], "event_no", "happened_on", "event", "to_state", "actor", "reason"
    )
    allowed = ", ".join(contract["allowed_events"]) or "none, this is a last state"
    OUT.print(f"allowed next events: {allowed}", highlight=False, soft_wrap=True)


def _print_table(title: str, rows: list[dict[str, Any]], *names: str) -> None:
    if not rows:
        OUT.print(f"{title}: none")
        return
    table = Table(title=title, box=SIMPLE)
    for name in names:
        table.add_column(name.removeprefix("package_"), no_wrap=name not in _PROSE, overflow="fold")
    for row in rows:
        table.add_row(*(_text(row[name]) for name in names))
    OUT.print(table)


def _state(row: dict[str, Any]) -> str:
    return f"({row['state']})" if row["is_derived_state"] else str(row["state"])


def _text(cell: object) -> str:
    return "" if cell is None else escape(str(cell))


app.command("render")(documents.render)
app.command("quote")(documents.quote)
