"""``wattledger package what-if``: contracts under another package, who gains and who loses."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ingestion.contract_templates import Case, Package, PackageFileError, read_cases, read_packages
from ingestion.market_rules import BUILT_IN, PackFileError
from orchestration.commands.shared import ERR, OUT, day_of, fail, house, print_json, told_failures
from orchestration.errors import JobError
from orchestration.settings import Settings
from orchestration.what_if_report import WhatIf, read_what_if
from orchestration.what_if_request import OptionError, months_of, options_of

_COLUMNS = ("quantity_mwh", "now_cny", "what_if_cny", "difference_cny", "margin_now_cny", "margin_then_cny")


def what_if(
    file: Annotated[Path, typer.Argument(help="Package file (YAML).", exists=True)],
    months: Annotated[str, typer.Option(help="Settled months: 2026-01 or 2026-01..2026-03.")],
    customer: Annotated[list[str] | None, typer.Option(help="Only this customer; repeatable.")] = None,
    contract: Annotated[list[str] | None, typer.Option(help="Only this contract; repeatable.")] = None,
    province: Annotated[str | None, typer.Option(help="Only this province; default: the package's.")] = None,
    given: Annotated[
        list[str] | None,
        typer.Option("--input", help="For all contracts: base=453, or a market series: ref=rt_unified."),
    ] = None,
    inputs: Annotated[
        Path | None, typer.Option(help="For single contracts (YAML or CSV; case = contract).", exists=True)
    ] = None,
    on: Annotated[str | None, typer.Option(help="Delivery day whose rules hold.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Contracts, months and totals as JSON.")] = False,
) -> None:
    """Reprice settled months under another package: who gains, who loses, what it does to the margin.

    Energy, prices and cost come from the warehouse; an input that it does not know is given with --input or
    --inputs, else the contract is listed as blocked. All settled retail lines are compared with all
    components of the package but charges passed on. Exit 0, blocked or not.

    Example: [cyan]wattledger package what-if sd_mixed.yml --months 2026-01..2026-03 --input ref=rt_unified[/]
    """
    with told_failures(PackageFileError, PackFileError, OptionError, OSError):
        packs = [BUILT_IN, *Settings.from_environment().rule_pack_folders]
        (package,) = read_packages([file], packs, day_of(on) if on else None)
        first, last = months_of(months)
        options = options_of(package, given or [])
        cases: list[Case] = read_cases(inputs, [package], by_month=True) if inputs else []
    home_province = _province(package, province)
    from orchestration.transform import TransformError, target_folder  # dbt takes seconds to import
    from orchestration.what_if import Ask, WhatIfError
    from orchestration.what_if import what_if as reprice

    ask = Ask(
        package,
        first,
        last,
        tuple(customer or ()),
        tuple(contract or ()),
        home_province,
        tuple(cases),
        options,
    )
    place = house()
    with told_failures(JobError, TransformError, WhatIfError):
        run_id = reprice(place.warehouse, target_folder(place.home), place.business_day, ask, ERR.print)
    found = read_what_if(place.engine("wl_ledger"), run_id)
    if json:
        print_json(
            {
                "run_id": run_id,
                "scope": found.scope,
                "total": found.total,
                "contracts": found.contracts,
                "months": found.months,
                "inputs": found.origins,
            }
        )
    else:
        _print(found, package)


def _province(package: Package, asked: str | None) -> str | None:
    """The province of the contracts: a package of one province is for its contracts only."""
    own = package.head.province
    if asked and own and asked != own:
        fail(f"--province {asked}: the package is for {own}. Remedy: leave --province out")
    return asked or own


def _print(found: WhatIf, package: Package) -> None:
    head = package.head
    title = f"{head.package} {head.version}: {head.title.zh} / {head.title.en}"
    table = Table("contract", "customer", "months", *_COLUMNS, "gains", title=title)
    for row in found.contracts:
        shown = [str(row[name]) for name in _COLUMNS]
        table.add_row(row["contract_id"], row["customer_name"], str(row["months"]), *shown, row["gains"])
    OUT.print(table)
    total = found.total
    lines = [
        f"{total['contracts']} contracts: now {total['now_cny'] or 0}, what-if {total['what_if_cny'] or 0}, "
        f"difference {total['difference_cny'] or 0} yuan",
        f"{total['customers_gain']} customers gain {total['customers_gain_cny']}; "
        f"the retailer gains at {total['retailer_gains']} {total['retailer_gains_cny']}; "
        f"{total['equal']} equal",
        f"retailer's margin: now {total['margin_now_cny'] or 0}, then {total['margin_then_cny'] or 0} yuan",
        f"scope: settled now: {found.scope['settled_components'] or 'nothing'}; "
        f"priced: {found.scope['priced_stages']} (charges passed on are left out)",
        "inputs: "
        + "; ".join(
            f"{one['name']} from {one['origin']} ({one['contract_months']})" for one in found.origins
        ),
    ]
    lines += [
        f"blocked {row['contract_id']} {row['delivery_month']:%Y-%m}: {row['blocked_by']}"
        for row in found.blocked
    ]
    for line in lines:
        OUT.print(line, markup=False, highlight=False, soft_wrap=True)
