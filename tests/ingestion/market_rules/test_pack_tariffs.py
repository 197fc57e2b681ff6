"""Grid tariffs of the packs against domain §5.4 and §4.4, typed by hand."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from tests.ingestion.market_rules.conftest import REFERENCE, PackOn, Packs, ValueOf

# domain §5.4: two-part energy, demand and capacity by band, line loss in %
TWO_PART = {
    "shandong": ("0.1400/0.1230/0.1060/0.0890", "40/36/36/32", "25/22.5/22.5/20", "3.07"),
    "jiangsu": ("0.1298/0.1048/0.0788/0.0518", "51.2/48/44.8/41.6", "32/30/28/26", "2.83"),
    "zhejiang": ("0.1250/0.0895/0.0767/0.0663", "47.2/44/40.8/37.6", "29.5/27.5/25.5/23.5", "3.07"),
    "shanxi": ("0.1040/0.0740/0.0490/0.0290", "34.8/34/31.6/30", "21.8/21.3/19.8/18.8", "3.52"),
    "anhui": ("0.1324/0.1070/0.0809/0.0548", "46.4/43.2/40.8/38.4", "29/27/25.5/24", "3.90"),
    "hubei": ("0.1263/0.1065/0.0884/0.0694", "42/42/39/39", "26.3/26.3/24.4/24.4", "4.55"),
    "guangdong": ("0.0979/0.0727/0.0449", "36.1/31/26.1", "22.6/19.4/16.3", "3.31"),
}


def _numbers(text: str) -> list[Decimal]:
    return [Decimal(number) for number in text.split("/")]


@pytest.mark.parametrize("province", TWO_PART)
def test_tariff__rows_equal_the_table(pack_on: PackOn, province: str) -> None:
    energy, demand, capacity, loss = TWO_PART[province]
    tariff = pack_on(province).tariff
    assert tariff
    assert tariff.transmission_distribution
    assert tariff.line_loss_rate
    table = tariff.transmission_distribution.value or []
    rows = [row for row in table if row.tariff_class == "two_part"]
    assert [row.energy_cny_per_kwh for row in rows] == _numbers(energy)
    assert [row.demand_cny_per_kw_month for row in rows] == _numbers(demand)
    assert [row.capacity_cny_per_kva_month for row in rows] == _numbers(capacity)
    assert tariff.line_loss_rate.value == Decimal(loss) / 100
    assert tariff.transmission_distribution.confidence == "S"


def test_tariff__bands_differ_in_number(value_of: ValueOf) -> None:
    bands: dict[str, list[str]] = {}
    for province in ("guangdong", "shanxi", "tianjin", "beijing", "liaoning"):
        table = value_of(province, "tariff.transmission_distribution")
        assert isinstance(table, list)
        bands[province] = [row.voltage for row in table if row.tariff_class == "two_part"]
    assert {province: len(names) for province, names in bands.items()} == {
        "guangdong": 3,
        "shanxi": 4,
        "tianjin": 5,
        "beijing": 3,
        "liaoning": 4,
    }


def test_tariff__shenzhen_has_its_own_classes_by_use(value_of: ValueOf) -> None:
    table = value_of("shenzhen", "tariff.transmission_distribution")
    assert isinstance(table, list)
    found = {
        (row.tariff_class, row.use_up_to, row.use_above): row.energy_cny_per_kwh
        for row in table
        if row.voltage == "10kV" and row.metered_side == "high"
    }
    assert found == {
        ("class_1", 250, None): Decimal("0.1804"),
        ("class_1", None, 250): Decimal("0.1604"),
        ("class_2", 400, None): Decimal("0.1304"),
        ("class_2", None, 400): Decimal("0.1104"),
        ("class_3", None, None): Decimal("0.2135"),
    }
    assert len(table) == 25


def test_tariff__power_factor_table_of_1983(value_of: ValueOf) -> None:
    """domain §4.4: standard 0.90 gives 0.93 -> -0.45 %; 0.85 has .91 -.65 %; 0.80 has .92 -1.3 %."""
    tables = value_of("hubei", "tariff.power_factor_tables")
    assert isinstance(tables, list)
    above = {str(table.standard): {step.from_pf: step.rate for step in table.above} for table in tables}
    assert above["0.90"][Decimal("0.93")] == Decimal("-0.0045")
    assert above["0.90"][Decimal("0.95")] == min(above["0.90"].values()) == Decimal("-0.0075")
    assert above["0.85"][Decimal("0.91")] == Decimal("-0.0065")
    assert above["0.85"][Decimal("0.94")] == min(above["0.85"].values()) == Decimal("-0.0110")
    assert above["0.80"][Decimal("0.92")] == min(above["0.80"].values()) == Decimal("-0.0130")
    assert [(slope.to_pf, slope.rate) for slope in tables[0].below] == [
        (Decimal("0.70"), Decimal("0.005")),
        (Decimal("0.65"), Decimal("0.01")),
        (Decimal(0), Decimal("0.02")),
    ]


def test_packs__gansu_bases_the_power_factor_on_the_grid_part_only(value_of: ValueOf) -> None:
    base = value_of("gansu", "tariff.power_factor_base")
    assert base == ["transmission_distribution", "basic_charge"]


@pytest.mark.skipif(REFERENCE is None, reason="shared/reference is not beside this clone")
def test_tariff__every_area_equals_the_annex(packs: Packs) -> None:
    assert REFERENCE
    text = (REFERENCE / "td_tariff_2026-08.json").read_text(encoding="utf-8")
    annex = {grid["grid"]: grid for grid in json.loads(text, parse_float=Decimal)["grids"]}
    annex["河北南网"] = annex.pop("河北")
    found = {}
    for pack in [versions[-1] for versions in packs.values() if versions[-1].province != "shenzhen"]:
        assert pack.tariff
        assert pack.tariff.transmission_distribution
        assert pack.tariff.line_loss_rate
        rows = pack.tariff.transmission_distribution.value or []
        found[pack.province_name] = {
            "loss_rate_pct": (pack.tariff.line_loss_rate.value or 0) * 100,
            "single": {r.voltage: r.energy_cny_per_kwh for r in rows if r.tariff_class == "single"},
            "two_part": {r.voltage: r.energy_cny_per_kwh for r in rows if r.tariff_class == "two_part"},
            "demand": {r.voltage: r.demand_cny_per_kw_month for r in rows if r.demand_cny_per_kw_month},
            "capacity": {r.voltage: r.capacity_cny_per_kva_month for r in rows if r.demand_cny_per_kw_month},
        }
    assert found == {
        name: {
            "loss_rate_pct": grid["loss_rate_pct"],
            "single": grid["single"],
            "two_part": grid["two_part"]["energy"],
            "demand": grid["two_part"]["demand_yuan_kw_month"],
            "capacity": grid["two_part"]["capacity_yuan_kva_month"],
        }
        for name, grid in annex.items()
    }
