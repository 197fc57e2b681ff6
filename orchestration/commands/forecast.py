"""Forecasts on the command line."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn

from orchestration.commands.shared import ERR, OUT, day_of, house, print_json, run_job, told_failures
from orchestration.errors import JobError
from orchestration.forecast_report import latest_scores, score_table
from orchestration.settings import PROVINCE

app = typer.Typer(no_args_is_help=True, help="Forecasts of load, price and purchase cost.")


@app.command("run")
def run(
    day: Annotated[str | None, typer.Option(help="Delivery day, YYYY-MM-DD; default: the next one.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Scores as JSON.")] = False,
) -> None:
    """Forecast a delivery day as seen at its gate (noon of the day before), with P10, P50 and P90.

    Every model is scored against the same-weekday naive on a rolling backtest that reads only what was known.

    Example: [cyan]wattledger forecast run --day 2026-11-13[/]
    """
    place = house()
    delivery_on = day_of(day) if day else place.business_day.day + timedelta(days=1)
    with (
        told_failures(JobError),
        Progress(TextColumn("{task.description}"), BarColumn(), console=ERR, transient=True) as bar,
    ):
        task = bar.add_task("forecasting", total=None)
        place.progress = lambda done, total, what: bar.update(
            task, completed=done, total=total, description=what
        )
        run_job(place, "forecast_before_gate", delivery_on)
    scores = latest_scores(place.engine("wl_ledger"), PROVINCE, delivery_on)
    if json:
        print_json(scores)
    else:
        OUT.print(score_table(scores, delivery_on))
