"""Seeded mistakes in a pack file: each is found, with its line, path, value and remedy, and all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.market_rules import BUILT_IN, PackError, validate_file, validate_files

PACK = """\
province: testland
version: 2026.1
effective_from: 2026-01-01
effective_to: 2026-12-31
status: sourced
sources:
  - {id: rules, name: Rules of Testland, tag: S}
settlement:
  form: {value: difference, source: rules, confidence: S}
  reference_point: {value: rt_unified, source: rules, confidence: S}
  price_cap_cny_per_mwh: {value: 1500, source: rules, confidence: 2}
  vat_rate: {value: 0.13, confidence: G}
tou:
  schedule:
    source: rules
    confidence: N
    value:
      - months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
        periods:
          flat: ["00:00-08:00", "12:00-24:00"]
          peak: ["08:00-12:00"]
"""
MORE = """\
  conditions:
    source: rules
    confidence: N
    value:
      - code: hot_day
        description: 35 degrees or more
        months: [5, 6]
        decided_by: feed
        periods: {sharp: ["11:00-12:00"]}
      - code: festival
        description: national holidays
        months: [10]
        decided_by: calendar
        calendar: {holidays: [national_day]}
        periods: {deep_valley: ["11:00-12:00"]}
recovery:
  - kind: mlt_shortfall
    thresholds:
      value: [{hours: [9], free_rate: 0.45}, {hours: REST, free_rate: 0.2}]
      source: rules
      confidence: S
tariff:
  transmission_distribution:
    source: rules
    confidence: S
    value:
      - {tariff_class: single, voltage: 35kV, energy_cny_per_kwh: 0.2}
      - {tariff_class: two_part, voltage: 35kV, energy_cny_per_kwh: 0.1, demand_cny_per_kw_month: 40}
""".replace("REST", str([hour for hour in range(1, 25) if hour != 9]))


def _errors(folder: Path, text: str) -> list[PackError]:
    path = folder / "2026-01-01.yml"
    path.write_text(text, encoding="utf-8")
    return validate_file(path)


def test_validate__sound_pack_has_no_errors(tmp_path: Path) -> None:
    assert _errors(tmp_path, PACK) == []


@pytest.mark.parametrize(
    "path", sorted(BUILT_IN.rglob("*.yml")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_validate__shipped_packs_have_no_errors(path: Path) -> None:
    assert validate_file(path) == []


VAT = "settlement.vat_rate"
CAP = "settlement.price_cap_cny_per_mwh"
POINT = "settlement.reference_point"
SEASONS = "tou.schedule.value"
PEAK = 'peak: ["08:00-12:00"]'
SPOT = "rt_unified, source: rules, confidence: S"

SEEDED = [
    # what is written, what replaces it, line, path, value, part of the message, part of the remedy
    ("rt_unified", "spot", 10, f"{POINT}.value", "spot", "Input should be", "da_unified"),
    ("0.13", "13", 12, f"{VAT}.value", "13", "less than or equal", "at most 1"),
    ("0.13", "yes", 12, f"{VAT}.value", "True", "not a number", "such as 0.13"),
    ("1500", ".inf", 11, f"{CAP}.value", ".inf", "not a number", "such as 0.13"),
    ("1500", "1.2345", 11, f"{CAP}.value", "1.2345", "3 decimal", "at most 3"),
    ("  vat_rate", "  vat", 12, "settlement.vat", "", "not permitted", "vat_rate"),
    ("version: 2026.1\n", "", 1, "version", "", "required", "the key is required"),
    ("confidence: G", "confidence: sure", 12, f"{VAT}.confidence", "sure", "should be", "'G'"),
    (", confidence: G", "", 12, VAT, "", "needs its confidence", "illustrative"),
    ("1500, source: rules", "1500", 11, CAP, "", "needs a source", "an id of sources"),
    ("1500, source: rules", "1500, source: law", 11, f"{CAP}.source", "law", "no such source", "rules"),
    ("to: 2026", "to: 2025", 4, "effective_to", "2025-12-31", "before", "2026-01-01"),
    ("to: 2026-12-31", "to: soon", 4, "effective_to", "soon", "valid date", "such as 2026"),
    ("11, 12]", "11]", 17, SEASONS, "", "no season for month 12", "exactly one"),
    ("11, 12]", "11, 12, 1]", 18, f"{SEASONS}[0].months[12]", "1", "already belongs", "exactly one"),
    ("11, 12]", "11, 12, 13]", 18, f"{SEASONS}[0].months[12]", "13", "less than", "at most 12"),
    (PEAK, 'peak: ["08:30-12:00"]', 19, f"{SEASONS}[0].periods", "", "08:00-08:30 has no", "exactly once"),
    (PEAK, 'peak: ["07:00-12:00"]', 19, f"{SEASONS}[0].periods", "", "07:00-08:00 is claimed by", "once"),
    ("peak:", "noon:", 21, f"{SEASONS}[0].periods.noon", "", "should be", "deep_valley"),
    ("confidence: N", "confidence: illustrative", 5, "status", "sourced", "tou.schedule", "illustrative"),
    (SPOT, "null", 10, POINT, "", "needs a reference point", "rt_unified"),
    ("province: testland", "province: Testland", 1, "province", "Testland", "match pattern", "a-z"),
    ("tou:", "version: 2\ntou:", 13, "version", "version", "written twice", ""),
    ("tou:", "tou: [", 15, "", "", "not readable as YAML", ""),
]

CONDITIONS = "tou.conditions.value"
THRESHOLDS = "recovery[0].thresholds.value"
PRICES = "tariff.transmission_distribution.value"
SEEDED_MORE = [
    ("months: [10]", "months: [6, 10]", CONDITIONS, "both concern month 6", "at most one"),
    ('sharp: ["11:00', 'sharp: ["12:00', f"{CONDITIONS}[0].periods", "ends before", "at most once"),
    ("decided_by: feed", "decided_by: calendar", f"{CONDITIONS}[0]", "calendar is absent", "holidays"),
    ("decided_by: feed", "decided_by: weather", f"{CONDITIONS}[0].decided_by", "should be", "'always'"),
    ("hours: [9]", "hours: [9, 10]", THRESHOLDS, "hour 10 has 2 thresholds", "exactly one"),
    ("hours: [9]", "hours: [8]", THRESHOLDS, "hour 8 has 2 thresholds", "exactly one"),
    ("free_rate: 0.45", "free_rate: 45", f"{THRESHOLDS}[0].free_rate", "less than", "at most 1"),
    ("class: two_part", "class: single", PRICES, "single at 35kV is priced twice", "one row per"),
    ("kwh: 0.2}", "kwh: cheap}", f"{PRICES}[0].energy_cny_per_kwh", "not a number", "such as"),
    (
        "voltage: 35kV, energy_cny_per_kwh: 0.2",
        "voltage: 35, energy_cny_per_kwh: 0.2",
        f"{PRICES}[0].voltage",
        "should be",
        "'35kV'",
    ),
    ("kw_month: 40", "kw_month: 40.123", f"{PRICES}[1].demand_cny_per_kw_month", "2 decimal", "at most 2"),
    ("kw_month: 40", "kw_monht: 40", f"{PRICES}[1].demand_cny_per_kw_monht", "not permitted", "demand_cny"),
]


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "value", "says", "remedy"),
    SEEDED,
    ids=[f"{row[3]}-{row[5]}" for row in SEEDED],
)
def test_validate__seeded_error_is_found(
    tmp_path: Path, old: str, new: str, line: int, path: str, value: str, says: str, remedy: str
) -> None:
    assert PACK.count(old) >= 1
    errors = _errors(tmp_path, PACK.replace(old, new, 1))
    found = [error for error in errors if error.path == path and says in error.message]
    assert found, [str(error) for error in errors]
    (error,) = found
    assert (error.line, error.value) == (line, value)
    assert remedy in error.allowed
    assert str(tmp_path) in str(error)


@pytest.mark.parametrize(
    ("old", "new", "path", "says", "remedy"),
    SEEDED_MORE,
    ids=[f"{row[2]}-{row[3]}" for row in SEEDED_MORE],
)
def test_validate__seeded_error_of_the_wider_sections_is_found(
    tmp_path: Path, old: str, new: str, path: str, says: str, remedy: str
) -> None:
    assert old in MORE
    assert _errors(tmp_path, PACK + MORE) == []
    errors = _errors(tmp_path, PACK + MORE.replace(old, new, 1))
    (error,) = [error for error in errors if error.path == path and says in error.message]
    assert remedy in error.allowed


def test_validate__bands_kinds_and_hours_of_the_markets_side(tmp_path: Path) -> None:
    """Steps must rise within a direction, a kind stands once, and a month has no hours."""
    bands = """  deviation_bands:
    confidence: G
    value:
      - {from_rate: 0.03, price_cny_per_mwh: 20}
      - {direction: over, from_rate: 0.06}
"""
    pack = PACK.replace("  vat_rate", f"{bands}  vat_rate", 1)
    assert _errors(tmp_path, pack + MORE) == []
    again = "  - kind: mlt_shortfall\n    period: {value: month, confidence: G}\n"
    listed = MORE.replace("tariff:", f"{again}tariff:", 1)
    hourly = MORE.replace("    thresholds:", "    period: {value: month, confidence: G}\n    thresholds:", 1)
    cases = [
        (pack.replace("0.06", "0.03") + MORE, "settlement.deviation_bands.value", "begin at 0.03, 0.03"),
        (pack + listed, "recovery[1].kind", "this kind is listed twice"),
        (pack + hourly, "recovery[0]", "thresholds by hours, and period month"),
    ]
    for text, path, says in cases:
        (error,) = _errors(tmp_path, text)
        assert error.path == path
        assert says in error.message


def test_validate__condition_without_a_schedule_is_refused(tmp_path: Path) -> None:
    schedule = PACK[PACK.index("  schedule:") :]
    errors = _errors(tmp_path, PACK.replace(schedule, "") + MORE)
    assert [(error.path, error.message) for error in errors] == [
        ("tou", "conditions need a schedule to change")
    ]


def test_validate__unread_reference_point_may_be_null_with_a_note(tmp_path: Path) -> None:
    point = "{value: rt_unified, source: rules, confidence: S}"
    assert _errors(tmp_path, PACK.replace(point, "{value: null, note: not read yet}")) == []


def test_validate_files__names_each_overlap(tmp_path: Path) -> None:
    paths = [tmp_path / "one.yml", tmp_path / "two.yml", tmp_path / "broken.yml"]
    for path in paths:
        path.write_text(PACK, encoding="utf-8")
    paths[2].write_text(PACK.replace("0.13", "13"), encoding="utf-8")
    found = [(error.file.name, error.path) for error in validate_files(paths)]
    assert found == [("broken.yml", "settlement.vat_rate.value"), ("one.yml", "effective_to")]


def test_validate__all_errors_come_at_once(tmp_path: Path) -> None:
    text = PACK
    for old, new, *_ in (SEEDED[0], SEEDED[5], SEEDED[10], SEEDED[11], SEEDED[13], SEEDED[16]):
        text = text.replace(old, new, 1)
    paths = [error.path for error in _errors(tmp_path, text)]
    assert paths == [
        "effective_to",
        "settlement.reference_point.value",
        "settlement.price_cap_cny_per_mwh.source",
        "settlement.vat",
        "tou.schedule.value",
        "tou.schedule.value[0].periods",
    ]


@pytest.mark.parametrize(
    ("content", "says"), [(b"", "empty"), (b"\xff\xfe\x00", "UTF-8"), (b"- 1\n", "dictionary")]
)
def test_validate__unusable_file_is_one_clear_error(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "pack.yml"
    path.write_bytes(content)
    (error,) = validate_file(path)
    assert says in error.message


def test_validate__missing_file_is_an_error_not_a_crash(tmp_path: Path) -> None:
    (error,) = validate_file(tmp_path / "nowhere.yml")
    assert "cannot be read" in error.message
