"""The ledger on the command line: close a month, correct a closed one, explain a line."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from datetime import date, timedelta
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
    run_job,
    told_absent_marts,
    told_failures,
)
from orchestration.errors import JobError
from orchestration.house import House
from orchestration.ledger.closing import Closed, closed_months
from orchestration.ledger.correcting import Booked, corrections_of, proposal
from orchestration.ledger.explaining import explain as explained
from orchestration.ledger.marts_run import LedgerError

Month = Annotated[str, typer.Option(help="Delivery month, YYYY-MM.")]
Province = Annotated[str | None, typer.Option(help="Only this province; default: every one.")]
By = Annotated[str | None, typer.Option(help="Who does it; default: you.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
_SHOWN = ("side", "contract_id", "account_id", "component", "tou_period", "quantity_mwh", "price_cny_per_mwh",
          "amount_cny", "reason_code")  # fmt: skip


def close(month: Month, province: Province = None, by: By = None, json: AsJson = False) -> None:
    """Close a settled month: its lines become immutable, and the marts read them from the ledger.

    Refused (exit code 1) while something is missing, while the marts are not up to date, or when a control
    sum differs; then nothing is written. A month that is closed already stays as it is.

    Example: [cyan]wattledger close --month 2026-09 --by "Li Na"[/]
    """
    day, place = month_of(month), house()
    ledger = place.engine("wl_ledger")
    known = {one.run_id for one in closed_months(ledger, day, province)}
    with told_failures(JobError):
        run_job(place, "close_month", day, _booking("ledger__close", by, province))
        closed = closed_months(ledger, day, province)
        if {one.run_id for one in closed} - known:
            _refresh(place)
    if json:
        print_json([asdict(one) | {"is_new": one.run_id not in known} for one in closed])
        return
    for one in closed:
        OUT.print(_closed(one, is_new=one.run_id not in known), highlight=False, soft_wrap=True)


def _closed(one: Closed, *, is_new: bool) -> str:
    who = f"{one.month:%Y-%m} of {escape(one.province)} is closed by {escape(one.actor)}"
    if is_new:
        return f"{who}: run {one.run_id}, {one.rows['lines']} lines, {one.rows['shares']} shares"
    since = f"{who} since {one.closed_at:%Y-%m-%d %H:%M} (run {one.run_id}); nothing was changed"
    if one.has_news:
        command = f"wattledger resettle --month {one.month:%Y-%m} --dry-run"
        return f"{since}. The marts read other inputs by now: `{command}` shows what they correct"
    return f"{since}, the inputs are the same"


def resettle(
    month: Month,
    province: Province = None,
    reason: Annotated[str | None, typer.Option(help="Reason code instead of the lines' own.")] = None,
    by: By = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the proposal, book nothing.")] = False,
    json: AsJson = False,
) -> None:
    """Correct a closed month by late data: delta lines are booked into the open month, by the pack's method.

    What the pack does not allow is listed with the reason. What is booked is not proposed again, so that the
    command may be repeated.

    Example: [cyan]wattledger resettle --month 2026-09 --dry-run[/]
    """
    day, place = month_of(month), house()
    ledger = place.engine("wl_ledger")
    with told_absent_marts():
        proposed = proposal(ledger, day, province)
    booked = [] if dry_run else _book(place, day, province, by, reason)
    if json:
        print_json({"proposal": proposed, "booked": [asdict(one) for one in booked]})
        return
    _print_proposal(proposed)
    for one in booked:
        OUT.print(
            f"booked into {one.booked_month:%Y-%m}: run {one.run_id}, {one.rows['lines']} lines, "
            f"margin {one.margin_cny} yuan, reason {escape(one.reason)}",
            highlight=False,
        )
    if not booked and not dry_run:
        OUT.print(f"nothing to book: the books hold what can be corrected of {month}", highlight=False)


def _book(place: House, day: date, province: str | None, by: str | None, reason: str | None) -> list[Booked]:
    ledger = place.engine("wl_ledger")
    known = {one.run_id for one in corrections_of(ledger, day, province)}
    with told_failures(JobError):
        run_job(place, "book_corrections", day, _booking("ledger__correction", by, province, reason))
        booked = [one for one in corrections_of(ledger, day, province) if one.run_id not in known]
        if booked:
            _refresh(place)
    return booked


def _print_proposal(rows: list[dict[str, Any]]) -> None:
    table = Table(title=f"{len(rows)} lines differ from the books", box=SIMPLE)
    for name in ("status", *_SHOWN, "why"):
        table.add_column(name.removesuffix("_id").removesuffix("_code"), overflow="fold")
    for row in rows:
        why = row["refusal"] or row["note"]
        table.add_row(row["status"], *(_text(row[name]) for name in _SHOWN), _text(why))
    OUT.print(table)


def explain(
    line_id: Annotated[str, typer.Argument(metavar="LINE_ID", help="Id of a settlement line.")],
    json: AsJson = False,
) -> None:
    """Walk from an amount to its price, quantity, meter-days, files and lines, and the rule pack.

    Example: [cyan]wattledger explain 0c9d6e5f4b3a29180716253443526170[/]
    """
    place = house()
    with told_absent_marts(), told_failures(LedgerError):
        told = explained(place.engine("wl_transform"), line_id)
    if json:
        print_json(told)
        return
    _print_explanation(told)


def _print_explanation(told: dict[str, Any]) -> None:
    line, run = told["line"], told["run"]
    OUT.print(f"[bold]{line['line_id']}[/]  {line['amount_cny']} yuan", highlight=False)
    _print_facts("line", line)
    _print_facts(
        "run", run or {"state": f"not closed; as known now, through batch {told['through_batch_seq']}"}
    )
    _print_facts("rule pack", told["pack"])
    for name in ("contract", "price"):
        if told.get(name):
            _print_facts(name, told[name])
    for name in ("terms", "shares", "days", "prices", "day_ahead", "trades", "meter_days", "corrections"):
        _print_table(name.replace("_", " "), told.get(name, []))
    if "corrects" in told:
        _print_table("meter days that differ from the superseded line's", told["changed_days"])
        OUT.rule("corrects")
        _print_explanation(told["corrects"])


def _print_facts(title: str, facts: dict[str, Any] | None) -> None:
    shown = {name: value for name, value in (facts or {}).items() if value is not None}
    OUT.print(f"[bold]{title}[/]")
    for name, value in shown.items():
        OUT.print(f"  {name:26} {_text(value)}", highlight=False, soft_wrap=True)


def _print_table(title: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    names = [name for name in rows[0] if any(row[name] is not None for row in rows) and name != "before"]
    table = Table(*names, title=f"{title}: {len(rows)}", box=SIMPLE)
    for row in rows:
        table.add_row(*(_text(row[name]) for name in names))
    OUT.print(table)


def _booking(step: str, by: str | None, province: str | None, reason: str | None = None) -> dict[str, Any]:
    config = {"by": by or getpass.getuser(), "province": province or "", "reason": reason or ""}
    return {"ops": {step: {"config": config}}}


def _refresh(place: House) -> None:
    """Let the marts read what was booked."""
    yesterday: date = place.business_day.day - timedelta(days=1)
    run_job(place, "daily_refresh", yesterday)


def _text(cell: object) -> str:
    return "" if cell is None else escape(str(cell))
