"""Seeded mistakes in a pack file: each is found, with its line, path, value and remedy, and all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.market_rules import BUILT_IN, PackError, validate_file

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


def _errors(folder: Path, text: str) -> list[PackError]:
    path = folder / "2026-01-01.yml"
    path.write_text(text, encoding="utf-8")
    return validate_file(path)


def test_validate__sound_pack_has_no_errors(tmp_path: Path) -> None:
    assert _errors(tmp_path, PACK) == []


@pytest.mark.parametrize("path", sorted(BUILT_IN.rglob("*.yml")), ids=lambda path: path.parent.name)
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
