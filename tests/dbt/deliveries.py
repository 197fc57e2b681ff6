"""A retailer's month as the files and the rule pack that the pipeline takes in."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from tests.dbt.retailer import DAYS, HOURS, MONTH, PERIODS, SLOTS, Point, Retailer

Row = Sequence[object]

METER_HEADER = ("metering_point_id", "channel", "delivery_on", *SLOTS)
PRICE_HEADER = ("province", "price_series", "delivery_on", *SLOTS)
SINCE = date(2026, 1, 1)
MASTER: dict[str, str] = {
    "customer": "customer_id,effective_from,customer_name",
    "account": ("account_id,effective_from,customer_id,voltage_level,tariff_class,capacity_kva,pf_standard"),
    "metering_point": "metering_point_id,effective_from,account_id,meter_id,ct_ratio,pt_ratio,net_rule",
    "contract": ("contract_id,customer_id,province,package_type,signed_on,effective_from,effective_to"),
    "contract_account": "contract_id,account_id,effective_from",
    "contract_price": "contract_id,component,period,price_cny_per_mwh",
}
TRADE_HEADER = ("trade_id", "delivery_on", "province", "product", "side", "price_cny_per_mwh", *HOURS)
PACK = """\
province: {province}
version: "1"
effective_from: 2026-01-01
effective_to: 2026-12-31
status: sourced
sources:
  - {{id: tests, name: an invented province, tag: G}}
settlement:
  form: {{value: {form}, confidence: G}}
  reference_point: {{value: {reference}, confidence: G}}
  vat_rate: {{value: 0.13, confidence: G}}
  mid_month_change: {{value: split_by_day, confidence: G}}
tou:
  schedule:
    confidence: G
    value:
      - months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
        periods:
{periods}
"""


def thousandths(value: int) -> str:
    """A whole number of thousandths as a decimal with three places."""
    return f"{'-' if value < 0 else ''}{abs(value) // 1000}.{abs(value) % 1000:03d}"


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Row]) -> Path:
    """A delivery; returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def meter_rows(point: Point, days: Sequence[date]) -> list[list[object]]:
    """Lines of feed meter_day for a point."""
    channels = {"active_import": point.imported}
    if point.exported:
        channels["active_export"] = point.exported
    return [
        [point.point_id, channel, day, *map(thousandths, curves[day])]
        for day in days
        for channel, curves in channels.items()
    ]


def write_retailer(folder: Path, retailer: Retailer) -> None:
    """All deliveries of the retailer, one file per feed."""
    folder = folder / retailer.province
    for feed, rows in _master_rows(retailer).items():
        write_csv(folder / f"{feed}.csv", MASTER[feed].split(","), rows)
    points = [point for c in retailer.contracts for account in c.accounts for point in account.points]
    write_csv(folder / "meter_day.csv", METER_HEADER, [r for p in points for r in meter_rows(p, DAYS)])
    ahead = [(retailer.province, day, *map(thousandths, h)) for day, h in retailer.day_ahead.items()]
    write_csv(folder / "day_ahead_day.csv", ("province", "delivery_on", *HOURS), ahead)
    write_csv(folder / "trade_day.csv", TRADE_HEADER, _trade_rows(retailer))
    prices = [
        (retailer.province, series, day, *map(thousandths, curve))
        for series, days in retailer.prices.items()
        for day, curve in days.items()
    ]
    write_csv(folder / "market_price_day.csv", PRICE_HEADER, prices)


def shuffle_rows(folder: Path, seed: int) -> None:
    """The same deliveries with their lines in another order."""
    draw = random.Random(seed)
    for path in sorted(folder.glob("*.csv")):
        header, *lines = path.read_text(encoding="utf-8").splitlines()
        draw.shuffle(lines)
        path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


def _trade_rows(retailer: Retailer) -> list[Row]:
    rows: list[Row] = []
    for trade in retailer.trades:
        side, price = "buy" if trade.sign > 0 else "sell", thousandths(trade.price)
        for day, hours in trade.hours.items():
            head = (trade.trade_id, day, retailer.province, "rolling", side, price)
            rows.append((*head, *map(thousandths, hours)))
    return rows


def _master_rows(retailer: Retailer) -> dict[str, list[Row]]:
    """Customers, accounts, points and contracts; each contract has a customer of its own."""
    rows: dict[str, list[Row]] = {feed: [] for feed in MASTER}
    for contract in retailer.contracts:
        contract_id, customer = contract.contract_id, f"{contract.contract_id}-k"
        rows["customer"].append((customer, SINCE, f"客户 {customer}"))
        rows["contract"].append(
            (contract_id, customer, retailer.province, contract.package_type, SINCE, MONTH, DAYS[-1])
        )
        for period, price in contract.prices.items():
            rows["contract_price"].append((contract_id, "energy", period, thousandths(price)))
        for account in contract.accounts:
            account_id = account.account_id
            rows["account"].append((account_id, SINCE, customer, "10kV", "single", 100, "0.90"))
            rows["contract_account"].append((contract_id, account_id, MONTH))
            for point in account.points:
                rule = "import_minus_export" if point.exported else "import_only"
                rows["metering_point"].append((point.point_id, SINCE, account_id, "meter", 1, 1, rule))
    return rows


def write_pack(folder: Path, retailer: Retailer, more: str = "") -> None:
    """The rule pack of the retailer's province; ``more`` holds further sections."""
    hours = {period: [h for h in range(24) if retailer.periods[h] == period] for period in PERIODS}
    lines = [
        f"          {period}: [" + ", ".join(f'"{h:02d}:00-{h + 1:02d}:00"' for h in those) + "]"
        for period, those in hours.items()
        if those
    ]
    path = folder / retailer.province / "2026-01-01.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = PACK.format(
        province=retailer.province,
        form=retailer.form,
        reference=retailer.reference,
        periods="\n".join(lines),
    )
    path.write_text(text + more, encoding="utf-8")
