"""Finding packs: by delivery date, never two for one date, and a hash that only content changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingestion.market_rules import (
    BUILT_IN,
    NoPackError,
    PackFileError,
    RulePack,
    list_packs,
    pack_for,
    pack_rows,
    pack_summary,
)
from ingestion.market_rules.loader import schedules_of
from ingestion.market_rules.schema import items_of
from ingestion.market_rules.tou import slots_of

GOLDEN = Path(__file__).parents[2] / "golden" / "packs"

PACK = """\
province: {province}
version: "1"
effective_from: {start}
effective_to: {end}
status: sourced
sources: []
settlement:
  vat_rate: {{value: 0.13, confidence: G}}
"""


def _write(folder: Path, start: str, end: str, province: str = "testland") -> Path:
    path = folder / province / f"{start}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(PACK.format(province=province, start=start, end=end), encoding="utf-8")
    return path


@pytest.mark.parametrize("end", ["2026-06-30", "2027-12-31", "null"])
def test_list_packs__overlap_names_both_files(tmp_path: Path, end: str) -> None:
    first, second = _write(tmp_path, "2026-01-01", end), _write(tmp_path, "2026-06-30", "null")
    with pytest.raises(PackFileError) as refusal:
        list_packs([tmp_path])
    (error,) = refusal.value.errors
    assert error.file == first
    assert error.path == "effective_to"
    assert str(second) in error.message
    assert "2026-06-30" in error.allowed


def test_list_packs__neighbours_and_other_provinces_do_not_overlap(tmp_path: Path) -> None:
    _write(tmp_path, "2026-01-01", "2026-06-29")
    _write(tmp_path, "2026-06-30", "null")
    _write(tmp_path, "2026-01-01", "null", province="otherland")
    assert [file.pack.province for file in list_packs([tmp_path])] == ["otherland", "testland", "testland"]


def test_list_packs__own_pack_of_a_shipped_province_must_say_that_it_replaces(tmp_path: Path) -> None:
    own = _write(tmp_path, "2026-03-01", "2026-12-31", province="guangdong")
    with pytest.raises(PackFileError) as refusal:
        list_packs([BUILT_IN, tmp_path])
    assert "replaces_shipped: true" in refusal.value.errors[0].allowed
    own.write_text(own.read_text().replace("status:", "replaces_shipped: true\nstatus:"))
    found = [file.path for file in list_packs([BUILT_IN, tmp_path]) if file.pack.province == "guangdong"]
    assert found == [own]


def test_list_packs__one_folder_given_twice_is_one_set(tmp_path: Path) -> None:
    _write(tmp_path, "2026-01-01", "null")
    assert len(list_packs([tmp_path, tmp_path])) == 1


def test_list_packs__missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackFileError, match="no such folder"):
        list_packs([tmp_path / "nowhere"])


def test_list_packs__errors_of_all_files_come_at_once(tmp_path: Path) -> None:
    for path in (_write(tmp_path, "2026-01-01", "soon"), _write(tmp_path, "2027-01-01", "later")):
        assert path.exists()
    with pytest.raises(PackFileError) as refusal:
        list_packs([tmp_path])
    assert [error.value for error in refusal.value.errors] == ["soon", "later"]


def test_pack_for__delivery_date_decides(tmp_path: Path) -> None:
    _write(tmp_path, "2026-01-01", "2026-06-29")
    _write(tmp_path, "2026-06-30", "null")
    assert pack_for("testland", date(2026, 6, 29), [tmp_path]).effective_from == date(2026, 1, 1)
    assert pack_for("testland", date(2026, 6, 30), [tmp_path]).effective_from == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("province", "says"), [("testland", "cover 2026-01-01 to 2026-06-29"), ("utopia", "testland")]
)
def test_pack_for__nothing_found_says_what_there_is(tmp_path: Path, province: str, says: str) -> None:
    _write(tmp_path, "2026-01-01", "2026-06-29")
    with pytest.raises(NoPackError, match=says):
        pack_for(province, date(2026, 7, 1), [tmp_path])


def test_pack_hash__layout_does_not_count_but_content_does(tmp_path: Path) -> None:
    path = _write(tmp_path, "2026-01-01", "null")
    text = path.read_text()

    def hash_of(changed: str) -> str:
        path.write_text(changed)
        return list_packs([tmp_path])[0].pack_hash

    before = hash_of(text)
    assert hash_of("# a comment\n" + text.replace("0.13,", "0.1300,")) == before
    assert hash_of(text.replace("0.13,", "0.12,")) != before


# pack_hash of the golden packs as they were before the schema grew
OLD_HASHES = {
    "golden_da_reference": "429c812929a770ff",
    "golden_fixed": "f46d008dc21ab652",
    "golden_multiplier": "3e54daf9a4fe4769",
    "golden_remainder": "5da00578d25634d4",
    "golden_rt_reference": "2f0ddcd66b32a31b",
    "golden_tou": "d3288d6fdfb97a66",
}


def test_pack_hash__new_leaves_of_the_schema_leave_old_packs_alone() -> None:
    found = {file.pack.province: file.pack_hash[:16] for file in list_packs([GOLDEN])}
    assert {province: found[province] for province in OLD_HASHES} == OLD_HASHES


@pytest.fixture(scope="module")
def shandong() -> RulePack:
    return pack_for("shandong", date(2026, 9, 1), [BUILT_IN])


def test_shandong__settles_by_difference_against_real_time(shandong: RulePack) -> None:
    settlement = shandong.settlement
    assert settlement is not None
    assert settlement.form is not None
    assert settlement.form.value == "difference"
    assert settlement.reference_point is not None
    assert settlement.reference_point.value == "rt_unified"


def test_shandong__values_without_a_source_are_listed(shandong: RulePack) -> None:
    assert shandong.status == "illustrative"
    assert shandong.illustrative_items == [
        "settlement.price_floor_cny_per_mwh",
        "tou.schedule",
        "tou.multiples",
        "tou.floats",
        "retail.order_of_operations",
        "tariff.power_factor_base",
        "reconciliation.quantity_tolerance_mwh",
        "reconciliation.price_tolerance_cny_per_mwh",
        "reconciliation.amount_tolerance_cny",
        "rounding.residue",
        "vee.effects",
        "vee.capacity_factor",
        "vee.spike_factor",
        "vee.spike_days",
        "vee.zero_run_slots",
        "vee.freeze_tolerance_rate",
        "vee.sub_above_main_rate",
        "vee.typical_weeks",
        "vee.levelling_limit_rate",
    ]


def test_shandong__september_schedule_equals_the_table(shandong: RulePack) -> None:
    """domain §5.3: 9-11 V10-15 (D11-14) P16-21 (S17-19), the rest flat."""
    grids, days = schedules_of(shandong)
    grid = grids[days[date(2026, 9, 15)]]
    expected = dict.fromkeys(range(1, 97), "flat")
    for period, text in (
        ("valley", "10:00-15:00"),
        ("deep_valley", "11:00-14:00"),
        ("peak", "16:00-21:00"),
        ("sharp", "17:00-19:00"),
    ):
        expected.update(dict.fromkeys(slots_of(text), period))
    assert dict(enumerate(grid, start=1)) == expected
    assert days[date(2026, 9, 1)] == days[date(2026, 11, 30)] != days[date(2026, 8, 31)]
    assert len(grids) == 3  # of August to December


def test_pack_rows__every_value_shows_its_origin(shandong: RulePack) -> None:
    rows = {row.path: row for row in pack_rows(shandong)}
    form = rows["settlement.form"]
    assert (form.value, form.confidence) == ("difference", "S")
    assert form.source.endswith("鲁监能市场规〔2026〕27号, 14.3.5")
    assert rows["settlement.price_cap_cny_per_mwh"].value == ""
    assert "months 9, 10, 11: sharp 17:00-19:00" in rows["tou.schedule"].value
    assert rows["retail.may_cross_year"].value == "no"
    assert "tariff_class single, voltage <1kV" in rows["tariff.transmission_distribution"].value
    assert "June valley" in rows["note"].value


def test_pack_summary__counts_what_is_known_and_what_is_not(shandong: RulePack) -> None:
    summary = pack_summary(shandong)
    items = [item for _, item in items_of(shandong)]
    assert summary.sections[:4] == ("settlement", "tou", "clearing", "position_limits")
    assert summary.sourced + summary.illustrative + summary.null == len(items)
    assert summary.illustrative == len(shandong.illustrative_items)
    assert summary.null == sum(item.value is None for item in items) > 0


def test_shandong__august_brings_the_grid_tariff_and_changes_nothing_else() -> None:
    _, before, after = (file.pack.body for file in list_packs([BUILT_IN / "shandong"]))
    assert "tariff" in after
    for body in (before, after):
        for key in ("version", "effective_from", "effective_to", "sources", "tariff"):
            body.pop(key, None)
    assert before == after
