"""``wattledger rules``: what it says about packs and about a wrong file. Needs no server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from orchestration.commands.rules import app

PACK = """\
province: testland
version: 2026.1
effective_from: 2026-01-01
status: sourced
sources: []
settlement:
  vat_rate: {value: 0.13, confidence: G}
  form: {value: null, note: not read}
"""


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


@pytest.fixture
def own_packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packs of the user's own, known to the command."""
    monkeypatch.setenv("WATTLEDGER_RULE_PACKS", str(tmp_path))
    (tmp_path / "testland.yml").write_text(PACK, encoding="utf-8")
    return tmp_path


def test_list__says_what_each_pack_has(own_packs: Path) -> None:
    packs = json.loads(_run("list", "--json").stdout)
    (testland,) = [pack for pack in packs if pack["province"] == "testland"]
    assert testland == {
        "province": "testland",
        "version": "2026.1",
        "effective_from": "2026-01-01",
        "effective_to": None,
        "status": "sourced",
        "sections": ["settlement"],
        "sourced": 1,
        "illustrative": 0,
        "null": 1,
    }
    assert len({pack["province"] for pack in packs}) == 35
    table = _run("list").stdout
    assert "testland" in table
    assert "1 / 0 / 1" in table


def test_list__two_packs_of_one_day_are_an_error(own_packs: Path) -> None:
    (own_packs / "again.yml").write_text(PACK, encoding="utf-8")
    result = _run("list")
    assert result.exit_code == 1
    assert "overlaps" in result.output


def test_show__each_value_with_its_source() -> None:
    rows = json.loads(_run("show", "guangdong", "--on", "2026-09-15", "--json").stdout)
    by_path = {row["path"]: row for row in rows}
    price = by_path["tariff.transmission_distribution"]
    assert price["confidence"] == "S"
    assert "发改价格〔2026〕1077号, annex 1" in price["source"]
    assert "hot_day" in by_path["tou.conditions"]["value"]
    assert by_path["settlement.form"]["value"] == ""
    assert by_path["settlement.form"]["note"] == "no source found"
    assert "hot_day" in _run("show", "guangdong", "--on", "2026-09-15").stdout


def test_show__a_day_without_a_pack_says_what_there_is() -> None:
    result = _run("show", "guangdong", "--on", "2027-01-01")
    assert result.exit_code == 1
    assert "2026-08-01 to 2026-12-31" in result.output


def test_validate__every_error_of_every_file_at_once(tmp_path: Path) -> None:
    files = []
    for name, old, new in (("rate", "0.13", "[13]"), ("key", "form:", "from:"), ("good", "G}", "G}")):
        path = tmp_path / f"{name}.yml"
        path.write_text(PACK.replace("testland", name).replace(old, new), encoding="utf-8")
        files.append(str(path))
    result = _run("validate", *files, str(tmp_path / "absent.yml"))
    assert result.exit_code == 1
    assert "4 files, 3 errors" in result.stdout
    shown = result.stdout.replace("\n", " ")
    assert "settlement.vat_rate.value" in shown
    assert "settlement.from" in shown
    assert "cannot be read" in shown
    errors = json.loads(_run("validate", "--json", *files).stdout)
    assert [(error["path"], Path(error["file"]).name) for error in errors] == [
        ("settlement.vat_rate.value", "rate.yml"),
        ("settlement.from", "key.yml"),
    ]
    assert "form" in errors[1]["allowed"]


def test_validate__overlap_of_two_files_is_an_error_and_a_sound_file_is_not(tmp_path: Path) -> None:
    paths = [tmp_path / "one.yml", tmp_path / "two.yml"]
    for path in paths:
        path.write_text(PACK, encoding="utf-8")
    assert _run("validate", str(paths[0])).exit_code == 0
    assert "overlaps" in _run("validate", *map(str, paths)).stdout.replace("\n", " ")
