"""Metered days on the command line: validate and estimate, edit, and look at a curve."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated, Any

import psycopg
import sqlalchemy as sa
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from sqlalchemy.exc import DatabaseError

from ingestion.feeds.columns import CHINA
from ingestion.report import FileRefused
from ingestion.vee import run_vee
from ingestion.vee.editing import EditRefused, edit_file
from orchestration.commands.shared import (
    ERR,
    OUT,
    day_of,
    fail,
    house,
    moment_of,
    month_of,
    print_json,
    told_failures,
)
from orchestration.curves import CurveReading, NoCurveError, customer_curve, point_curve
from orchestration.runs import last_cut

app = typer.Typer(no_args_is_help=True, help="Validation and estimation of metered days.")
KIND = "vee"
SHOWN = 20
_RULES = """
select f.rule_code, f.flagged_by = 'vee' as by_vee,
    count(distinct (f.metering_point_id, f.channel, f.delivery_on)) as days,
    count(*) filter (where f.slot > 0) as slots, count(distinct f.metering_point_id) as points
from landing.meter_slot_flag f
where f.delivery_on >= :first and f.delivery_on < :first + interval '1 month'
group by 1, 2 order by 1, 2
"""
_QUALITY = """
select quality, count(*) as days, sum(missing_slots) as missing_slots, sum(estimated_slots) as estimated_slots
from marts_energy.energy_point_day_version
where known_to is null and delivery_on >= :first and delivery_on < :first + interval '1 month'
group by 1 order by 1
"""


@app.command("run")
def run(
    everything: Annotated[
        bool, typer.Option("--all", help="Look at every meter-day again, e.g. after a change of thresholds.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Validate the meter-days whose inputs came since the last run, and estimate what is missing or wrong.

    The daily refresh does the same between intake and marts. Again lands nothing.

    Example: [cyan]wattledger vee run[/]
    """
    place = house()
    since = 0 if everything else last_cut(place.engine("wl_ledger"), KIND)
    with (
        told_failures(DatabaseError, psycopg.Error),
        Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=ERR, transient=True
        ) as bar,
    ):
        task = bar.add_task("VEE", total=None)
        report = run_vee(
            place.engine("wl_ingest"),
            place.business_day.day,
            after_batch_seq=since,
            on_progress=lambda done, total, what: bar.update(
                task, completed=done, total=total, description=what
            ),
        )
    if json:
        print_json(dataclasses.asdict(report))
        return
    OUT.print(
        f"looked at {report.looked_at} meter-days; estimated {report.estimated_days}, "
        f"verdicts {report.verdicts}, batches {report.batches}"
    )
    for code, count in report.rules.items():
        OUT.print(f"  {code:<22} {count} flags")
    for point, channel, day in report.unestimated[:SHOWN]:
        OUT.print(f"[yellow]without an estimate[/] {channel} of {point} on {day}: nothing to go by")
    if len(report.unestimated) > SHOWN:
        OUT.print(f"… and {len(report.unestimated) - SHOWN} more")


@app.command("report")
def report(
    month: Annotated[str, typer.Option(help="Delivery month, YYYY-MM.")],
    json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Count the flags of a month per rule, and its meter-days per quality.

    Example: [cyan]wattledger vee report --month 2026-11[/]
    """
    first = month_of(month)
    with told_failures(DatabaseError), house().engine("wl_ledger").connect() as connection:
        rules = [dict(row) for row in connection.execute(sa.text(_RULES), {"first": first}).mappings()]
        quality = [dict(row) for row in connection.execute(sa.text(_QUALITY), {"first": first}).mappings()]
    if json:
        print_json({"month": month, "rules": rules, "quality": quality})
        return
    for title, rows in (("flags per rule", rules), ("meter-days per quality", quality)):
        table = Table(*(rows[0].keys() if rows else ("none",)), title=f"{title}, {month}")
        for row in rows:
            table.add_row(*(str(value) for value in row.values()))
        OUT.print(table)


def edit(
    file: Annotated[
        Path, typer.Argument(help="CSV or XLSX: metering_point_id, channel, delivery_on, p01 … p96.")
    ],
    by: Annotated[str, typer.Option(help="Who answers for the edit.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Take the reigning edits of the file's days back.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Correct metered days by hand, in kWh; a blank slot is kept as it is.

    An edit stands above every later metering until it is withdrawn. All of the file lands, or nothing of it.

    Example: [cyan]wattledger edit fixed.csv --by "Li Lei" --reason "read on site after the meter failed"[/]
    """
    try:
        done = edit_file(house().engine("wl_ingest"), file, by=by, reason=reason, withdraw=withdraw)
    except EditRefused as refused:
        for problem in refused.problems[:SHOWN]:
            ERR.print(problem, markup=False, highlight=False)
        fail(f"{len(refused.problems)} problems; nothing of {file} landed")
    except (FileRefused, OSError) as error:
        fail(f"{file} {error}")
    if json:
        print_json(dataclasses.asdict(done))
        return
    what = "withdrawn" if withdraw else f"edited ({done.slots} slots)"
    OUT.print(f"{done.days} days {what}, {done.unchanged} were so already; the next refresh takes them up")


def curve(
    point: Annotated[str | None, typer.Argument(help="Metering point.")] = None,
    day: Annotated[str, typer.Option(help="Delivery day, YYYY-MM-DD.")] = "",
    customer: Annotated[
        str | None, typer.Option(help="A customer instead: the net sum of its points.")
    ] = None,
    channel: Annotated[str, typer.Option(help="active_import or active_export.")] = "active_import",
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="As known at that moment; UTC+8 unless it has an offset.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON, energy in Wh.")] = False,
) -> None:
    """Show a day's 96 slots with value, quality and rule, as known now or at a past moment.

    Example: [cyan]wattledger curve SD-P0011 --day 2026-11-07 --as-of "2026-11-08 09:00"[/]
    """
    if not day or (point is None) == (customer is None):
        fail("name a metering point or --customer, and the --day")
    delivery_on, moment = day_of(day), moment_of(as_of) if as_of else None
    with told_failures(NoCurveError, DatabaseError), house().engine("wl_ledger").connect() as connection:
        if customer is not None:
            found = customer_curve(connection, customer, delivery_on, moment)
        else:
            found = point_curve(connection, str(point), channel, delivery_on, moment)
    if json:
        print_json(found.as_json())
    else:
        _print_curve(found)


def _print_curve(found: CurveReading) -> None:
    for version in found.versions:
        OUT.print(_version_line(version), markup=False, highlight=False, soft_wrap=True)
    table = Table("slot", "until", "kWh", "quality", "rule", title=f"{found.title}, {found.delivery_on}")
    for slot in found.slots:
        kwh = "" if slot.wh is None else f"{slot.wh / 1000:.3f}"
        rules = "; ".join(f"{code}: {reason}" for code, reason in slot.rules)
        table.add_row(str(slot.slot), slot.label, kwh, slot.quality, rules)
    OUT.print(table)
    energy = sum(slot.wh or 0 for slot in found.slots)
    OUT.print(f"energy {energy / 1000:.3f} kWh in {sum(slot.wh is not None for slot in found.slots)} slots")


def _version_line(version: dict[str, Any]) -> str:
    since = version["known_from"].astimezone(CHINA)
    until = f" to {version['known_to'].astimezone(CHINA):%Y-%m-%d %H:%M}" if version["known_to"] else ""
    return (
        f"{version['metering_point_id']} {version['channel']}, version {version['version']} "
        f"({version['quality']}), "
        f"from {version['file_name']} ({version['source']}), from {since:%Y-%m-%d %H:%M}{until}"
    )
