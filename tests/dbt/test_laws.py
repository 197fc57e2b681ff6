"""Laws of settlement on random retailers: through the whole pipeline, then damage and repair."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingestion.intake import ingest_paths
from ingestion.market_rules import load_packs
from orchestration.warehouse import Warehouse
from tests.dbt.deliveries import (
    MASTER,
    METER_HEADER,
    PRICE_HEADER,
    SINCE,
    Row,
    meter_rows,
    shuffle_rows,
    thousandths,
    write_csv,
    write_pack,
    write_retailer,
)
from tests.dbt.pipeline import SETTLEMENT, checksum, rows, settle
from tests.dbt.recovery_reference import PACK as RECOVERIES
from tests.dbt.recovery_reference import recovery_lines
from tests.dbt.reference import (
    NANO_PER_FEN,
    retail_lines,
    two_settlement_nano,
    wholesale_lines,
    wholesale_shares,
)
from tests.dbt.retailer import DAYS, MONTH, Retailer, random_retailer
from tests.dbt.warm import run_warm

pytestmark = pytest.mark.integration

BUSINESS_DATE = DAYS[-1].replace(month=3, day=10)
DAY = DAYS[11]
SETTLED = tuple(f"marts_settlement.settlement_{name}" for name in ("line", "margin", "month"))


def _retailers(seed: int) -> list[Retailer]:
    return [
        random_retailer(seed, "law_da", "difference", "da_unified"),
        random_retailer(seed, "law_two", "two_settlement", "rt_unified"),
        random_retailer(seed + 1, "law_rt", "difference", "rt_unified"),
        random_retailer(seed + 1, "law_shuffled", "difference", "rt_unified"),
    ]


def test_settlement__holds_its_laws_through_damage_and_repair(
    warehouse: Warehouse, dbt_target: Path, tmp_path: Path
) -> None:
    retailers, engine = _retailers(20260201), warehouse.admin
    for retailer in retailers:
        write_retailer(tmp_path / "first", retailer)
        write_pack(tmp_path / "packs", retailer, RECOVERIES)
    shuffle_rows(tmp_path / "first" / "law_shuffled", 7)
    load_packs(engine, [tmp_path / "packs"])
    _land(engine, tmp_path / "first")
    months = {retailer.province: [MONTH] for retailer in retailers}
    settle(warehouse, dbt_target, BUSINESS_DATE, months)
    for retailer in retailers:
        _agrees_with_reference(engine, retailer)
    _two_settlement_is_the_difference_form(engine, retailers)
    _order_of_lines_changes_nothing(engine)
    settled = checksum(engine, SETTLED)

    _land(engine, _mistake(tmp_path / "mistake", retailers))
    settle(warehouse, dbt_target, BUSINESS_DATE, months, *SETTLEMENT)
    _mistake_is_named(engine, retailers)

    _land(engine, _correct(tmp_path / "corrected", retailers))
    _land(engine, _damage(tmp_path / "damage", retailers))
    settle(warehouse, dbt_target, BUSINESS_DATE, months, *SETTLEMENT)
    _damage_is_named(engine)

    _land(engine, _repair(tmp_path / "repair", retailers))
    # a run that is killed after its first step leaves the head ahead of everything else
    run_warm(
        ["run", "--quiet", "--select", "stg_meter_day"], url=warehouse.url("wl_transform"), target=dbt_target
    )
    settle(warehouse, dbt_target, BUSINESS_DATE, months)
    assert checksum(engine, SETTLED) == settled

    healed = checksum(engine, _marts(engine))
    settle(warehouse, dbt_target, BUSINESS_DATE, months, "--full-refresh", tested=False)
    assert checksum(engine, _marts(engine)) == healed
    settle(warehouse, dbt_target, BUSINESS_DATE, months, tested=False)
    assert checksum(engine, _marts(engine)) == healed


def _marts(engine: sa.Engine) -> list[str]:
    query = """
        select schemaname || '.' || relname as name from (
            select schemaname, tablename as relname from pg_tables
            union all
            select schemaname, viewname from pg_views
        ) as relations
        where schemaname like 'marts%'
    """
    return sorted(row["name"] for row in rows(engine, query))


def _land(engine: sa.Engine, folder: Path) -> None:
    reports = ingest_paths(engine, [folder])
    assert [r.message for report in reports for r in report.refusals] == []


def _fen(amount: Decimal) -> int:
    return int(amount * 100)


def _agrees_with_reference(engine: sa.Engine, retailer: Retailer) -> None:
    """Every line and every share equals the yardstick, and totals add lines."""
    query = "select * from marts_settlement.settlement_line where province = :province"
    lines = rows(engine, query, province=retailer.province)
    assert {
        (line["contract_id"], line["account_id"], line["tou_period"]): (
            int(line["quantity_mwh"] * 1000),
            _fen(line["amount_cny"]),
        )
        for line in lines
        if line["side"] == "retail"
    } == retail_lines(retailer)
    wholesale = {line["component"]: _fen(line["amount_cny"]) for line in lines if line["side"] == "wholesale"}
    assert wholesale == wholesale_lines(retailer)
    recovery = {line["component"]: _fen(line["amount_cny"]) for line in lines if line["side"] == "recovery"}
    assert recovery == recovery_lines(retailer)
    assert recovery["recovery_short"] > 0

    query = "select * from marts_settlement.settlement_margin where province = :province"
    margins = rows(engine, query, province=retailer.province)
    shares = {margin["contract_id"]: _fen(margin["wholesale_cny"]) for margin in margins}
    assert shares == wholesale_shares(retailer)
    assert sum(shares.values()) == sum(wholesale.values())
    assert sum(_fen(margin["recovery_cny"]) for margin in margins) == sum(recovery.values())

    query = "select * from marts_settlement.settlement_month where province = :province"
    (month,) = rows(engine, query, province=retailer.province)
    assert _fen(month["retail_cny"]) == sum(fen for _, fen in retail_lines(retailer).values())
    assert _fen(month["wholesale_cny"]) == sum(wholesale.values())
    assert month["margin_cny"] == month["retail_cny"] - month["wholesale_cny"] - month["recovery_cny"]


def _two_settlement_is_the_difference_form(engine: sa.Engine, retailers: list[Retailer]) -> None:
    """Against the day-ahead price the two forms are one (domain §4.1), up to the rounding of three lines."""
    query = "select province, wholesale_cny from marts_settlement.settlement_month"
    totals = {row["province"]: _fen(row["wholesale_cny"]) for row in rows(engine, query)}
    exact = two_settlement_nano(retailers[0])
    for province in ("law_da", "law_two"):
        assert abs(totals[province] * NANO_PER_FEN - exact) <= 3 * NANO_PER_FEN // 2


def _order_of_lines_changes_nothing(engine: sa.Engine) -> None:
    query = """
        select side, replace(contract_id, province, ''), replace(account_id, province, ''), component,
            tou_period, amount_cny
        from marts_settlement.settlement_line where province = :province order by 1, 2, 3, 4, 5
    """
    assert rows(engine, query, province="law_shuffled") == rows(engine, query, province="law_rt")


def _contract_row(retailer: Retailer, contract_id: str, province: str, first: date, last: date) -> Row:
    contract = retailer.contracts[0]
    customer = f"{contract.contract_id}-k"
    return (contract_id, customer, province, contract.package_type, SINCE, first, last)


def _mistake(folder: Path, retailers: list[Retailer]) -> Path:
    """A contract of the first province in a misspelt one, and one of the second without any account."""
    da, two, *_ = retailers
    contracts = [
        _contract_row(da, da.contracts[0].contract_id, "law_ad", MONTH, DAYS[-1]),
        _contract_row(two, "law_two-bare", two.province, DAY, DAY),
    ]
    write_csv(folder / "contract-mistaken.csv", MASTER["contract"].split(","), contracts)
    return folder


def _mistake_is_named(engine: sa.Engine, retailers: list[Retailer]) -> None:
    """The misspelt contract blocks every month, the other its own; nobody is left out of a settlement."""
    query = """
        select province, blocker_kind, object_id, delivery_on, file_name, line_no, field
        from marts_settlement.settlement_blocker order by province, blocker_kind
    """
    misspelt, file = retailers[0].contracts[0].contract_id, "contract-mistaken.csv"
    assert [tuple(row.values()) for row in rows(engine, query)] == [
        ("law_da", "rule_missing", misspelt, None, file, 2, "province"),
        ("law_rt", "rule_missing", misspelt, None, file, 2, "province"),
        ("law_shuffled", "rule_missing", misspelt, None, file, 2, "province"),
        ("law_two", "contract_without_account", "law_two-bare", DAY, file, 3, "account_id"),
        ("law_two", "rule_missing", misspelt, None, file, 2, "province"),
    ]
    for relation in SETTLED:
        assert rows(engine, f"select * from {relation}") == []


def _correct(folder: Path, retailers: list[Retailer]) -> Path:
    """The province as it was at first, and the contract without an account moved out of the month."""
    da, two, *_ = retailers
    contracts = [
        _contract_row(da, da.contracts[0].contract_id, da.province, MONTH, DAYS[-1]),
        _contract_row(two, "law_two-bare", two.province, SINCE, SINCE),
    ]
    write_csv(folder / "contract-corrected.csv", MASTER["contract"].split(","), contracts)
    return folder


def _damage(folder: Path, retailers: list[Retailer]) -> Path:
    """A price without one slot, and a meter day without one slot, which the whole one before it outranks."""
    da, _, rt, _ = retailers
    price = [da.province, "rt_unified", DAY, *map(thousandths, da.prices["rt_unified"][DAY])]
    price[3 + 40] = ""
    write_csv(folder / "market_price_day-damaged.csv", PRICE_HEADER, [price])
    point = rt.contracts[0].accounts[0].points[0]
    meter = meter_rows(point, [DAY])[0]
    meter[3 + 50] = ""
    write_csv(folder / "meter_day-damaged.csv", METER_HEADER, [meter])
    return folder


def _damage_is_named(engine: sa.Engine) -> None:
    """The month without a price is blocked by name, file and line; the other provinces stay settled."""
    query = """
        select province, blocker_kind, object_id, delivery_on, slot, file_name, line_no, field
        from marts_settlement.settlement_blocker order by province
    """
    assert [tuple(row.values()) for row in rows(engine, query)] == [
        ("law_da", "price_missing", "rt_unified", DAY, 41, "market_price_day-damaged.csv", 2, "p41"),
    ]
    for relation in SETTLED:
        assert rows(engine, f"select distinct province from {relation} order by province") == [
            {"province": "law_rt"},
            {"province": "law_shuffled"},
            {"province": "law_two"},
        ]


def _repair(folder: Path, retailers: list[Retailer]) -> Path:
    """The damaged records as they were at first."""
    da, _, rt, _ = retailers
    price = [da.province, "rt_unified", DAY, *map(thousandths, da.prices["rt_unified"][DAY])]
    write_csv(folder / "market_price_day-repaired.csv", PRICE_HEADER, [price])
    point = rt.contracts[0].accounts[0].points[0]
    write_csv(folder / "meter_day-repaired.csv", METER_HEADER, meter_rows(point, [DAY])[:1])
    return folder
