"""Servers on the command line: start, stop, look, and find out what is wrong."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from dashboards import server as superset
from ingestion.connectors.health import Health
from ingestion.connectors.settings import SettingsError, load_settings
from orchestration.alert_run import standing
from orchestration.cockpit import superset_settings
from orchestration.collecting import collector_service, connector_health, connectors_file
from orchestration.commands.shared import OUT, print_json, told_failures
from orchestration.commands.shared import house as open_house
from orchestration.dagster_servers import dagster_services
from orchestration.diagnosis import diagnose
from orchestration.environments import EnvironmentFailure
from orchestration.house import House
from orchestration.processes import ServiceError
from orchestration.settings import Settings
from orchestration.warehouse import embedded_server


def start_pages(house: House) -> None:
    """Start what only shows the house, Superset and Dagster's webserver, unless they run."""
    webserver, _ = dagster_services(house)
    webserver.start()
    superset.start(superset_settings(house))
    webserver.wait()


def start_servers(house: House) -> dict[str, str]:
    """Start Superset and Dagster unless they run; return their URLs."""
    services = dagster_services(house)
    for service in services:
        service.start()
    cockpit = superset.start(superset_settings(house))
    for service in services:
        service.wait()
    return {"cockpit": cockpit, "dagster": f"http://127.0.0.1:{house.settings.port('dagster')}"}


def start_collector(house: House) -> str | None:
    """Start the collector unless it runs; return its log, or None when there are no connectors.

    Raises:
        SettingsError: when connectors.yml is wrong; nothing is started.
    """
    file = connectors_file(house.home)
    if not file.exists():
        return None
    load_settings(file)
    service = collector_service(house.home)
    service.start()
    return f"watching {file}, log {service.log}"


def up() -> None:
    """Start the database, Superset, Dagster and the collector; what runs already is left alone.

    The collector is started when there is a connectors.yml in WATTLEDGER_HOME; export the secrets that it
    names first.

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
    with told_failures(SettingsError, ServiceError):
        collector = start_collector(house)
    if collector:
        OUT.print(f"collector {collector}", highlight=False)


def down() -> None:
    """Stop everything that WattLedger started: collector, Dagster, Superset, the embedded database.

    Example: [cyan]wattledger down[/]
    """
    settings = Settings.from_environment()
    server = embedded_server(settings.home)
    collector = collector_service(settings.home)
    stopped = [collector.name] if collector.stop() else []
    if settings.database_url or server.is_up():
        house = House(settings)
        stopped += [service.name for service in reversed(dagster_services(house)) if service.stop()]
        if superset.stop(superset_settings(house, make=False)):
            stopped.append("superset")
    if not settings.database_url and server.stop():
        stopped.append("postgres")
    OUT.print(f"stopped {', '.join(stopped)}" if stopped else "nothing was running")


def status(json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Show which servers run and where, and how the connectors fare.

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
    collector, connectors = collector_service(settings.home), connector_health(settings.home)
    if connectors or connectors_file(settings.home).exists():
        rows.append((collector.name, collector.answers(), str(collector.log)))
    if json:
        found: list[dict[str, Any]] = [{"server": name, "up": up, "where": where} for name, up, where in rows]
        if connectors:
            found[-1]["connectors"] = [asdict(one) for one in connectors]
        print_json(found)
        return
    table = Table("server", "state", "where")
    for name, is_up, where in rows:
        table.add_row(name, "[green]up[/]" if is_up else "[yellow]down[/]", where)
    OUT.print(table)
    if connectors:
        OUT.print(_connector_table(connectors))


def _connector_table(connectors: list[Health]) -> Table:
    """One line a connector: state, last success, counts so far, last error."""
    table = Table("connector", "state", "last success", "landed", "quarantined", "last error")
    for one in connectors:
        state = f"[red]failing ({one.failures_in_a_row})[/]" if one.is_failing else "[green]ok[/]"
        error = f"{one.last_error_at} {one.last_error}" if one.last_error else ""
        counts = (str(one.rows_landed), str(one.rows_quarantined))
        table.add_row(one.name, state, one.last_success_at or "never", *counts, escape(error))
    return table


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
