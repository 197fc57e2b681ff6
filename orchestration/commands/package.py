"""Retail packages on the command line: check a definition, price it with an explained breakdown."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from ingestion.contract_templates import (
    Package,
    PackageFileError,
    Peers,
    check_packages,
    read_cases,
    read_packages,
)
from ingestion.market_rules import BUILT_IN, PackFileError
from orchestration.commands.shared import ERR, OUT, day_of, fail, house, print_json, told_failures
from orchestration.commands.what_if import what_if
from orchestration.errors import JobError
from orchestration.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Retail packages: YAML files that say how a month is priced.")
app.command("what-if")(what_if)


def _rule_packs() -> list[Path]:
    return [BUILT_IN, *Settings.from_environment().rule_pack_folders]


@app.command("check")
def check(
    files: Annotated[list[Path], typer.Argument(help="Package files (YAML).", exists=True)],
    on: Annotated[
        str | None, typer.Option(help="Delivery day whose rules hold; default: the package's first one.")
    ] = None,
    peer_price: Annotated[
        str | None, typer.Option(help="Peers' price in yuan/MWh, for provinces that warn above it.")
    ] = None,
    peer_rate: Annotated[
        str | None, typer.Option(help="Announced rate above peers (H), where the rule pack leaves it open.")
    ] = None,
) -> None:
    """Report every error of each file at once; show each formula and the inputs that a pricing needs.

    Example: [cyan]wattledger package check packages/sd_mixed.yml[/]
    """
    peers = Peers(_number("--peer-price", peer_price), _number("--peer-rate", peer_rate))
    with told_failures(PackFileError):
        checked = check_packages(files, _rule_packs(), day_of(on) if on else None, peers)
    for found in checked:
        for error in found.errors:
            OUT.print(f"error {error}", markup=False, highlight=False, soft_wrap=True)
        if found.package is not None:
            _print_package(found.package)
        for notice in found.notices:
            OUT.print(f"notice {found.path}: {notice}", markup=False, highlight=False, soft_wrap=True)
    errors = sum(len(found.errors) for found in checked)
    OUT.print(f"{len(files)} files, {errors} errors", highlight=False)
    raise typer.Exit(1 if errors else 0)


def _number(option: str, text: str | None) -> Decimal | None:
    try:
        number = None if text is None else Decimal(text)
    except InvalidOperation:
        fail(f"{option} {text!r} is not a number; write it as 420 or 0.1")
    if number is not None and (not number.is_finite() or number < 0):
        fail(f"{option} {text!r}: at least 0")
    return number


def _print_package(package: Package) -> None:
    head = package.head
    title = f"{head.package} {head.version}: {head.title.zh} / {head.title.en}"
    table = Table("level", "stage", "component", "share", "result", "formula", title=title)
    for part in sorted(package.components, key=lambda part: (part.level, part.number)):
        share = "" if part.share is None else f"{part.share:f}"
        table.add_row(str(part.level), part.stage, part.name, share, part.result, part.formula.text)
    OUT.print(table)
    inputs = ", ".join(f"{name} ({unit})" for name, unit in package.needed_inputs().items())
    OUT.print(f"inputs: {inputs or 'none'}", markup=False, highlight=False, soft_wrap=True)


@app.command("price")
def price(
    files: Annotated[list[Path], typer.Argument(help="Package files (YAML).", exists=True)],
    inputs: Annotated[Path, typer.Option(help="What to price (YAML or CSV).", exists=True)],
    on: Annotated[str | None, typer.Option(help="Delivery day whose rules hold.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Totals and lines as JSON.")] = False,
) -> None:
    """Price months under packages, with a line for each component; exit 1 when a case lacks something.

    Example: [cyan]wattledger package price packages/sd_mixed.yml --inputs june.yml[/]
    """
    with told_failures(PackageFileError, PackFileError, OSError):
        packages = read_packages(files, _rule_packs(), day_of(on) if on else None)
        cases = read_cases(inputs, packages)
    from orchestration.pricing import price_cases  # dbt takes seconds to import
    from orchestration.transform import TransformError, target_folder

    place = house()
    with told_failures(JobError, TransformError):
        priced = price_cases(place.warehouse, target_folder(place.home), place.business_day, cases, ERR.print)
    if json:
        print_json({"run_id": priced.run_id, "totals": priced.totals, "lines": priced.lines})
    else:
        for total in priced.totals:
            _print_case(total, priced.lines_of(total["case_id"]))
    blocked = [total for total in priced.totals if total["pricing_status"] == "blocked"]
    if blocked:
        names = "; ".join(f"{total['case_id']} lacks {total['missing']}" for total in blocked)
        fail(f"{len(blocked)} cases are blocked: {names}. Remedy: give what is missing in {inputs}")


_TOTALS = (
    "quantity_mwh",
    "total_cny",
    "revenue_cny",
    "mean_price_cny_per_mwh",
    "purchase_cny",
    "margin_cny",
)


def _print_case(total: dict[str, Any], lines: list[dict[str, Any]]) -> None:
    title = f"{total['case_id']}: {total['package_id']} {total['package_version']}"
    table = Table("stage", "component", "period", "MWh", "yuan/MWh", "yuan", "by", title=title)
    for line in lines:
        table.add_row(
            line["stage"],
            f"{line['component_id']}\n{line['title_zh']}",
            line["line_period"],
            _shown(line["quantity_mwh"]),
            _shown(line["factor"]) if line["factor"] is not None else _shown(line["price_cny_per_mwh"]),
            _shown(line["amount_cny"]),
            _explained(line),
        )
    OUT.print(table)
    for name in _TOTALS:
        if total[name] is not None:
            OUT.print(f"{name:<24} {total[name]:>16}", highlight=False)


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _explained(line: dict[str, Any]) -> str:
    if line["missing"]:
        return f"missing: {line['missing']}"
    used = ", ".join(f"{name} {value}" for name, value in (line["inputs"] or {}).items())
    return f"{line['formula']}\n{used}"
