"""Calculate the formulas of a workbook as a spreadsheet program would, and compare with what is stored."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet


def recalculated(path: Path) -> dict[str, tuple[Decimal, Decimal]]:
    """Every formula cell: what it stores and what it comes to, both at six decimals."""
    formulas, stored = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    found = {}
    for page in formulas.worksheets:
        for row in page.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    value = stored[page.title][cell.coordinate].value
                    result = _value(page, cell.coordinate)
                    found[f"{page.title}!{cell.coordinate}"] = (_decimal(value), result)
    return found


def _value(page: Worksheet, coordinate: str) -> Decimal:
    content = page[coordinate].value
    if not isinstance(content, str) or not content.startswith("="):
        assert content is None or isinstance(content, int | float), (coordinate, content)
        return _decimal(content or 0)
    if summed := re.fullmatch(r"=SUM\(([A-Z0-9:,]+)\)", content):
        return sum((_area(page, area) for area in summed[1].split(",")), Decimal(0))
    reference = re.fullmatch(r"=([A-Z]+[0-9]+)", content)
    assert reference, f"{coordinate} holds {content}, which this reader does not know"
    return _value(page, reference[1])


def _area(page: Worksheet, area: str) -> Decimal:
    if ":" not in area:
        return _value(page, area)
    cells = (cell.coordinate for row in page[area] for cell in row)
    return sum((_value(page, coordinate) for coordinate in cells), Decimal(0))


def _decimal(value: object) -> Decimal:
    return Decimal(repr(value)).quantize(Decimal("0.000001"))
