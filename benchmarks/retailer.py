"""A made-up retailer with as many points as a bench wants: its deliveries and its rule pack.

Belongs here: what the real intake takes in before a clock starts. Curves are of ``benchmarks.curves``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.curves import SLOT_COLUMNS, Curves

SEED: Final = 20260902
PERIODS: Final = {"sharp": 612, "peak": 537, "flat": 412, "valley": 318, "deep_valley": 268}
"""Price of each period, yuan/MWh."""

_SINCE: Final = date(2026, 1, 1)
_HOURS: Final = tuple(f"h{hour:02d}" for hour in range(1, 25))
_PACK: Final = """\
province: {province}
version: "1"
effective_from: 2026-01-01
effective_to: 2026-12-31
status: sourced
sources:
  - {{id: bench, name: an invented province, tag: G}}
settlement:
  form: {{value: difference, confidence: G}}
  reference_point: {{value: da_unified, confidence: G}}
  vat_rate: {{value: 0.13, confidence: G}}
  mid_month_change: {{value: split_by_day, confidence: G}}
tou:
  schedule:
    confidence: G
    value:
      - months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
        periods:
          sharp: ["17:00-19:00"]
          peak: ["16:00-17:00", "19:00-22:00"]
          flat: ["00:00-09:00", "22:00-24:00"]
          valley: ["09:00-11:00", "14:00-16:00"]
          deep_valley: ["11:00-14:00"]
"""


def write_master_data(
    folder: Path, curves: Curves, province: str, points_per_contract: int, package_type: str
) -> None:
    """Customers, accounts, points and contracts for every point of ``curves``."""
    owners = [number // points_per_contract for number in range(len(curves.points))]
    known = sorted(set(owners))
    last = curves.days[-1].replace(day=28) + timedelta(days=10)
    feeds: dict[str, tuple[str, Iterable[Sequence[object]]]] = {
        "customer": (
            "customer_id,effective_from,customer_name",
            ([f"K{n}", _SINCE, f"Customer {n}"] for n in known),
        ),
        "account": (
            "account_id,effective_from,customer_id,voltage_level,tariff_class,capacity_kva,pf_standard",
            ([f"A{n}", _SINCE, f"K{n}", "10kV", "single", 100, "0.90"] for n in known),
        ),
        "contract": (
            "contract_id,customer_id,province,package_type,signed_on,effective_from,effective_to",
            ([f"C{n}", f"K{n}", province, package_type, _SINCE, _SINCE, last] for n in known),
        ),
        "contract_account": (
            "contract_id,account_id,effective_from",
            ([f"C{n}", f"A{n}", _SINCE] for n in known),
        ),
        "metering_point": (
            "metering_point_id,effective_from,account_id,meter_id,ct_ratio,pt_ratio,net_rule",
            (
                [point, _SINCE, f"A{owner}", f"M{point}", 1, 1, "import_only"]
                for point, owner in zip(curves.points, owners, strict=True)
            ),
        ),
    }
    for feed, (header, rows) in feeds.items():
        write_csv(folder / f"{feed}.csv", header.split(","), rows)


def write_market(folder: Path, curves: Curves, province: str, contracts: int) -> None:
    """What a settlement needs besides: contract prices, market prices, day-ahead quantities, a trade."""
    draw = np.random.default_rng(SEED)
    write_csv(
        folder / "contract_price.csv",
        ["contract_id", "component", "period", "price_cny_per_mwh"],
        (
            [f"C{n}", "energy", period, price + n % 7]
            for n in range(contracts)
            for period, price in PERIODS.items()
        ),
    )
    write_csv(
        folder / "market_price_day.csv",
        ["province", "price_series", "delivery_on", *SLOT_COLUMNS],
        (
            [province, series, day, *draw.integers(0, 800, 96).tolist()]
            for series in ("da_unified", "rt_unified")
            for day in curves.days
        ),
    )
    hourly = curves.wh.sum(axis=1, dtype=np.int64).reshape(len(curves.days), 24, 4).sum(axis=2) // 1_000_000
    write_csv(
        folder / "day_ahead_day.csv",
        ["province", "delivery_on", *_HOURS],
        ([province, day, *hours] for day, hours in zip(curves.days, hourly.tolist(), strict=True)),
    )
    write_csv(
        folder / "trade_day.csv",
        ["trade_id", "delivery_on", "province", "product", "side", "price_cny_per_mwh", *_HOURS],
        (
            ["T1", day, province, "rolling", "buy", 380, *(hour * 9 // 10 for hour in hours)]
            for day, hours in zip(curves.days, hourly.tolist(), strict=True)
        ),
    )


def write_pack(folder: Path, province: str) -> Path:
    """The rule pack of an invented province: the difference form, five periods, no recoveries."""
    path = folder / province / "2026-01-01.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_PACK.format(province=province), encoding="utf-8")
    return folder / province


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """A delivery; returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path
