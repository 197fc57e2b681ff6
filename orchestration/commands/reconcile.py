"""External reconciliation on the command line: our month beside the statements that came in."""

from __future__ import annotations

from collections.abc import Sequence
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
from orchestration.reconciling import ReconciliationError, reconciliation

_SUMMARY = ("party", "province", "result", "lines", "own_amount_cny", "stated_amount_cny",
            "amount_difference_cny", "quantity_part_cny", "price_part_cny", "rule_part_cny",
            "margin_effect_cny")  # fmt: skip
_DISPUTE = ("addressee", "subject_id", "component", "tou_period", "difference_kind", "amount_difference_cny",
            "margin_effect_cny", "statement_no", "objection_deadline_on", "dispute_deadline_on",
            "status")  # fmt: skip


def reconcile(
    month: Annotated[str, typer.Option(help="Delivery month, YYYY-MM.")],
    province: Annotated[str | None, typer.Option(help="Only this province, e.g. shandong.")] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Compare a settled month with the grid company's and the trading centre's statements.

    Line by line: what agrees, what differs in quantity, price or rule, what either side lacks, in yuan,
    stated less own. Then the disputes with the last day to object by the province's rules. Statements come in
    as feeds grid_statement and centre_statement (``wattledger template grid_statement``); ``wattledger
    settle`` takes them in. Lines of accounts without a statement are awaited, and no dispute.

    Example: [cyan]wattledger reconcile --month 2026-09 --province shandong[/]
    """
    with told_absent_marts(), told_failures(ReconciliationError):
        found = reconciliation(house().engine("wl_ledger"), month_of(month), province)
    if json:
        print_json(found)
        return
    _print_table(f"reconciliation of {month}, stated less own", _SUMMARY, found["summary"])
    if found["disputes"]:
        _print_table(f"disputes of {month}", _DISPUTE, found["disputes"])
    else:
        OUT.print("no open dispute")
    for row in sorted({text for row in found["disputes"] if (text := row["rule_missing"])}):
        OUT.print(f"the rule pack or the calendar does not say: {row}", highlight=False)
    for row in found["not_delivered"]:
        OUT.print(
            f"no statement of {row['province']} from the {row['party'].replace('_', ' ')} yet; "
            f"it comes in feed {row['feed']}",
            highlight=False,
        )


def _print_table(title: str, names: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    table = Table(title=title, box=SIMPLE)
    for name in names:
        is_number = name.endswith("_cny") or name == "lines"
        table.add_column(name.removesuffix("_cny"), justify="right" if is_number else "left")
    for row in rows:
        table.add_row(*("" if row[name] is None else escape(str(row[name])) for name in names))
    OUT.print(table)
