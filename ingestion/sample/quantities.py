"""How the sample's contracts break their year down, and who asked for another quantity (made up).

Every contract that begins with the year has an annual quantity and templates. A few deliver no monthly
quantities, so that their months come from the year; their year template holds the same planned MWh. Requests
to adjust keep to the contracts' rights or do not: each way of being refused occurs once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ingestion.sample.config import FIRST_ON, SOURCE_CRM, at
from ingestion.sample.contracts import Contract
from ingestion.sample.writer import Cell, Delivery, Sheet, xlsx_bytes

ANNUAL_ONLY = frozenset({20, 21, 22})
"""Customer numbers whose contracts deliver a year and no months."""

_KNOWN = at(date(2025, 12, 28), 16)
_VERSION = "2026-1"
_HEADER = [
    "contract_id", "delivery_year", "annual_mwh", "year_template_id", "year_template_version",
    "month_template_id", "month_template_version", "day_template_kind", "day_template_id",
    "day_template_version", "adjust_up_rate", "adjust_down_rate", "adjust_notice_days",
    "adjust_times_per_year",
]  # fmt: skip
_TEMPLATE_HEADER = ["template_id", "template_version", "template_kind", "day_type", "part", "weight"]
_REQUEST_HEADER = [
    "contract_id", "delivery_month", "adjustment_no", "adjusted_mwh", "requested_on", "requested_by",
    "reason",
]  # fmt: skip
_DAY_WEIGHTS = {
    "M-WORKS": {"workday": 100, "saturday": 80, "sunday": 55, "holiday": 40},
    "M-SHOPS": {"workday": 100, "saturday": 118, "sunday": 121, "holiday": 125},
}
_WORKING_DAY = (60,) * 6 + (75, 95) + (120,) * 4 + (100, 110) + (120,) * 4 + (105, 95, 85, 75, 65, 60)
_LEVEL_DAY = (90,) * 8 + (105,) * 8 + (100,) * 8
_RIGHTS: dict[int, tuple[str, str, int, int]] = {
    15: ("0.10", "0.10", 15, 2), 17: ("0.10", "0.05", 15, 3), 18: ("0.08", "0.08", 10, 1),
    26: ("0.15", "0.10", 20, 4),
}  # fmt: skip
"""Customer number: up, down, notice in days, times a year. The others have no right."""

_REQUESTS: tuple[tuple[int, int, int, int, date, str], ...] = (
    (15, 7, 1, 1060, date(2026, 6, 10), "new line from July"),
    (15, 8, 1, 1300, date(2026, 7, 1), "further line"),
    (17, 9, 1, 960, date(2026, 8, 28), "overhaul brought forward"),
    (18, 5, 1, 950, date(2026, 4, 10), "fewer orders"),
    (18, 6, 1, 950, date(2026, 5, 11), "fewer orders"),
    (19, 10, 1, 1020, date(2026, 9, 10), "extra shift"),
)
"""Customer number, month, number, per mille of the plan, day, reason: accepted, over the rate, too late,
accepted, too often, no right.
"""


def quantity_deliveries(contracts: list[Contract]) -> Iterator[Delivery]:
    """Give the annual quantities with their templates, and a workbook per day of requests."""
    yearly = [c for c in contracts if c.from_on == FIRST_ON]
    sheets: dict[str, Sheet] = {
        "curve_template": (_TEMPLATE_HEADER, _template_rows(yearly)),
        "contract_distribution": (_HEADER, [_distribution(c) for c in yearly]),
    }
    yield Delivery("contract-distribution.xlsx", _KNOWN, SOURCE_CRM, xlsx_bytes(sheets))
    of_customer = {c.customer.number: c for c in yearly}
    for day in sorted({request[4] for request in _REQUESTS}):
        rows = [_request(of_customer[r[0]], r) for r in _REQUESTS if r[4] == day]
        book = xlsx_bytes({"quantity_adjustment": (_REQUEST_HEADER, rows)})
        yield Delivery(f"adjustments-{day}.xlsx", at(day, 16), SOURCE_CRM, book)


def _day_template(contract: Contract) -> tuple[str, str | None]:
    """Kind and template: the works' own day, the typical day, the hours of a period, or the system's load."""
    kinds: tuple[tuple[str, str | None], ...] = (
        ("custom", "D-WORKS"), ("D1", "D1-2026"), ("D2", None), ("D3", None), ("D4", None), ("D1", None),
    )  # fmt: skip
    rare = {4: 2, 9: 3, 13: 4, 25: 5}
    return kinds[rare.get(contract.customer.number, contract.customer.number % 2)]


def _distribution(contract: Contract) -> list[Cell]:
    number, plan = contract.customer.number, contract.quantity_mwh
    kind, template = _day_template(contract)
    year = f"Y-{contract.customer.customer_id}" if number in ANNUAL_ONLY else "Y-2026"
    month = "M-SHOPS" if contract.customer.industry in {"retail", "catering"} else "M-WORKS"
    up, down, notice, times = _RIGHTS.get(number, (None, None, None, None))
    rights: list[Cell] = [Decimal(up) if up else None, Decimal(down) if down else None, notice, times]
    return [
        contract.contract_id, FIRST_ON.year, sum(plan.values()), year, _VERSION, month, _VERSION, kind,
        template, _VERSION if template else None, *rights,
    ]  # fmt: skip


def _template_rows(contracts: list[Contract]) -> list[list[Cell]]:
    """Y of the whole book and of each contract without months, M per day type, D1 and the works' own day."""
    rows: list[list[Cell]] = []
    whole = {month: sum(c.quantity_mwh.get(month, 0) for c in contracts) for month in range(1, 13)}
    own = {
        f"Y-{c.customer.customer_id}": c.quantity_mwh for c in contracts if c.customer.number in ANNUAL_ONLY
    }
    for name, plan in ({"Y-2026": whole} | own).items():
        rows += [[name, _VERSION, "Y", None, month, plan.get(month, 0)] for month in range(1, 13)]
    for name, weights in _DAY_WEIGHTS.items():
        rows += [[name, _VERSION, "M", day_type, None, weight] for day_type, weight in weights.items()]
    for name, kind in (("D1-2026", "D1"), ("D-WORKS", "custom")):
        rows += _day_rows(name, kind, "all", _WORKING_DAY if kind == "custom" else _LEVEL_DAY)
    rows += _day_rows("D-WORKS", "custom", "holiday", _LEVEL_DAY)
    return rows


def _day_rows(name: str, kind: str, day_type: str, weights: tuple[int, ...]) -> list[list[Cell]]:
    return [[name, _VERSION, kind, day_type, hour, weight] for hour, weight in enumerate(weights, 1)]


def _request(contract: Contract, request: tuple[int, int, int, int, date, str]) -> list[Cell]:
    _, month, number, per_mille, day, reason = request
    asked = Decimal(contract.quantity_mwh[month]) * per_mille / 1000
    return [
        contract.contract_id, f"2026-{month:02d}", number, asked, day, contract.customer.customer_id, reason,
    ]  # fmt: skip
