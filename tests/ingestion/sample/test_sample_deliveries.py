"""What lies in the inbox: knowledge times, defects and their repairs, registers, determinism."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from ingestion.readers import read_workbook
from ingestion.sample.config import CUT_AT, LATE_AT, month_days
from ingestion.sample.customer_files import SLIP_OF_THE_PEN
from ingestion.sample.defects import DEFECTS, RESENT_ON
from ingestion.sample.deliveries import World, build_deliveries, build_world, manifest_bytes
from ingestion.sample.metering import register_kwh
from ingestion.sample.points import EXPORT, IMPORT
from ingestion.sample.profiles import Profiles
from ingestion.sample.writer import Delivery, milli

Known = dict[tuple[str, str, str], list[str]]


def read(delivery: Delivery) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(delivery.content.decode())))


def named(deliveries: list[Delivery], name: str) -> Delivery:
    return next(d for d in deliveries if d.file_name == name)


def landed(deliveries: list[Delivery], *, of: str = "", until: datetime = CUT_AT) -> Known:
    """Meter rows of days that start with `of`, as a careful intake keeps them: the latest readable row
    wins.
    """
    found: Known = {}
    for delivery in deliveries:
        if delivery.file_name.startswith(f"meter_day-{of}") and delivery.known_at <= until:
            for row in read(delivery):
                cells = [row[f"p{s:02d}"] for s in range(1, 97)]
                if all(c == "" or c.replace(".", "").isdigit() for c in cells):
                    found[row["metering_point_id"], row["channel"], row["delivery_on"]] = cells
    return found


def true_cells(world: World, customer: int, day: date) -> list[str]:
    point = next(p for p in world.points if p.customer.number == customer)
    return [milli(wh) for wh in point.import_wh[(day - date(2026, 1, 1)).days].tolist()]


def test_deliveries__nothing_is_known_after_the_cut(deliveries: list[Delivery]) -> None:
    assert max(d.known_at for d in deliveries) <= CUT_AT
    assert [d.known_at for d in deliveries] == sorted(d.known_at for d in deliveries)
    days = {
        d.file_name.removesuffix(".csv")[-10:]
        for d in deliveries
        if d.file_name.startswith("market_price_day-da")
    }
    assert max(days) == "2026-11-12"  # the price of the 13th comes at 17:30, after the gate


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("meter_day-2026-11-11.csv", "2026-11-12T08:30:00+08:00"),
        ("market_price_day-da_unified-2026-11-12.csv", "2026-11-11T17:30:00+08:00"),
        ("market_price_day-rt_unified-2026-11-11.csv", "2026-11-12T09:00:00+08:00"),
        ("system_day-forecast-2026-11-13.csv", "2026-11-12T09:30:00+08:00"),
        ("system_day-actual-2026-11-11.csv", "2026-11-12T09:00:00+08:00"),
        ("day_ahead_day-2026-11-12.csv", "2026-11-11T17:30:00+08:00"),
        ("trade_day-annual-2026.csv", "2025-12-20T17:00:00+08:00"),
        ("trade_day-monthly-2026-10.csv", "2026-09-18T17:30:00+08:00"),  # the 20th is a Sunday
        ("register_reading-2026-11.csv", "2026-11-01T09:00:00+08:00"),
        ("contracts.xlsx", "2025-12-28T16:00:00+08:00"),
    ],
)
def test_deliveries__known_at_follows_the_calendar(deliveries: list[Delivery], name: str, known: str) -> None:
    assert named(deliveries, name).known_at.isoformat() == known


def test_deliveries__same_profiles_give_the_same_bytes(
    profiles: Profiles, deliveries: list[Delivery]
) -> None:
    again = build_deliveries(build_world(profiles))
    assert [(d.file_name, d.known_at, d.content) for d in again] == [
        (d.file_name, d.known_at, d.content) for d in deliveries
    ]
    assert manifest_bytes(again) == manifest_bytes(deliveries)


def test_deliveries__manifest_names_every_file(deliveries: list[Delivery]) -> None:
    rows = list(csv.DictReader(io.StringIO(manifest_bytes(deliveries).decode())))
    assert [r["file_name"] for r in rows] == [d.file_name for d in deliveries]
    assert all(datetime.fromisoformat(r["known_at"]).utcoffset() == timedelta(hours=8) for r in rows)


def test_metering__settled_months_are_whole_in_the_end(deliveries: list[Delivery], world: World) -> None:
    known = landed(deliveries)
    day = date(2026, 9, 1)
    while day <= date(2026, 10, 31):
        for point in world.points:
            if point.from_on <= day:
                cells = known[point.metering_point_id, IMPORT, str(day)]
                assert cells == [milli(wh) for wh in point.import_wh[(day - date(2026, 1, 1)).days].tolist()]
        day += timedelta(days=1)


def test_metering__every_defect_is_in_the_first_delivery(deliveries: list[Delivery], world: World) -> None:
    for defect in DEFECTS:
        first = read(named(deliveries, f"meter_day-{defect.delivery_on}.csv"))
        point = next(p for p in world.points if p.customer.number == defect.customer)
        row = next(
            r for r in first if r["metering_point_id"] == point.metering_point_id and r["channel"] == IMPORT
        )
        truth = true_cells(world, defect.customer, defect.delivery_on)
        wrong = [s for s in range(1, 97) if row[f"p{s:02d}"] != truth[s - 1]]
        assert wrong == list(defect.slots), defect.name


def test_metering__refused_cells_cannot_be_read_as_a_quantity(deliveries: list[Delivery]) -> None:
    refused = [
        cell
        for d in deliveries
        if d.file_name.startswith("meter_day")
        for line in d.content.decode().splitlines()[1:]
        for cell in line.split(",")[4:]
        if cell and not cell.replace(".", "").isdigit()
    ]
    assert len(refused) == 2
    assert any("O" in cell for cell in refused)
    assert any(cell.startswith("-") and float(cell) < 0 for cell in refused)


def test_metering__corrections_are_known_only_later(deliveries: list[Delivery], world: World) -> None:
    for name in ("correction", "late_correction"):
        defect = next(d for d in DEFECTS if d.name == name)
        assert defect.repaired_at is not None
        point = next(p for p in world.points if p.customer.number == defect.customer)
        key = (point.metering_point_id, IMPORT, str(defect.delivery_on))
        before = landed(deliveries, of=key[2], until=defect.repaired_at - timedelta(seconds=1))[key]
        after = landed(deliveries, of=key[2], until=defect.repaired_at)[key]
        assert before != after == true_cells(world, defect.customer, defect.delivery_on)


def test_metering__one_gap_stays_open_in_november(deliveries: list[Delivery]) -> None:
    open_rows = {key: cells for key, cells in landed(deliveries, of="2026-11").items() if "" in cells}
    assert [(day, cells.count("")) for (_, _, day), cells in open_rows.items()] == [("2026-11-07", 6)]


def test_metering__one_file_comes_twice(deliveries: list[Delivery]) -> None:
    twice = [c for c, n in Counter(d.content for d in deliveries).items() if n > 1]
    assert twice == [named(deliveries, f"meter_day-{RESENT_ON}.csv").content]


def test_metering__only_the_first_of_january_is_estimated(deliveries: list[Delivery]) -> None:
    january = [d for d in deliveries if d.file_name.startswith("meter_day-2026-01")]
    marked = {row["delivery_on"] for d in january for row in read(d) if row["quality"] == "estimated"}
    assert marked == {"2026-01-01"}


def test_metering__own_solar_exports_and_never_both_ways_in_a_slot(world: World) -> None:
    solar = [p for p in world.points if p.customer.solar_kwp]
    assert [p.net_rule for p in solar] == ["import_minus_export"]
    assert int(solar[0].export_wh.sum()) > 0
    assert int((solar[0].import_wh * solar[0].export_wh).max()) == 0
    assert [name for name, _ in solar[0].channels()] == [IMPORT, EXPORT]


def test_registers__differ_by_the_months_energy_over_the_multiplier(world: World) -> None:
    for point in world.points[:40]:
        if point.from_on > date(2026, 9, 1):
            continue
        for channel, curve in point.channels():
            month_wh = int(curve[243:273].sum())  # September
            step = Decimal(register_kwh(point, channel, curve, 10)) - Decimal(
                register_kwh(point, channel, curve, 9)
            )
            assert abs(step * 1000 * point.multiplier - month_wh) <= point.multiplier * 10


def test_points__equipment_fits_the_peak(world: World) -> None:
    for point in world.points:
        peak_kw = int(point.import_wh.max()) * 4 / 1000
        assert peak_kw <= point.capacity_kva * 0.8 + 1
        volt = {"1-10(20)kV": 10_000, "35kV": 35_000, "110kV": 110_000}[point.voltage_level]
        assert point.ct_ratio * 5 * volt * 3**0.5 >= point.capacity_kva * 1000
        assert point.pt_ratio * 100 == volt


def test_workbooks__second_site_has_a_meter_and_no_contract(deliveries: list[Delivery]) -> None:
    accounts: set[str] = set()
    contracted: set[str] = set()
    for delivery in deliveries:
        if delivery.file_name.endswith(".xlsx"):
            book = load_workbook(io.BytesIO(delivery.content), read_only=True)
            for sheet, found, column in (("account", accounts, 0), ("contract_account", contracted, 1)):
                if sheet in book.sheetnames:
                    found |= {str(row[column]) for row in book[sheet].iter_rows(min_row=2, values_only=True)}
    assert accounts - contracted == {"3700001202"}
    assert len(contracted) == 47


def test_workbooks__sheets_are_the_feeds(deliveries: list[Delivery]) -> None:
    sheets = {
        d.file_name: load_workbook(io.BytesIO(d.content)).sheetnames
        for d in deliveries
        if d.file_name.endswith("xlsx")
    }
    assert sheets["customers.xlsx"] == ["customer", "account", "metering_point"]
    assert sheets["contracts.xlsx"] == ["contract", "contract_account", "contract_price", "contract_quantity"]
    assert sheets["customers-2026-11.xlsx"] == ["account", "metering_point"]
    assert sheets["plans-2026-11.xlsx"] == ["production_plan"]
    assert sheets["key-figures-2026-01.xlsx"] == ["customer_kpi"]
    assert sheets["contract-deviations.xlsx"] == ["contract_deviation"]
    assert sheets["contract-versions-2025-12.xlsx"] == ["contract_version"]
    assert sheets["contract-events-2025-12-28.xlsx"] == ["contract_event"]
    assert sheets["contracts-of-2027.xlsx"] == [
        "contract", "contract_version", "contract_price", "contract_quantity",
    ]  # fmt: skip
    assert sheets["contracts-of-2025-terms.xlsx"] == [
        "contract_account",
        "contract_price",
        "contract_quantity",
    ]
    assert sheets["anhui-2026-01.xlsx"] == [
        "customer", "account", "metering_point", "contract", "contract_account", "contract_price",
        "contract_quantity",
    ]  # fmt: skip
    assert len(sheets) == 54
    assert sheets["budget-2027.xlsx"] == ["budget"]
    assert sheets["declared-demand-2026-01.xlsx"] == ["declared_demand"]
    assert sheets["contract-distribution.xlsx"] == ["curve_template", "contract_distribution"]
    assert sheets["adjustments-2026-06-10.xlsx"] == ["quantity_adjustment"]
    assert sheets["house-2026.xlsx"] == ["service", "budget", "guarantee"]


def test_milli__prints_three_decimals_and_sign() -> None:
    assert [milli(v) for v in (0, 7, -7, 12_345, -100_000)] == [
        "0.000",
        "0.007",
        "-0.007",
        "12.345",
        "-100.000",
    ]


def test_customer_files__monthly_totals_are_the_curves_but_for_one_slip(
    deliveries: list[Delivery], world: World
) -> None:
    wrong = []
    files = [d for d in deliveries if d.file_name.startswith("month_energy-")]
    found_late = {(d.delivery_on.month, d.customer) for d in DEFECTS if d.repaired_at == LATE_AT}
    assert [d.file_name[13:20] for d in files] == [f"2026-{month:02d}" for month in range(1, 11)]
    for delivery in files:
        for row in read(delivery):
            point = next(p for p in world.points if p.account_id == row["subject_id"])
            month = int(row["delivery_month"][5:])
            wh = int(point.import_wh[list(month_days(month))].sum())
            stated = round(float(row["energy"]) * 10_000)
            assert row["unit"] == "万kWh"
            if (month, point.customer.number) in found_late:
                continue
            if abs(stated * 1000 - wh) > 500:
                wrong.append((month, point.customer.number))
                assert abs(stated * 1000 - wh) > 0.005 * wh
    assert wrong == [SLIP_OF_THE_PEN]


def test_customer_files__plans_stop_on_sundays_and_figures_have_units(deliveries: list[Delivery]) -> None:
    plans = read_workbook(named(deliveries, "plans-2026-11.xlsx").content)["production_plan"]
    stops = {row[2] for row in plans.cells.tolist() if row[6] == "yes"}
    assert stops == {"2026-11-01", "2026-11-08", "2026-11-15", "2026-11-22", "2026-11-29"}
    figures = read_workbook(named(deliveries, "key-figures-2026-10.xlsx").content)["customer_kpi"]
    assert {row[4] for row in figures.cells.tolist()} == {"t", "件", "kWh/t", "kWh/件"}
