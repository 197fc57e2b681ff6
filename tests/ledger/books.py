"""Small retailers of two months, one per method of correction, and late data that corrects the first one."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tests.dbt.deliveries import MASTER as MASTER_HEADER
from tests.dbt.deliveries import METER_HEADER, PACK, PRICE_HEADER, SINCE, TRADE_HEADER, Row, write_csv

FIRST, SECOND = date(2026, 2, 1), date(2026, 3, 1)
LAST_DAY = date(2026, 3, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST_DAY - FIRST).days + 1)]
LATE_DAY = date(2026, 2, 10)
BUSINESS_DATE = date(2026, 4, 10)
FULL, MEAN, DIFFERENCE, OUT, NONE = "bk_full", "bk_mean", "bk_diff", "bk_out", "bk_none"
METHODS = {
    FULL: ("full", 12),
    MEAN: ("mean_price", 12),
    DIFFERENCE: ("price_difference", 12),
    OUT: ("full", 0),  # reaches no closed month
    NONE: (None, None),
}
PERIODS = (
    '          peak: ["08:00-20:00"]\n          valley: ["00:00-08:00"]\n          flat: ["20:00-24:00"]'
)
_PRICES = {
    MEAN: lambda slot: 400 if slot < 48 else 500,
    DIFFERENCE: lambda slot: 410,
}


@dataclass(frozen=True)
class Contract:
    """A contract with one account and its points; prices per period."""

    contract_id: str
    package_type: str
    prices: dict[str, int]
    points: tuple[str, ...]


def contracts_of(province: str) -> list[Contract]:
    """One contract of round numbers, or several drawn ones where amounts are corrected in full."""
    if province != FULL:
        price = 402 if province == DIFFERENCE else 420
        return [Contract(f"{province}-a", "fixed", {"all": price}, (f"{province}-a-m",))]
    return [
        Contract(f"{province}-a", "fixed", {"all": 431}, (f"{province}-a-m", f"{province}-a-n")),
        Contract(
            f"{province}-b", "tou_fixed", {"peak": 587, "valley": 283, "flat": 419}, (f"{province}-b-m",)
        ),
        Contract(f"{province}-c", "fixed", {"all": 399}, (f"{province}-c-m",)),
    ]


def write_books(folder: Path, packs: Path) -> None:
    """Deliveries and rule packs of every province."""
    for province in METHODS:
        _write_masters(folder / province, province)
        _write_series(folder / province, province)
        write_correction_pack(packs, province, *METHODS[province])


def write_correction_pack(
    packs: Path, province: str, method: str | None, reach: int | None, vat_rate: str = "0.13"
) -> None:
    """The province's pack; without ``method`` it says nothing about corrections."""
    rules = f"  vat_rate: {{value: {vat_rate}, confidence: G}}\n"
    if method is not None:
        rules += f"  correction_method: {{value: {method}, confidence: G}}\n"
        rules += f"  correction_reach_months: {{value: {reach}, confidence: G}}\n"
        rules += "  retrace_below_rate: {value: 0.10, confidence: G}\n"
    text = PACK.format(province=province, form="difference", reference="rt_unified", periods=PERIODS)
    text = text.replace("  vat_rate: {value: 0.13, confidence: G}\n", rules)
    path = packs / province / "2026-01-01.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def metering(province: str, point_id: str, day: date) -> list[int]:
    """kWh per slot: 100 everywhere, or drawn."""
    if province != FULL:
        return [100] * 96
    draw = random.Random(f"{point_id} {day}")
    return [draw.randrange(0, 300) for _ in range(96)]


def meter_file(path: Path, days: Sequence[tuple[str, date, Sequence[object]]]) -> Path:
    """A delivery of metering: point, day and kWh per slot."""
    return write_csv(
        path, METER_HEADER, [(point, "active_import", day, *slots) for point, day, slots in days]
    )


def late_energy(folder: Path, province: str, mwh: int, name: str = "late") -> Path:
    """The first contract's first point used ``mwh`` more on the late day, in slot 60."""
    point = contracts_of(province)[0].points[0]
    slots = metering(province, point, LATE_DAY)
    slots[59] += mwh * 1000
    return meter_file(folder / f"meter_day-{province}-{name}.csv", [(point, LATE_DAY, slots)])


def late_draws(folder: Path, seed: int, province: str = FULL) -> Path:
    """Point-days of the first month anew, drawn from ``seed``; the last is only moved between slots."""
    draw = random.Random(seed)
    points = [point for contract in contracts_of(province) for point in contract.points]
    days = draw.sample(range(27), 3)
    rows: list[tuple[str, date, Sequence[object]]] = [
        (draw.choice(points), DAYS[n], [draw.randrange(0, 400) for _ in range(96)]) for n in days
    ]
    moved = metering(province, points[0], DAYS[27])
    draw.shuffle(moved)
    rows.append((points[0], DAYS[27], moved))
    return meter_file(folder / f"meter_day-{province}-{seed}.csv", rows)


def late_prices(folder: Path, seed: int, province: str = FULL) -> Path:
    """The real-time prices of one day anew."""
    draw = random.Random(seed)
    row = (province, "rt_unified", LATE_DAY, *(draw.randrange(-80, 900) for _ in range(96)))
    return write_csv(folder / f"market_price_day-{province}-{seed}.csv", PRICE_HEADER, [row])


def _write_masters(folder: Path, province: str) -> None:
    rows: dict[str, list[Row]] = {feed: [] for feed in MASTER_HEADER}
    for contract in contracts_of(province):
        name, customer, account = (
            contract.contract_id,
            f"{contract.contract_id}-k",
            f"{contract.contract_id}-h",
        )
        rows["customer"].append((customer, SINCE, f"客户 {customer}"))
        rows["contract"].append((name, customer, province, contract.package_type, SINCE, FIRST, LAST_DAY))
        rows["account"].append((account, SINCE, customer, "10kV", "single", 100, "0.90"))
        rows["contract_account"].append((name, account, FIRST))
        for period, price in contract.prices.items():
            rows["contract_price"].append((name, "energy", period, price))
        for point in contract.points:
            rows["metering_point"].append((point, SINCE, account, "meter", 1, 1, "import_only"))
    for feed, lines in rows.items():
        write_csv(folder / f"{feed}.csv", MASTER_HEADER[feed].split(","), lines)
    points = [point for contract in contracts_of(province) for point in contract.points]
    days = [(point, day, metering(province, point, day)) for point in points for day in DAYS]
    meter_file(folder / "meter_day.csv", days)


def _write_series(folder: Path, province: str) -> None:
    draw = random.Random(province)
    price: Callable[[int], int] = _PRICES.get(province, lambda slot: draw.randrange(-50, 800))
    prices = [
        (province, series, day, *(price(slot) for slot in range(96)))
        for series in ("da_unified", "rt_unified")
        for day in DAYS
    ]
    write_csv(folder / "market_price_day.csv", PRICE_HEADER, prices)
    hours = tuple(f"h{hour:02d}" for hour in range(1, 25))
    bought = province == FULL
    ahead = [(province, day, *(draw.randrange(900) if bought else 0 for _ in hours)) for day in DAYS]
    write_csv(folder / "day_ahead_day.csv", ("province", "delivery_on", *hours), ahead)
    if bought:
        trades = [
            (
                f"{province}-t{n}",
                day,
                province,
                "rolling",
                "buy",
                380 + n,
                *(draw.randrange(200) for _ in hours),
            )
            for n in range(2)
            for day in DAYS
        ]
        write_csv(folder / "trade_day.csv", TRADE_HEADER, trades)
