"""Servers on the command line: start, stop, look, and find out what is wrong."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from dashboards import server as superset
from orchestration.alert_run import standing
from orchestration.cockpit import superset_settings
from orchestration.commands.shared import OUT, print_json, told_failures
from orchestration.commands.shared import house as open_house
from orchestration.dagster_servers import dagster_services
from orchestration.diagnosis import diagnose
from orchestration.environments import EnvironmentFailure
from orchestration.house import House
from orchestration.processes import ServiceError
from orchestration.settings import Settings
from orchestration.warehouse import embedded_server


def start_servers(house: House) -> dict[str, str]:
    """Start Superset and Dagster unless they run; return their URLs."""
    services = dagster_services(house)
    for service in services:
        service.start()
    cockpit = superset.start(superset_settings(house))
    for service in services:
        service.wait()
    return {"cockpit": cockpit, "dagster": f"http://127.0.0.1:{house.settings.port('dagster')}"}


def up() -> None:
    """Start the database, Superset and Dagster on 127.0.0.1; what runs already is left alone.

    Example: [cyan]wattledger up[/]
    """
    house = open_house()
    with told_failures(ServiceError, EnvironmentFailure), OUT.status("starting servers"):
        house.parse()
        superset.deploy(superset_settings(house))
        urls = start_servers(house)
    for name, url in urls.items():
        OUT.print(f"{name:9} {url}")
    OUT.print(f"alerts    {standing(house)}", highlight=False, soft_wrap=True)


def down() -> None:
    """Stop everything that WattLedger started: Dagster, Superset, the embedded database.

    Example: [cyan]wattledger down[/]
    """
    settings = Settings.from_environment()
    server = embedded_server(settings.home)
    stopped = []
    if settings.database_url or server.is_up():
        house = House(settings)
        stopped += [service.name for service in reversed(dagster_services(house)) if service.stop()]
        if superset.stop(superset_settings(house, make=False)):
            stopped.append("superset")
    if not settings.database_url and server.stop():
        stopped.append("postgres")
    OUT.print(f"stopped {', '.join(stopped)}" if stopped else "nothing was running")


def status(json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Show which servers run, and where.

    Example: [cyan]wattledger status[/]
    """
    settings = Settings.from_environment()
    server = embedded_server(settings.home)
    running = settings.database_url is not None or server.is_up()
    rows = [("postgres", running, "your own server" if settings.database_url else str(server.root))]
    if running:
        house = House(settings)
        port = settings.port("superset")
        rows.append(
            ("superset", superset.is_up(superset_settings(house, make=False)), f"http://127.0.0.1:{port}")
        )
        rows += [
            (
                service.name,
                service.answers(),
                (service.health_url or str(service.log)).removesuffix("/server_info"),
            )
            for service in dagster_services(house)
        ]
    if json:
        print_json([{"server": name, "up": up, "where": where} for name, up, where in rows])
        return
    table = Table("server", "state", "where")
    for name, is_up, where in rows:
        table.add_row(name, "[green]up[/]" if is_up else "[yellow]down[/]", where)
    OUT.print(table)


def doctor() -> None:
    """Look for what is wrong on this machine and say what to do about it.

    Exit code 1 when something is wrong.

    Example: [cyan]wattledger doctor[/]
    """
    findings = diagnose(Settings.from_environment())
    for finding in findings:
        mark = "[green]ok[/]   " if finding.sound else "[red]wrong[/]"
        OUT.print(f"{mark} {finding.what}", highlight=False)
        if not finding.sound:
            OUT.print(f"      remedy: {finding.remedy}", highlight=False)
    raise typer.Exit(0 if all(finding.sound for finding in findings) else 1)
