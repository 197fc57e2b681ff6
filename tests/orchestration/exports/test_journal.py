"""The journal balances for any lines, swaps sides for negative amounts, and books where the chart says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.exports.chart import ChartError, read_chart
from orchestration.exports.journal import JOURNAL, UnbalancedError, balanced, entries
from orchestration.exports.tables import Row, as_dicts

BOOKED_ON = date(2026, 9, 30)
SIDES = ("retail", "wholesale", "recovery", "operation", "income")
fen = st.integers(-(10**13), 10**13).map(lambda value: Decimal(value) / 100)


def _line(side: str = "retail", net: str = "100.00", vat: str = "13.00", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "line_id": f"{side}-{net}",
        "province": "shandong",
        "delivery_month": date(2026, 9, 1),
        "side": side,
        "contract_id": "K1",
        "account_id": "370000000101",
        "customer_id": "C1",
        "stage": "energy",
        "component": "energy",
        "title_zh": "电能量电费",
        "title_en": "Energy",
        "tou_period": "peak",
        "amount_cny": Decimal(net) + Decimal(vat),
        "net_cny": Decimal(net),
        "vat_cny": Decimal(vat),
        **more,
    }


def _booked(rows: list[Row]) -> dict[str, tuple[str, str]]:
    """Debit and credit by account code, as printed."""
    shown = {None: ""}
    return {
        row["account_code"]: (
            shown.get(row["debit_cny"], str(row["debit_cny"])),
            shown.get(row["credit_cny"], str(row["credit_cny"])),
        )
        for row in as_dicts(JOURNAL, rows)
    }


@given(
    st.lists(
        st.tuples(st.sampled_from(SIDES), st.sampled_from(("energy", "channel_commission")), fen, fen),
        max_size=30,
    )
)
def test_journal__every_entry_and_the_whole_balance_to_the_fen(
    drawn: list[tuple[str, str, Decimal, Decimal]],
) -> None:
    """Net and VAT of a correction may even have different signs, as each is a difference of roundings."""
    lines = [
        _line(side, component=component, net_cny=net, vat_cny=vat, amount_cny=net + vat, line_id=str(place))
        for place, (side, component, net, vat) in enumerate(drawn)
    ]
    rows = list(entries(lines, read_chart(), BOOKED_ON, "zh"))
    by_line: dict[str, Decimal] = {}
    for row in as_dicts(JOURNAL, rows):
        debit, credit = row["debit_cny"], row["credit_cny"]
        assert (debit is None) != (credit is None)
        assert (debit or credit) > 0
        by_line.setdefault(row["line_id"], Decimal(0))
        by_line[row["line_id"]] += (debit or 0) - (credit or 0)
    assert set(by_line.values()) <= {Decimal(0)}
    moved = sum((abs(net + vat) + abs(net) + abs(vat) for _, _, net, vat in drawn), Decimal(0)) / 2
    assert {total.value for total in balanced(rows, moved) if total.measure != "rows"} == {f"{moved:.2f}"}


@pytest.mark.parametrize(
    ("side", "component", "expected"),
    [
        ("retail", "energy", {"1122": ("113.00", ""), "6001": ("", "100.00"), "2221.01.01": ("", "13.00")}),
        (
            "wholesale",
            "energy_rt",
            {"2202": ("", "113.00"), "6401.01": ("100.00", ""), "2221.01.02": ("13.00", "")},
        ),
        ("recovery", "x", {"2202": ("", "113.00"), "6401.02": ("100.00", ""), "2221.01.02": ("13.00", "")}),
        ("operation", "x", {"2202": ("", "113.00"), "6401.03": ("100.00", ""), "2221.01.02": ("13.00", "")}),
        ("income", "service", {"1122": ("113.00", ""), "6051": ("", "100.00"), "2221.01.01": ("", "13.00")}),
    ],
)
def test_entry__of_each_side(side: str, component: str, expected: Mapping[str, tuple[str, str]]) -> None:
    rows = list(entries([_line(side, component=component)], read_chart(), BOOKED_ON, "en"))
    assert _booked(rows) == expected


def test_entry__negative_amounts_swap_sides() -> None:
    """Money returned to the retailer is a negative cost; a commission is negative income, an expense."""
    returned = entries([_line("recovery", "-100.00", "-13.00")], read_chart(), BOOKED_ON, "en")
    assert _booked(list(returned)) == {
        "2202": ("113.00", ""),
        "6401.02": ("", "100.00"),
        "2221.01.02": ("", "13.00"),
    }
    commission = _line("income", "-50.00", "-3.00", component="channel_commission")
    assert _booked(list(entries([commission], read_chart(), BOOKED_ON, "en"))) == {
        "2202": ("", "53.00"),
        "6601": ("50.00", ""),
        "2221.01.02": ("3.00", ""),
    }


def test_entry__says_what_it_is_for_and_nothing_without_an_amount() -> None:
    lines = [_line(net="0.00", vat="0.00"), _line(net="5.00", vat="0.00", line_id="b")]
    rows = as_dicts(JOURNAL, entries(lines, read_chart(), BOOKED_ON, "zh"))
    assert [(row["entry_no"], row["line_id"]) for row in rows] == [(1, "b"), (1, "b")]
    assert rows[0]["text"] == "2026-09 零售 电能量电费 高峰 K1 370000000101"
    assert (rows[0]["account_name"], rows[0]["booked_on"]) == ("应收账款", BOOKED_ON)


def test_entry__charges_passed_on_are_no_revenue() -> None:
    rows = list(entries([_line(stage="pass_through")], read_chart(), BOOKED_ON, "en"))
    assert _booked(rows) == {"1122": ("113.00", ""), "2241": ("", "100.00"), "2221.01.01": ("", "13.00")}


def test_chart__a_file_takes_the_place_of_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "chart.yml"
    path.write_text(
        "accounts:\n  green: {code: '6001.02', zh: 绿电收入, en: Green sales}\n"
        "  payable: {code: '2202.77', zh: 应付, en: Payables}\n"
        "sides:\n  retail:\n    components:\n      green: {result: green}\n",
        encoding="utf-8",
    )
    chart = read_chart(path)
    green = _booked(list(entries([_line(component="green")], chart, BOOKED_ON, "en")))
    assert green == {"1122": ("113.00", ""), "6001.02": ("", "100.00"), "2221.01.01": ("", "13.00")}
    bought = _booked(list(entries([_line("wholesale")], chart, BOOKED_ON, "en")))
    assert "2202.77" in bought
    plain = _booked(list(entries([_line()], chart, BOOKED_ON, "en")))
    assert "6001" in plain


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            "sides:\n  retail: {result: cash}\n",
            r"chart\.yml: all: .*sides\.retail books on 'cash', which is no account",
        ),
        ("sides:\n  retail: {direction: up}\n", r"sides\.retail\.direction: .*to_retailer"),
        ("account: {}\n", r"account: Extra inputs"),
        ("- a\n", "holds no mapping"),
        ("a: [\n", "cannot be read as YAML"),
    ],
)
def test_chart__a_wrong_file_is_refused_by_place_and_value(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "chart.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ChartError, match=told) as refused:
        read_chart(path)
    assert "Remedy" in str(refused.value)


def test_entry__a_side_without_accounts_is_refused_by_name() -> None:
    with pytest.raises(ChartError, match=r"side 'barter' .*known sides: income.*Remedy"):
        list(entries([_line("barter")], read_chart(), BOOKED_ON, "zh"))


def test_entry__a_line_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(UnbalancedError, match=r"line x: net 100\.00 and VAT 13\.00 are not 113\.01"):
        list(entries([_line(amount_cny=Decimal("113.01"), line_id="x")], read_chart(), BOOKED_ON, "zh"))


def test_balanced__refuses_rows_that_lost_something() -> None:
    rows = list(entries([_line()], read_chart(), BOOKED_ON, "zh"))
    with pytest.raises(UnbalancedError, match=r"debits are 113\.00, credits 100\.00"):
        balanced(rows[:2], Decimal("113.00"))
    with pytest.raises(UnbalancedError, match=r"the lines move 226\.00"):
        balanced(rows, Decimal("226.00"))
