"""Statements of the sample: their own sums, and exactly the slips that are told."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from ingestion.readers import read_workbook
from ingestion.sample.config import month_days
from ingestion.sample.deliveries import World
from ingestion.sample.statements import (
    ACCOUNTS_OF,
    BEFORE_CORRECTION,
    MONTH,
    UNANNOUNCED,
    WRONG_BY_MILLI,
    WRONG_PRICE,
)
from ingestion.sample.writer import Delivery


def named(deliveries: list[Delivery], name: str) -> Delivery:
    return next(d for d in deliveries if d.file_name == name)


def rows(deliveries: list[Delivery], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(named(deliveries, name).content.decode())))


@pytest.fixture
def grid_lines(deliveries: list[Delivery]) -> list[dict[str, str]]:
    sheet = read_workbook(named(deliveries, "grid-statement-2026-09.xlsx").content)["grid_statement"]
    return [dict(zip(sheet.header, row, strict=True)) for row in sheet.cells.tolist()]


def test_grid_statement__has_only_the_slips_that_are_told(
    world: World, grid_lines: list[dict[str, str]]
) -> None:
    regular = [line for line in grid_lines if line["line_kind"] == "regular"]
    assert len(regular) == len(ACCOUNTS_OF)
    for number, line in zip(ACCOUNTS_OF, regular, strict=True):
        point = next(p for p in world.points if p.customer.number == number)
        contract = next(c for c in world.contracts if c.account_id == point.account_id)
        true_kwh = (int(point.net_wh()[list(month_days(MONTH))].sum()) + 500) // 1000
        kwh, price = int(line["quantity_kwh"]), Decimal(line["price_cny_per_kwh"])
        assert (kwh < true_kwh) if number == BEFORE_CORRECTION else (kwh == true_kwh)
        slip = WRONG_BY_MILLI if number == WRONG_PRICE else 0
        assert price * 1_000_000 == contract.prices["all"] + slip
        assert Decimal(line["amount_cny"]) == round(kwh * price, 2)
    (correction,) = (line for line in grid_lines if line["line_kind"] == "correction")
    assert correction["subject_id"] == f"3700{UNANNOUNCED:04d}01"


def test_centre_statement__leaves_out_one_item_of_those_listed(deliveries: list[Delivery]) -> None:
    stated = {row["item"]: row for row in rows(deliveries, "centre_statement-2026-09.csv")}
    listed = {row["item_name"]: row for row in rows(deliveries, "market_item-2026-09.csv")}
    assert listed.keys() - stated.keys() == {"调频辅助服务费用"}
    energy_items = {"实时电能量电费", "日前市场差价电费", "中长期合约差价电费"}
    assert energy_items <= stated.keys() - listed.keys() <= energy_items | {"月末电量差电费"}
    running = stated["市场运行费用"]
    assert Decimal(running["amount_cny"]) == round(Decimal(running["quantity_mwh"]) * Decimal("0.120"), 2)
    assert Decimal(stated["偏差收益回收返还"]["amount_cny"]) < 0
    energy = stated["实时电能量电费"]
    mean = Decimal(energy["amount_cny"]) / Decimal(energy["quantity_mwh"])
    assert abs(mean - Decimal(energy["mean_price_cny_per_mwh"])) < Decimal("0.001")
