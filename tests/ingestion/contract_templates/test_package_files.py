"""Package files: seeded mistakes are all found at once; the province guards; kinds come by one door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from ingestion.contract_templates import PackageFileError, check_packages, read_cases, read_packages
from ingestion.contract_templates.kinds import GROUP, STAGES, kinds
from ingestion.contract_templates.package_source import check_package
from ingestion.market_rules import BUILT_IN

PACKAGE = """\
package: test_mixed
version: 1
type: mixed
province: shandong
title: {zh: 混合, en: mixed}
delivery: {first_on: 2026-06-01, last_on: 2026-12-31}
components:
  - {kind: fixed, share: 0.8, price: 420}
  - {kind: linked, share: rest, k: 1, fee: 8}
  - {kind: cap_floor, cap: 500, covers: [energy, deviation]}
  - {kind: custom, stage: service, result: fee, formula: q * x,
     parameters: {x: {value: 3, unit: cny_per_mwh}}}
"""

SEEDED = [
    # what is written, what replaces it, line, path, part of the message, part of the remedy
    ("package: test_mixed", "package: Test", 1, "package", "pattern", "small letters"),
    ("version: 1\n", "", 1, "version", "required", "the key is required"),
    ("last_on: 2026-12-31", "last_on: 2026-05-31", 6, "delivery", "before first_on", "2026-06-01"),
    ("price: 420", "price: 420.1234", 8, "components[0].price", "too many decimals", "at most 3"),
    ("price: 420", "price: .inf", 8, "components[0].price", "not a number", "such as 420"),
    (", price: 420", "", 8, "components[0].price", "fixed needs price", "yuan/MWh"),
    ("price: 420", "price: {peak: 420}", 8, "components[0].price", "one number", "per: period"),
    ("fee: 8", "fees: 8", 9, "components[1].fees", "no such key", "fee"),
    ("kind: linked", "kind: link", 9, "components[1].kind", "no such kind", "linked"),
    ("k: 1,", "k: -1,", 9, "components[1].k", "too small", "at least 0"),
    ("share: 0.8", "share: 1.2", 8, "components[0].share", "not a share", "at most 1"),
    ("share: rest", "share: 0.3", 9, "components[1].share", "add up to 1.1", "exactly 1"),
    ("share: 0.8", "id: linked, share: 0.8", 9, "components[1].id", "used by two", "a new id"),
    ("cap: 500, ", "", 10, "components[2]", "give cap, floor or both", ""),
    ("[energy, deviation]", "[green]", 10, "components[2].covers", "come after cap_floor", "up to its own"),
    ("[energy, deviation]", "[energi]", 10, "components[2].covers", "not a list of stages", "energy"),
    ("q * x", "q + x", 11, "components[3].formula", "line 1, column 3: adds MWh and yuan/MWh", ""),
    ("q * x", "q * (select 1)", 11, "components[3].formula", "column 6: no input or parameter 'select'", ""),
    ("unit: cny_per_mwh", "unit: euro", 12, "components[3].parameters.x", "no unit", "cny_per_mwh"),
    ("stage: service", "stage: later", 11, "components[3].stage", "no such stage", "service"),
]


def _write(folder: Path, text: str) -> Path:
    path = folder / "package.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_check__sound_package_has_no_errors(tmp_path: Path) -> None:
    (checked,) = check_packages([_write(tmp_path, PACKAGE)], [BUILT_IN])
    assert checked.errors == ()
    assert checked.package is not None
    assert [part.level for part in checked.package.components] == [1, 1, 2, 3]
    assert checked.package.needed_inputs() == {"q": "MWh", "ref": "yuan/MWh"}
    assert any("packages have to be published" in notice for notice in checked.notices)


@pytest.mark.parametrize(("old", "new", "line", "path", "message", "remedy"), SEEDED)
def test_check__finds_the_seeded_mistake(
    tmp_path: Path, old: str, new: str, line: int, path: str, message: str, remedy: str
) -> None:
    assert old in PACKAGE
    file = _write(tmp_path, PACKAGE.replace(old, new, 1))
    _, errors = check_package(file)
    (error,) = [error for error in errors if error.path == path]
    assert (error.line, error.file) == (line, file)
    assert message in error.message
    assert remedy in error.allowed
    assert f"{file}:{line}: {path}" in str(error)


def test_check__reports_every_mistake_at_once(tmp_path: Path) -> None:
    text = PACKAGE.replace("version: 1\n", "").replace("price: 420", "price: x").replace("q * x", "q;")
    _, errors = check_package(_write(tmp_path, text))
    assert [error.path for error in errors] == ["version", "components[0].price", "components[3].formula"]
    assert str(errors[-1]).endswith("\n    q;\n     ^")


@pytest.mark.parametrize("text", ["", "- 1\n", "package: [\n", "components: 3\n", "components: [3, {}]\n"])
def test_check__any_yaml_is_answered_with_errors(tmp_path: Path, text: str) -> None:
    package, errors = check_package(_write(tmp_path, text))
    assert package is None
    assert errors


GUARDED = [
    ("type: mixed", "type: gamble", "type", "does not allow"),
    ("share: 0.8", "share: 0.995", "components", "fixed share of a mixed package is 0.995"),
    ("last_on: 2026-12-31", "last_on: 2027-01-31", "delivery.last_on", "crosses the year"),
    ("last_on: 2026-12-31", "last_on: 2027-06-30", "delivery", "the term is 13 months"),
]


@pytest.mark.parametrize(("old", "new", "path", "message"), GUARDED)
def test_guards__rules_of_the_province_refuse(
    tmp_path: Path, old: str, new: str, path: str, message: str
) -> None:
    (checked,) = check_packages([_write(tmp_path, PACKAGE.replace(old, new, 1))], [BUILT_IN])
    assert checked.package is None
    assert any(error.path == path and message in error.message for error in checked.errors)


def test_guards__price_range_and_missing_pack(tmp_path: Path) -> None:
    folder = tmp_path / "packs"
    folder.mkdir()
    (folder / "p.yml").write_text(
        "province: guangdong\nversion: 1\neffective_from: 2026-01-01\neffective_to: 2026-12-31\n"
        "status: sourced\nsources: [{id: s, name: S, tag: '2'}]\nretail:\n"
        "  price_floor_cny_per_mwh: {value: 372, source: s, confidence: 2}\n"
        "  price_cap_cny_per_mwh: {value: 554, source: s, confidence: 2}\n",
        encoding="utf-8",
    )
    text = PACKAGE.replace("shandong", "guangdong").replace("price: 420", "price: 371.999")
    (checked,) = check_packages([_write(tmp_path, text)], [folder])
    (error,) = checked.errors
    assert (error.line, error.path, error.allowed) == (8, "components[0].price", "372 to 554 yuan/MWh")
    (late,) = check_packages([_write(tmp_path, text)], [folder], date(2027, 1, 1))
    assert "no rule pack of guangdong" in late.errors[0].message


GUANGDONG = PACKAGE.replace("shandong", "guangdong").replace("fee: 8", "fee: 5")


def test_guards__guangdong_takes_a_package_within_its_limits(tmp_path: Path) -> None:
    (checked,) = check_packages([_write(tmp_path, GUANGDONG)], [BUILT_IN])
    assert checked.errors == ()


@pytest.mark.parametrize(
    ("old", "new", "path", "message", "allowed"),
    [
        ("price: 420", "price: 371", "components[0].price", "price 371", "372 to 554 yuan/MWh"),
        ("fee: 5", "fee: 5.001", "components[1].fee", "fee 5.001", "0 to 5 yuan/MWh"),
        ("share: 0.8", "share: 0.65", "components", "linked share of the energy is 0.35", "0.10 to 0.30"),
        (
            "kind: custom",
            "kind: green, value: 50.1}\n  - {kind: custom",
            "components[3].value",
            "50.1",
            "at most 50",
        ),
    ],
)
def test_guards__guangdong_bounds_prices_fees_and_the_linked_share(
    tmp_path: Path, old: str, new: str, path: str, message: str, allowed: str
) -> None:
    (checked,) = check_packages([_write(tmp_path, GUANGDONG.replace(old, new, 1))], [BUILT_IN])
    (error,) = checked.errors
    assert error.path == path
    assert message in error.message
    assert allowed in error.allowed


def test_order__comes_from_the_rule_pack_unless_the_package_gives_one(tmp_path: Path) -> None:
    folder = tmp_path / "packs"
    folder.mkdir()
    (folder / "p.yml").write_text(
        "province: shandong\nversion: 1\neffective_from: 2026-01-01\neffective_to: 2026-12-31\n"
        "status: illustrative\nsources: []\nretail:\n  order_of_operations:\n"
        "    value: [period_fee, cap_floor, month_end_balancing, deviation, green, pass_through, refund]\n"
        "    confidence: illustrative\n",
        encoding="utf-8",
    )
    text = PACKAGE.replace("[energy, deviation]", "[energy]")
    (checked,) = check_packages([_write(tmp_path, text)], [folder])
    assert checked.package is not None
    assert checked.package.order[:4] == ("energy", "cap_floor", "balancing", "deviation")
    assert checked.package.order[4:] == ("green", "service", "pass_through", "refund")
    own = f"order: [{', '.join(STAGES)}]\ncomponents:"
    (given,) = check_packages([_write(tmp_path, text.replace("components:", own))], [folder])
    assert given.package is not None
    assert given.package.order == STAGES


def test_guards__no_cap_gives_the_cooling_off(tmp_path: Path) -> None:
    lines = [line for line in PACKAGE.splitlines() if "cap_floor" not in line]
    (checked,) = check_packages([_write(tmp_path, "\n".join(lines) + "\n")], [BUILT_IN])
    assert any("48 hours to step back" in notice for notice in checked.notices)


def test_read_packages__one_package_in_two_files_is_an_error(tmp_path: Path) -> None:
    first, second = tmp_path / "a.yml", tmp_path / "b.yml"
    for path in (first, second):
        path.write_text(PACKAGE, encoding="utf-8")
    with pytest.raises(PackageFileError, match="the same package as in"):
        read_packages([first, second], [BUILT_IN])


def test_kinds__built_in_ones_come_through_the_entry_points() -> None:
    assert set(kinds()) == {entry.name for entry in entry_points(group=GROUP)}
    assert {"fixed", "tou", "spread", "guarantee", "share", "tiered", "custom", "deviation"} <= set(kinds())


def _case_errors(tmp_path: Path, text: str, name: str = "inputs.yml") -> Sequence[str]:
    packages = read_packages([_write(tmp_path, PACKAGE)], [BUILT_IN])
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackageFileError) as caught:
        read_cases(path, packages)
    return [str(error).removeprefix(f"{tmp_path}/") for error in caught.value.errors]


def test_cases__every_mistake_is_reported_with_its_line(tmp_path: Path) -> None:
    errors = _case_errors(
        tmp_path,
        "month: 2026-06\ncases:\n"
        "  - {case: a, q: 1.0005, ref: x, bas: 3}\n"
        "  - {case: a, package: none, q: 1}\n"
        "  - {case: b, month: June, q: {all: 1, peak: 1}}\n",
    )
    assert [error.split(": ")[0] for error in errors] == ["inputs.yml:3"] * 3 + ["inputs.yml:4"] * 2 + [
        "inputs.yml:5"
    ] * 2
    assert "too many decimals; allowed: at most 3 decimals for MWh" in errors[0]
    assert "no such input" in errors[2]
    assert "a case needs an id of its own" in errors[3]
    assert "no such package" in errors[4]
    assert "given for the month and for periods" in "".join(errors[5:])


def test_cases__csv_is_read_like_yaml(tmp_path: Path) -> None:
    packages = read_packages([_write(tmp_path, PACKAGE)], [BUILT_IN])
    path = tmp_path / "inputs.csv"
    path.write_text(
        "case,package,month,name,period,value\na,,2026-06,q,peak,400\na,,2026-06,q,flat,350.5\n"
        "a,,2026-06,ref,,400\n",
        encoding="utf-8",
    )
    (case,) = read_cases(path, packages)
    found = [(value.name, value.period, str(value.value)) for value in case.inputs]
    assert found == [("q", "peak", "400"), ("q", "flat", "350.5"), ("ref", "all", "400")]
    assert case.month == date(2026, 6, 1)
    (error,) = _case_errors(tmp_path, "case,name\na,q\n", "bad.csv")
    assert "case,package,month,name,period,value" in error
