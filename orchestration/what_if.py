"""What-if: contract-months of the warehouse priced under another package, compared with what is settled.

Cases and inputs are made by SQL from the marts; what the marts do not know is given. Nothing is computed
here. By contract-month and input, the file goes before the options, and these before the warehouse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from ingestion.contract_templates import Case, Package, land_packages
from ingestion.contract_templates.inputs import ENERGY, HOURLY
from orchestration.ops_tables import PRICING_INPUT
from orchestration.pricing import SELECTION
from orchestration.runs import BusinessDay, writing_marts
from orchestration.transform import run_dbt
from orchestration.warehouse import Warehouse
from orchestration.what_if_request import division_of

Row = dict[str, Any]
_CASES: Final = """
    insert into ops.pricing_case (run_id, case_id, package_hash, delivery_month, contract_id)
    select cast(:run_id as bigint), contract_id || '/' || to_char(delivery_month, 'YYYY-MM'), :package_hash,
        delivery_month, contract_id
    from marts_sales.sales_contract_month
    where delivery_month between :first and :last
        and (cast(:province as text) is null or province = :province)
        and (cast(:customers as text[]) is null or customer_id = any(cast(:customers as text[])))
        and (cast(:contracts as text[]) is null or contract_id = any(cast(:contracts as text[])))
"""
_FOUND: Final = """
    select distinct cases.contract_id, months.customer_id
    from ops.pricing_case as cases
    join marts_sales.sales_contract_month as months using (contract_id, delivery_month)
    where cases.run_id = :run_id
"""
_ABSENT: Final = """
    not exists (
        select 1 from ops.pricing_input as known
        where known.run_id = cases.run_id and known.case_id = cases.case_id and known.name = {name}
    )
"""
_OPTION: Final = f"""
    insert into ops.pricing_input (run_id, case_id, name, period, value, origin)
    select cases.run_id, cases.case_id, :name, 'all', :value, 'option'
    from ops.pricing_case as cases where cases.run_id = :run_id and {_ABSENT.format(name=":name")}
"""
_KNOWN: Final = """
    insert into ops.pricing_input (run_id, case_id, name, period, account_id, value, origin)
    select cases.run_id, cases.case_id, {name}, found.period, found.account_id, found.input_value, '{origin}'
    from ops.pricing_case as cases
    join marts_sales.sales_pricing_input as found using (contract_id, delivery_month)
    where cases.run_id = :run_id and found.delivery_month between :first and :last
        and found.name = any(cast(:sources as text[])) and found.division = any(cast(:divisions as text[]))
        and {absent}
"""
_SERIES: Final = _KNOWN.format(name=":name", origin="series", absent=_ABSENT.format(name=":name"))
_WAREHOUSE: Final = _KNOWN.format(
    name="found.name", origin="warehouse", absent=_ABSENT.format(name="found.name")
)


class WhatIfError(ValueError):
    """Nothing to reprice, or a name that is not there; the message says what there is."""


@dataclass(frozen=True)
class Ask:
    """Which contract-months, under which package; ``options``: input to number or market series."""

    package: Package
    first: date
    last: date
    customers: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()
    province: str | None = None
    given: tuple[Case, ...] = ()
    options: Mapping[str, Decimal | str] = field(default_factory=dict)


def what_if(
    warehouse: Warehouse, target: Path, business_day: BusinessDay, ask: Ask, on_wait: Callable[[str], None]
) -> int:
    """Price and compare in one pass; the run's id. ``target`` is dbt's target folder.

    Raises WhatIfError when nothing fits the selection, TransformError when dbt fails.
    """
    ingest, ledger = warehouse.engine("wl_ingest"), warehouse.engine("wl_ledger")
    try:
        land_packages(ingest, [ask.package])
        with writing_marts(ledger, "pricing", business_day, on_wait) as run:
            with ledger.begin() as connection:
                _request(connection, run.run_id, ask)
            run_dbt(
                ["run", "--quiet", *SELECTION, "tag:what_if"],
                url=warehouse.url("wl_transform"),
                target=target,
                pgoptions=run.pgoptions,
            )
        return run.run_id
    finally:
        ingest.dispose()
        ledger.dispose()


def _request(connection: sa.Connection, run_id: int, ask: Ask) -> None:
    """Cases, then inputs by precedence: what is there already stays."""
    if connection.scalar(sa.text("select to_regclass('marts_sales.sales_pricing_input')")) is None:
        raise WhatIfError("nothing is settled here yet. Remedy: wattledger settle --month YYYY-MM")
    span = {"run_id": run_id, "first": ask.first, "last": ask.last}
    made = connection.execute(
        sa.text(_CASES),
        span
        | {
            "package_hash": ask.package.package_hash,
            "province": ask.province,
            "customers": list(ask.customers) or None,
            "contracts": list(ask.contracts) or None,
        },
    )
    _refuse_strangers(connection, run_id, ask, made.rowcount)
    _give(connection, run_id, ask.given)
    _refuse_unknown_series(connection, ask)
    for name, value in ask.options.items():
        if isinstance(value, Decimal):
            connection.execute(sa.text(_OPTION), span | {"name": name, "value": value})
        else:
            series = {"name": name, "sources": [f"series_{value}"], "divisions": ["none"]}
            connection.execute(sa.text(_SERIES), span | series)
    needed = ask.package.needed_inputs()
    others = [name for name in [*needed, "cost"] if name not in (ENERGY, HOURLY)]
    wanted = [(others, ["none"]), ([ENERGY], [division_of(ask.package)])]
    if HOURLY in needed:
        wanted.append(([HOURLY], ["hour"]))
    for sources, divisions in wanted:
        connection.execute(sa.text(_WAREHOUSE), span | {"sources": sources, "divisions": divisions})


def _refuse_strangers(connection: sa.Connection, run_id: int, ask: Ask, made: int) -> None:
    """Names of the request that no contract-month answers to."""
    found = connection.execute(sa.text(_FOUND), {"run_id": run_id}).all()
    span = f"{ask.first:%Y-%m} to {ask.last:%Y-%m}"
    where = f" in {ask.province}" if ask.province else ""
    for what, names, known in (
        ("contract", ask.contracts, {row.contract_id for row in found}),
        ("customer", ask.customers, {row.customer_id for row in found}),
    ):
        if strangers := sorted(set(names) - known):
            raise WhatIfError(
                f"{what} {', '.join(strangers)} has neither energy nor a quantity in {span}{where}. Remedy: "
                f"wattledger sql 'select distinct {what}_id, province from marts_sales.sales_contract_month'"
            )
    if not made:
        raise WhatIfError(f"no contract has energy or a quantity in {span}{where}. Remedy: other --months")


def _refuse_unknown_series(connection: sa.Connection, ask: Ask) -> None:
    """A misspelled series would only show as an input that every contract lacks."""
    asked = {value for value in ask.options.values() if isinstance(value, str)}
    query = sa.text("select distinct price_series from landing.market_price_day order by 1")
    known = list(connection.scalars(query)) if asked else []
    if strangers := sorted(asked - set(known)):
        raise WhatIfError(f"no market series {', '.join(strangers)}; there are: {', '.join(known) or 'none'}")


def _give(connection: sa.Connection, run_id: int, given: Sequence[Case]) -> None:
    """The inputs of the file, each at its contract-month."""
    query = sa.text("select case_id from ops.pricing_case where run_id = :run_id")
    known = set(connection.scalars(query, {"run_id": run_id}))
    of_case = {f"{case.case_id}/{case.month:%Y-%m}": case for case in given}
    if strangers := sorted(of_case.keys() - known):
        raise WhatIfError(
            f"the file gives inputs of {', '.join(strangers)}, which is not repriced. "
            "Remedy: case = a contract of the selection, month = one of --months"
        )
    rows = [
        {"run_id": run_id, "case_id": case_id, "name": one.name, "period": one.period, "value": one.value}
        for case_id, case in of_case.items()
        for one in case.inputs
    ]
    if rows:
        connection.execute(PRICING_INPUT.insert(), [row | {"origin": "file"} for row in rows])
