"""Made-up statements in the shape of the marts. Sums are added up here, as SQL does it for real ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

from orchestration.exports.statements import ContractPart, Stage, Statement, Totals

MONTH = date(2026, 9, 1)
FEN = Decimal("0.01")
STAGES = {
    "energy": ("电能量电费", "Energy fee"),
    "deviation": ("偏差费用", "Deviation charge"),
    "green": ("绿电环境价值", "Green value"),
    "service": ("服务费", "Service fee"),
}


def line(
    title: tuple[str, str],
    stage: str,
    quantity: str | None,
    price: str | None,
    *,
    account: str | None = "370000000101",
    period: str = "all",
    amount: str | None = None,
    counts: bool | None = None,
    vat_rate: str = "0.13",
) -> dict[str, Any]:
    """A line; without an amount it is quantity times price."""
    if amount is None:
        assert quantity is not None
        assert price is not None
        gross = (Decimal(quantity) * Decimal(price)).quantize(FEN, ROUND_HALF_UP)
    else:
        gross = Decimal(amount)
    net = (gross / (1 + Decimal(vat_rate))).quantize(FEN, ROUND_HALF_UP)
    return {
        "line_id": f"{stage}-{title[1]}-{account}-{period}",
        "stage": stage,
        "stage_zh": STAGES[stage][0],
        "stage_en": STAGES[stage][1],
        "title_zh": title[0],
        "title_en": title[1],
        "component": title[1],
        "account_id": account,
        "tou_period": period,
        "counts_energy": stage == "energy" if counts is None else counts,
        "quantity_mwh": None if quantity is None else Decimal(quantity),
        "price_cny_per_mwh": None if price is None else Decimal(price),
        "average_price_cny_per_mwh": Decimal("411.125") if price is None and quantity else None,
        "amount_cny": gross,
        "vat_rate": Decimal(vat_rate),
        "net_cny": net,
        "vat_cny": gross - net,
        "origin_month": MONTH,
        "reason_code": None,
    }


def totals(lines: Iterable[dict[str, Any]]) -> Totals:
    """What SQL's grouping sets say of these lines."""
    found = list(lines)
    counted = [entry["quantity_mwh"] for entry in found if entry["counts_energy"]]
    return Totals(
        len(found),
        sum(counted, Decimal("0.000")) if counted else None,
        *(
            sum((entry[name] for entry in found), Decimal("0.00"))
            for name in ("amount_cny", "net_cny", "vat_cny")
        ),
    )


def contract(number: str, lines: list[dict[str, Any]], **head: Any) -> ContractPart:  # noqa: ANN401
    """A contract's part of a statement."""
    by_stage = [(stage, list(part)) for stage, part in groupby(lines, key=lambda entry: entry["stage"])]
    accounts: dict[str | None, list[dict[str, Any]]] = {}
    for entry in lines:
        accounts.setdefault(entry["account_id"], []).append(entry)
    whole = totals(lines)
    points = [
        {
            "contract_id": number,
            "account_id": account,
            "metering_point_id": f"MP-{account[-4:]}",
            "meter_ids": "M-1, M-2",
            "from_on": MONTH,
            "to_on": date(2026, 9, 30),
            "energy_mwh": Decimal("12.346"),
        }
        for account in accounts
        if account is not None
    ]
    return ContractPart(
        head={
            "contract_id": number,
            "province": "shandong",
            "province_name": "山东",
            "effective_from": date(2026, 1, 1),
            "effective_to": date(2026, 12, 31),
            "package_type": "fixed",
            "package_id": "sample_mixed",
            "package_version": "1",
            "package_title_zh": "固定加联动混合套餐",
            "package_title_en": "Fixed and linked",
            "pack_versions": "2026.1",
            "pack_hashes": "0123456789abcdef" * 4,
            "accounts": len(points),
            "metering_points": len(points),
            "amount_cny": whole.amount_cny,
            "is_illustrative": True,
            **head,
        },
        stages=tuple(Stage(*STAGES[stage], tuple(part), totals(part)) for stage, part in by_stage),
        accounts=tuple((account, totals(part)) for account, part in accounts.items()),
        points=tuple(points),
        total=whole,
    )


def statement(
    *contracts: ContractPart, name: str = "鲁岳精细化工有限公司", number: str = "C001"
) -> Statement:
    """A statement of these contracts."""
    lines = [dict(entry) for part in contracts for stage in part.stages for entry in stage.lines]
    rates = sorted({entry["vat_rate"] for entry in lines})
    return Statement(
        customer_id=number,
        zh=name,
        en="Luyue Fine Chemicals",
        month=MONTH,
        contracts=contracts,
        taxes=tuple((rate, totals(e for e in lines if e["vat_rate"] == rate)) for rate in rates),
        total=totals(lines),
    )


FIXED, LINKED, COAL = ("固定价", "fixed price"), ("联动价", "linked price"), ("煤电联动", "coal-linked step")
MIXED = contract(
    "SD26-001-1",
    [
        line(FIXED, "energy", "806.144", "397.000"),
        line(FIXED, "energy", "96.001", "397.000", account="370000000102"),
        line(LINKED, "energy", "201.536", None, amount="82857.43"),
        line(LINKED, "energy", "24.000", None, amount="9867.00", account="370000000102"),
        line(COAL, "energy", "1127.681", "1.250", counts=False),
        line(("月度偏差", "monthly deviation"), "deviation", "30.000", "20.000", account=None),
        line(("绿证", "green certificates"), "green", "100.000", "20.000", account=None, vat_rate="0.06"),
        line(("服务费返还", "service fee returned"), "service", None, None, account=None, amount="-0.05"),
    ],
)
PERIODS = {
    "sharp": "537.000",
    "peak": "480.000",
    "flat": "407.000",
    "valley": "317.000",
    "deep_valley": "268.000",
}
TOU = contract(
    "SD26-004-1",
    [
        line(
            ("分时电价", "time-of-use price"),
            "energy",
            f"{100 + place}.00{place}",
            price,
            account="370000000104",
            period=period,
        )
        for place, (period, price) in enumerate(PERIODS.items())
    ],
    package_id=None,
    package_type="tou_fixed",
    is_illustrative=False,
)
BOTH = statement(MIXED, TOU)
LONG = statement(
    contract(
        "SD26-900-1",
        [
            line(
                ("分时电价", "time-of-use price"),
                "energy",
                "1.001",
                price,
                account=f"3700001{place:05d}",
                period=period,
            )
            for place in range(60)
            for period, price in PERIODS.items()
        ],
    ),
    name="超长" * 60,
    number="C900",
)
