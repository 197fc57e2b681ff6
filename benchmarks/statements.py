"""Statements of many customers: made-up marts in a scratch warehouse, read and written by the real export.

The clock runs from the first query to the last file: XLSX by customer, the tables of all as CSV. Not counted:
making the marts, starting the interpreter; counted: starting the writers' processes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from orchestration.exports.marts import STATEMENTS
from orchestration.exports.statement_files import write_statements
from orchestration.exports.statements import read_statements
from orchestration.exports.writers import write_csv

MONTH: Final = date(2026, 9, 1)
BUDGET: Final = 50.0
"""Statements a second in XLSX and CSV (issue 5)."""
EXPONENT_BUDGET: Final = 1.15
"""Upper bound of b in seconds = a · customers^b between the two sizes."""

# every customer has a contract of two accounts under five periods, and every tenth a second one
_CONTRACTS: Final = """
create table marts_settlement.settlement_statement_contract as
select
    'shandong'::text as province, '山东'::text as province_name,
    cast(:month as date) as delivery_month,
    'K' || n || '-' || k as contract_id, 'C' || lpad(n::text, 6, '0') as customer_id,
    '基准客户' || n as customer_name, 'Bench customer ' || n as customer_name_en,
    null::text as manager_username,
    date '2026-01-01' as effective_from, date '2026-12-31' as effective_to,
    'tou_fixed'::text as package_type,
    'bench'::text as package_id, '1'::text as package_version, md5('bench') as package_hash,
    '分时套餐'::text as package_title_zh, 'Time of use'::text as package_title_en,
    '2026.2'::text as pack_versions,
    md5('pack') || md5('pack') as pack_hashes, 2 as accounts, 2 as metering_points,
    100.000::numeric(16, 3) as energy_mwh, 12 as lines, 0.00::numeric(16, 2) as amount_cny,
    0.00::numeric(16, 2) as net_cny, 0.00::numeric(16, 2) as vat_cny, false as is_illustrative
from generate_series(1, :customers) as n
cross join lateral generate_series(1, case when n % 10 = 0 then 2 else 1 end) as k
"""
_LINES: Final = """
create table marts_settlement.settlement_statement_line as
select
    md5(contracts.contract_id || account || period) as line_id, contracts.province,
    contracts.delivery_month, 'retail'::text as side, contracts.contract_id,
    contracts.contract_id || '-A' || account as account_id, contracts.customer_id,
    periods.stage, periods.stage as stage_zh, periods.stage as stage_en, periods.stage_place,
    'tou'::text as component, '分时电价'::text as title_zh, 'time-of-use price'::text as title_en,
    1 as component_place, period as tou_period, periods.place as period_place,
    stage = 'energy' as counts_energy,
    10.125::numeric(16, 3) as quantity_mwh, price::numeric(12, 3) as price_cny_per_mwh,
    price::numeric(12, 3) as average_price_cny_per_mwh,
    round(10.125 * price, 2)::numeric(16, 2) as amount_cny,
    0.13::numeric(5, 4) as vat_rate, round(round(10.125 * price, 2) / 1.13, 2)::numeric(16, 2) as net_cny,
    (round(10.125 * price, 2) - round(round(10.125 * price, 2) / 1.13, 2))::numeric(16, 2) as vat_cny,
    false as is_illustrative, contracts.delivery_month as origin_month, null::text as reason_code
from marts_settlement.settlement_statement_contract as contracts
cross join generate_series(1, 2) as account
cross join (
    values
    ('sharp', 1, 'energy', 1, 537.1), ('peak', 2, 'energy', 1, 480.2), ('flat', 3, 'energy', 1, 407.3),
    ('valley', 4, 'energy', 1, 317.4), ('deep_valley', 5, 'energy', 1, 268.5), ('all', 0, 'deviation', 3, 20)
) as periods (period, place, stage, stage_place, price)
"""
_SUMS: Final = """
update marts_settlement.settlement_statement_contract as contracts
set amount_cny = sums.amount_cny, net_cny = sums.net_cny, vat_cny = sums.vat_cny
from (
    select contract_id, sum(amount_cny) as amount_cny, sum(net_cny) as net_cny, sum(vat_cny) as vat_cny
    from marts_settlement.settlement_statement_line group by contract_id
) as sums
where contracts.contract_id = sums.contract_id
"""
_POINTS: Final = """
create table marts_settlement.settlement_statement_point as
select distinct
    province, delivery_month, contract_id, customer_id, account_id, account_id || '-P' as metering_point_id,
    account_id || '-M' as meter_ids, date '2026-09-01' as from_on, date '2026-09-30' as to_on, 30 as days,
    50.625::numeric(16, 3) as energy_mwh
from marts_settlement.settlement_statement_line
"""


@dataclass(frozen=True)
class Issued:
    """What it took to issue the statements of a size.

    ``cpu`` is the processor's time of XLSX and CSV, in all processes: what a crowded machine does not change
    much. ``pdf`` is statements a second, of a sample.
    """

    customers: int
    lines: int
    xlsx: float
    csv: float
    cpu: float
    pdf: float | None = None

    @property
    def seconds(self) -> float:
        """XLSX and CSV together."""
        return self.xlsx + self.csv

    @property
    def per_second(self) -> float:
        """Statements a second in XLSX and CSV."""
        return self.customers / self.seconds


def exponent(sizes: Sequence[Issued]) -> float:
    """b of seconds = a · customers^b of the two largest sizes."""
    small, large = sorted(sizes, key=lambda one: one.customers)[-2:]
    return log(large.seconds / small.seconds) / log(large.customers / small.customers)


def make_marts(engine: sa.Engine, customers: int) -> None:
    """Statement marts of so many customers."""
    with engine.begin() as connection:
        connection.execute(sa.text("create schema marts_settlement"))
        connection.execute(sa.text(_CONTRACTS), {"month": MONTH, "customers": customers})
        for statement in (_LINES, _SUMS, _POINTS):
            connection.execute(sa.text(statement))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("analyze"))


def measure_statements(engine: sa.Engine, customers: int, folder: Path, pdfs: int = 0) -> Issued:
    """Issue the statements of ``customers`` customers into ``folder``, and ``pdfs`` of them as PDF."""
    make_marts(engine, customers)
    before = _cpu()
    with engine.connect() as connection:
        xlsx, lines = _issued(connection, customers, folder / "xlsx", "xlsx")
        start = time.perf_counter()
        for sheet in STATEMENTS:
            rows = sheet.rows(connection, {"month": MONTH})
            write_csv(folder / f"{sheet.stem}.csv", sheet, rows, "zh")
        csv = time.perf_counter() - start
        cpu = _cpu() - before
        pdf = pdfs / _issued(connection, pdfs, folder / "pdf", "pdf")[0] if pdfs else None
    return Issued(customers, lines, xlsx, csv, cpu, pdf)


def _cpu() -> float:
    """Processor seconds of this process and of its children that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _issued(connection: sa.Connection, customers: int, folder: Path, form: str) -> tuple[float, int]:
    """Seconds and lines of the first ``customers`` customers' statements."""
    folder.mkdir()
    numbers = [f"C{number:06d}" for number in range(1, customers + 1)]
    start = time.perf_counter()
    found = read_statements(connection, MONTH, numbers)
    written = write_statements(folder, found, customers, [form], "zh", lambda done: None)
    seconds = time.perf_counter() - start
    if len(written) != customers:
        raise RuntimeError(f"{len(written)} of {customers} statements were written")
    return seconds, sum(file.rows for file in written)
