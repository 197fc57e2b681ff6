"""The grid bill of an account on the command line: line by line, beside what the customer pays now."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table

from orchestration.commands.shared import (
    OUT,
    house,
    month_of,
    print_json,
    told_absent_marts,
    told_failures,
)
from orchestration.grid_bills import GridBillError, grid_bill

_TITLES = {"agency": "at the grid company's agency price", "market": "as the customer pays now"}
_TOTALS = ("amount_cny", "net_cny", "vat_cny", "average_price_cny_per_kwh")
_LINE = ("component", "item", "tou_period", "quantity", "unit", "price_cny", "amount_cny")


def show(
    account_id: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Account number (户号).")],
    month: Annotated[str, typer.Option(help="Month of the bill, YYYY-MM.")],
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Print an account's grid bill line by line, at the agency price and as the customer pays now.

    Example: [cyan]wattledger grid-bill 3700000101 --month 2026-09[/]
    """
    with told_absent_marts(), told_failures(GridBillError):
        found = grid_bill(house().engine("wl_ledger"), account_id, month_of(month))
    if json:
        print_json(found)
        return
    for bill in found["bills"]:
        _print_bill(account_id, month, bill)
    comparison = found["comparison"]
    if comparison is None:
        OUT.print("the month is not settled, so there is nothing to compare with")
    else:
        OUT.print(
            f"saving {comparison['saving_cny']} yuan, {comparison['saving_cny_per_kwh']} yuan/kWh",
            highlight=False,
        )


def _print_bill(account_id: str, month: str, bill: dict[str, Any]) -> None:
    table = Table(title=f"{account_id} {month}, {_TITLES[bill['bill']]}", box=SIMPLE)
    for name in _LINE:
        right = name in ("quantity", "price_cny", "amount_cny")
        table.add_column(name, justify="right" if right else "left", no_wrap=True)
    for line in bill["lines"]:
        table.add_row(*(_text(line[name]) for name in _LINE))
    OUT.print(table)
    for name in _TOTALS:
        OUT.print(f"  {name:26} {_text(bill[name])}", highlight=False)
    if bill["is_illustrative"]:
        OUT.print("  rests on illustrative rule values or prices")


def _text(cell: object) -> str:
    return "" if cell is None else escape(str(cell))
