"""March 2026 of an invented province: points whose gaps are the worked numbers of domain §6, as files."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from ingestion.feeds.columns import CHINA
from ingestion.market_rules import load_packs
from tests.ingestion.vee.conftest import SLOTS, Curve, Desk, known, midnight

PROVINCE = "golden_vee"
MONTH = [date(2026, 3, 1) + timedelta(days=n) for n in range(31)]
DAY = date(2026, 3, 11)  # a Wednesday
PRICE = "400"
PACK = f"""\
province: {PROVINCE}
version: "1"
effective_from: 2026-01-01
effective_to: 2026-12-31
status: sourced
sources:
  - {{id: tests, name: an invented province, tag: G}}
settlement:
  form: {{value: difference, confidence: G}}
  reference_point: {{value: rt_unified, confidence: G}}
  vat_rate: {{value: 0.13, confidence: G}}
  mid_month_change: {{value: split_by_day, confidence: G}}
  month_end_meter_difference: {{value: levelled, confidence: G}}
tou:
  schedule:
    confidence: G
    value:
      - months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
        periods:
          peak: ["00:00-12:00"]
          valley: ["12:00-24:00"]
"""
FLAT = [1000] * 96
SHAPED = [2000, 3000, 5000, *[1000] * 93]
LEVELLED = [3000] * 48 + [2000] * 48


def gap(wh: list[int], *slots: int) -> Curve:
    """A day with blank slots (1 … 96)."""
    return [None if number in slots else value for number, value in enumerate(wh, start=1)]


# point: (its ordinary day, the day as it was delivered on DAY or None for no delivery at all)
POINTS: dict[str, tuple[list[int], Curve | None]] = {
    "NEIGHBOUR": (FLAT, gap([*FLAT[:39], 12_000, 0, 14_000, *FLAT[42:]], 41)),
    "SHARES": (SHAPED, gap(SHAPED, 1, 2, 3)),
    "MULTIPLIER": ([140_000] * 96, None),
    "EQUAL": (FLAT, gap([0] * 96, 5, 6, 7)),
    "LEADING": (FLAT, [None] * 40 + [1000] * 56),
    "MAIN": (FLAT, FLAT),
    "SUB": ([600] * 96, [600] * 95 + [1300]),
    "LEVELLED": (LEVELLED, LEVELLED),
}


def deliver(desk: Desk, folder: Path) -> None:
    """Rules, master data, metering, registers, prices and positions of the month."""
    packs = folder / "packs"
    packs.mkdir()
    (packs / "golden_vee.yml").write_text(PACK, encoding="utf-8")
    load_packs(desk.engine, [packs])
    options: dict[str, dict[str, object]] = {name: {} for name in POINTS}
    options["MULTIPLIER"] = {"ct": 30, "pt": 100}
    options["SUB"] = {"main": "MAIN"}
    desk.master(options, capacity_kva=10_000, province=PROVINCE)
    for day in MONTH:
        desk.meter_many(day, {name: _wh(name, day) for name in POINTS}, known(day))
    for name, first, last in (
        ("SHARES", "500.00", "613.00"),
        ("MULTIPLIER", "120.10", "124.60"),
        ("EQUAL", "77.50", "77.50"),
    ):
        desk.freeze(midnight(DAY), first, name)
        desk.freeze(midnight(DAY + timedelta(days=1)), last, name)
    desk.freeze(midnight(DAY) + timedelta(hours=10), "0.00", "LEADING")
    desk.freeze(midnight(MONTH[0]), "100.00", "LEVELLED", kind="monthly_freeze")
    desk.freeze(midnight(date(2026, 4, 1)), "7545.00", "LEVELLED", kind="monthly_freeze")
    _market(desk)


def _wh(name: str, day: date) -> Curve | None:
    ordinary, special = POINTS[name]
    return special if day == DAY else ordinary


def _market(desk: Desk) -> None:
    at = datetime(2026, 4, 1, 9, tzinfo=CHINA)
    contract_price = ["contract_id", "component", "period", "price_cny_per_mwh"]
    desk.deliver("contract_price", contract_price, [["C", "energy", "all", PRICE]], at)
    prices = [
        [PROVINCE, series, day, *[price] * 96]
        for series, price in (("da_unified", "380"), ("rt_unified", "430"))
        for day in MONTH
    ]
    desk.deliver("market_price_day", ["province", "price_series", "delivery_on", *SLOTS], prices, at)
    hours = [f"h{hour:02d}" for hour in range(1, 25)]
    ahead = [[PROVINCE, day, *["0"] * 24] for day in MONTH]
    desk.deliver("day_ahead_day", ["province", "delivery_on", *hours], ahead, at)
