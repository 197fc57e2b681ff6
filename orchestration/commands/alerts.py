"""Alerts on the command line: what is open, bring it up to date, take one on, try the channels."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from orchestration.alert_channels import DeliveryError, compose, deliver
from orchestration.alert_run import AlertRun, run_alerts
from orchestration.alert_settings import FILE_NAME, NOTHING_IS_SENT, NotifyError, load_notify
from orchestration.alerts import AlertError, acknowledge, listed
from orchestration.commands.shared import OUT, fail, house, print_json, told_absent_marts, told_failures

app = typer.Typer(no_args_is_help=True, help="Alerts: early warnings and open points, one per cause.")
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]
_STYLE = {"alarm": "red", "warn": "yellow", "info": "default"}


@app.command("list")
def list_alerts(
    every: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False, json: AsJson = False
) -> None:
    """List open alerts, the gravest first.

    Example: [cyan]wattledger alerts list --all[/]
    """
    alerts = listed(house().engine("wl_ledger"), closed=every)
    if json:
        print_json(alerts)
        return
    table = Table("no.", "severity", "state", "since", "owner", "alert", title=f"{len(alerts)} alerts")
    for alert in alerts:
        severity = f"[{_STYLE[alert['severity']]}]{alert['severity']}[/]"
        since, text = (
            f"{alert['opened_at']:%Y-%m-%d}",
            escape(f"{alert['message_zh']}\n{alert['message_en']}"),
        )
        table.add_row(str(alert["alert_id"]), severity, _state(alert), since, escape(alert["owner"]), text)
    OUT.print(table)


def _state(alert: dict[str, object]) -> str:
    if alert["closed_at"] is not None:
        return "closed"
    return f"taken on by {alert['acknowledged_by']}" if alert["acknowledged_at"] is not None else "open"


@app.command("sync")
def sync_alerts(json: AsJson = False) -> None:
    """Open, update and close alerts as the marts tell, then send what is due.

    The daily refresh and the forecast before the gate do the same. Exit code 1 when notify.yml is faulty,
    2 when a channel failed (its messages are tried again).

    Example: [cyan]wattledger alerts sync[/]
    """
    with told_absent_marts():
        done = run_alerts(house())
    if json:
        print_json(
            {
                "synced": asdict(done.synced) if done.synced else None,
                "sent": asdict(done.sent) if done.sent else None,
                "problem": done.problem,
            }
        )
    else:
        _report(done)
    if done.problem not in (None, NOTHING_IS_SENT):
        raise typer.Exit(1)
    raise typer.Exit(2 if done.sent is not None and done.sent.reasons else 0)


def _report(done: AlertRun) -> None:
    OUT.print(f"alerts   {done.synced}", highlight=False)
    if done.sent is not None:
        OUT.print(f"messages {done.sent}", highlight=False)
        for reason in done.sent.reasons:
            OUT.print(f"         {escape(reason)}", highlight=False)
    if done.problem is not None:
        OUT.print(f"messages {escape(done.problem)}", highlight=False)


@app.command("ack")
def ack(
    alert_id: Annotated[int, typer.Argument(help="Number of the alert, from `alerts list`.")],
    by: Annotated[str | None, typer.Option(help="Who takes it on; default: you.")] = None,
    note: Annotated[str | None, typer.Option(help="Why, or what is being done.")] = None,
    json: AsJson = False,
) -> None:
    """Take on an alert: nothing more is told about it unless it gets graver or is over.

    Example: [cyan]wattledger alerts ack 12 --by zhao --note "customer called"[/]
    """
    place, by = house(), by or getpass.getuser()
    with told_failures(AlertError):
        is_new = acknowledge(place.engine("wl_ledger"), alert_id, by, place.business_day.as_of, note)
    if json:
        print_json({"alert_id": alert_id, "by": by, "is_new": is_new})
    else:
        OUT.print(f"alert {alert_id} {'is taken on by ' + escape(by) if is_new else 'was taken on already'}")


@app.command("test")
def try_channels(json: AsJson = False) -> None:
    """Send a test message through every channel of notify.yml and report what each says.

    Exit code 1 when notify.yml is absent or faulty, 2 when a channel did not take the message.

    Example: [cyan]wattledger alerts test[/]
    """
    path = house().home.root / FILE_NAME
    with told_failures(NotifyError):
        settings = load_notify(path)
    if settings is None:
        fail(f"{path} does not exist; {NOTHING_IS_SENT}")
    texts = {"zh": "WattLedger 通知测试", "en": "a test of WattLedger's notifications"}
    results: dict[str, str | None] = {}
    for name, channel in settings.channels.items():
        words = {"event": "opened", "severity": "info", "subject": "test", "owner": "wattledger"}
        try:
            deliver(channel, compose(channel.language, **words, text=texts[channel.language]))
            results[name] = None
        except DeliveryError as error:
            results[name] = str(error)
    if json:
        print_json(
            [{"channel": name, "sent": reason is None, "reason": reason} for name, reason in results.items()]
        )
    else:
        for name, reason in results.items():
            OUT.print(f"{name:20} {'sent' if reason is None else escape(reason)}", highlight=False)
    raise typer.Exit(2 if any(results.values()) else 0)
