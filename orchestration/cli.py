"""The ``wattledger`` command line: one sub-command a task, each with ``--help`` and an example."""

from __future__ import annotations

import sys

import typer

from orchestration.commands import (
    alerts,
    collect,
    contract,
    data,
    demo,
    documents,
    forecast,
    grid_bill,
    ingest,
    ledger,
    package,
    profile,
    reconcile,
    rules,
    servers,
    settlement,
    vee,
)

app = typer.Typer(
    name="wattledger",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
    help="From meter to margin: a data platform for electricity retailers.",
)
app.command("demo")(demo.demo)
app.command("up")(servers.up)
app.command("down")(servers.down)
app.command("status")(servers.status)
app.command("doctor")(servers.doctor)
app.command("template")(data.template)
app.command("ingest")(ingest.ingest)
app.command("collect")(collect.collect)
app.command("fold")(collect.fold)
app.command("sql")(data.sql)
app.add_typer(profile.app, name="profile")
app.command("edit")(vee.edit)
app.command("curve")(vee.curve)
app.add_typer(vee.app, name="vee")
app.add_typer(rules.app, name="rules")
app.add_typer(package.app, name="package")
contract.app.command("render")(documents.render)
contract.app.command("quote")(documents.quote)
app.add_typer(contract.app, name="contract")
app.command("settle")(settlement.settle)
app.command("grid-bill")(grid_bill.show)
app.command("reconcile")(reconcile.reconcile)
app.command("close")(ledger.close)
app.command("resettle")(ledger.resettle)
app.command("explain")(ledger.explain)
app.command("export")(settlement.export)
app.add_typer(forecast.app, name="forecast")
app.add_typer(alerts.app, name="alerts")

if __name__ == "__main__":
    sys.exit(app())
