"""Template workbooks: reproducible, and they say what every column wants."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from ingestion.feeds import registry
from ingestion.templates import write_template


@pytest.mark.parametrize("name", ["meter_day", "customer"])
def test_write_template__equal_input_gives_equal_bytes(tmp_path: Path, name: str) -> None:
    first = write_template(name, tmp_path / "a.xlsx").read_bytes()
    assert first == write_template(registry()[name], tmp_path / "sub" / "b.xlsx").read_bytes()


def test_write_template__header_rules_and_choices(tmp_path: Path) -> None:
    feed = registry()["trade_day"]
    workbook = openpyxl.load_workbook(write_template(feed, tmp_path / "t.xlsx"))
    sheet = workbook["trade_day"]
    assert [cell.value for cell in sheet[1]] == list(feed.file_columns)
    assert sheet.max_row == 1, "a template carries no example that could be delivered by mistake"
    comments = {cell.value: cell.comment.text for cell in sheet[1] if cell.comment}
    assert "one of buy, sell" in comments["side"]
    assert "00:00-01:00" in comments["h01"]
    lists = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    assert '"buy,sell"' in lists.values()
    rules = [row[0].value for row in workbook["rules"].iter_rows(min_row=5)]
    assert rules == [column.name for column in feed.columns] + ["h01 to h24"]


def test_write_template__unknown_feed(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        write_template("nothing", tmp_path / "x.xlsx")
