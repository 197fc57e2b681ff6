"""Corrections of closed months: by each method, within reach, once, and the books re-add."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ingestion.market_rules import load_packs
from orchestration.ledger.closing import close_month
from orchestration.ledger.correcting import book_corrections, proposal
from orchestration.ledger.marts_run import LedgerError
from orchestration.warehouse import Warehouse
from tests.dbt.pipeline import rows
from tests.ledger.acts import content, land, ledger_content, refresh
from tests.ledger.books import (
    DIFFERENCE,
    FIRST,
    FULL,
    MEAN,
    METHODS,
    NONE,
    OUT,
    SECOND,
    late_draws,
    late_energy,
    late_prices,
    write_correction_pack,
)

pytestmark = pytest.mark.integration
# what the books hold of a month, with its corrections, beside what is settled from what is known now
BOOKS_LESS_HEAD = """
    select natural_line_id, sum(quantity_mwh), sum(amount_cny), sum(net_cny)
    from (
        select natural_line_id, coalesce(quantity_mwh, 0) as quantity_mwh, amount_cny, net_cny
        from ledger.settlement_line where province = :province and origin_month = :month
        union all
        select line_id, -coalesce(quantity_mwh, 0), -amount_cny, -net_cny
        from intermediate.int_settlement_line where province = :province and delivery_month = :month
    ) as both_sides
    group by natural_line_id
    having sum(quantity_mwh) <> 0 or sum(amount_cny) <> 0 or sum(net_cny) <> 0
"""
SHARES_LESS_HEAD = """
    select natural_line_id, contract_id, sum(amount_cny) as amount_cny, sum(energy_wh) as energy_wh
    from (
        select l.natural_line_id, s.contract_id, s.amount_cny, s.energy_wh
        from ledger.settlement_share s join ledger.settlement_line l using (line_id)
        where l.province = :province and l.origin_month = :month
        union all
        select line_id, contract_id, -amount_cny, -energy_wh
        from intermediate.int_settlement_share where province = :province and delivery_month = :month
    ) as both_sides
    group by natural_line_id, contract_id having sum(amount_cny) <> 0 or sum(energy_wh) <> 0
"""
CLOSED_LESS_HEAD = """
    select contract_id from (
        select c.contract_id, c.energy_wh
        from ledger.settlement_contract c join ledger.settlement_run r using (run_id)
        where r.province = :province and r.origin_month = :month
        union all
        select contract_id, -sum(energy_wh) from intermediate.int_contract_day_value
        where province = :province and delivery_month = :month group by contract_id
    ) as both_sides group by contract_id having sum(energy_wh) <> 0
"""


def test_full__books_readd_to_the_corrected_data_whatever_comes_late(
    books: Warehouse, ledger: sa.Engine, dbt_target: Path, tmp_path: Path
) -> None:
    """Energy, prices, then a VAT rate as well: each time original + corrections = the data settled anew."""
    close_month(ledger, FIRST, "Li Na", FULL)
    chain: dict[str, str] = {}
    for round_no, late in enumerate((late_draws, late_prices, late_draws)):
        land(books, late(tmp_path, 100 + round_no))
        if round_no == 2:
            write_correction_pack(tmp_path / "packs", FULL, "full", 12, vat_rate="0.06")
            load_packs(books.admin, [tmp_path / "packs"])
        refresh(books, dbt_target)
        assert rows(books.admin, BOOKS_LESS_HEAD, province=FULL, month=FIRST) != []
        (booked,) = book_corrections(ledger, FIRST, "Li Na", FULL)
        assert (booked.origin_month, booked.booked_month) == (FIRST, SECOND)
        assert ("rule_revised" in booked.reason) == (round_no == 2)
        for law in (BOOKS_LESS_HEAD, SHARES_LESS_HEAD, CLOSED_LESS_HEAD):
            assert rows(books.admin, law, province=FULL, month=FIRST) == [], law
        _follows_on(books, booked.run_id, chain)
        before = ledger_content(books.admin)
        assert book_corrections(ledger, FIRST, "Li Na", FULL) == []
        assert ledger_content(books.admin) == before


def _follows_on(books: Warehouse, run_id: int, chain: dict[str, str]) -> None:
    """Every delta line supersedes the newest line of its kind, and carries a reason."""
    query = "select * from ledger.settlement_line where run_id = :run"
    for line in rows(books.admin, query, run=run_id):
        natural = line["natural_line_id"]
        assert line["supersedes_line_id"] == chain.get(natural, natural)
        assert line["reason_code"] is not None
        chain[natural] = line["line_id"]


def test_methods__mean_price_price_difference_and_the_limits(
    books: Warehouse, ledger: sa.Engine, dbt_target: Path, tmp_path: Path
) -> None:
    """5 MWh late in slot 60, where the real-time price is 500 and its mean of the month 450 (domain §4.5)."""
    close_month(ledger, FIRST, "Li Na")
    land(books, *(late_energy(tmp_path, province, 5) for province in METHODS))
    refresh(books, dbt_target)
    assert [_told(row) for row in proposal(ledger, FIRST, MEAN)] == [
        ("proposed", "retail", "energy", "5.000", "420.000", "2100.00", "mean_of_contract", None),
        ("proposed", "wholesale", "energy_rt", "5.000", "450.000", "2250.00", "mean_of_market", None),
    ]
    # Hunan: (402 - 410) x 5 = -40
    assert [_told(row) for row in proposal(ledger, FIRST, DIFFERENCE)] == [
        ("proposed", "retail", "price_difference", "5.000", "-8.000", "-40.00", "price_difference", None)
    ]
    for province, code, words in (
        (OUT, "out_of_reach", "2026-02 is 1 months before 2026-03, the pack reaches back 0"),
        (NONE, "rule_missing", "the rule pack has no settlement.correction_method"),
    ):
        refused = proposal(ledger, FIRST, province)
        assert {(row["status"], row["refusal_code"], row["refusal"]) for row in refused} == {
            ("refused", code, words)
        }
        assert {row["side"] for row in refused} == {"retail", "wholesale"}
    booked = book_corrections(ledger, FIRST, "Li Na", reason="meter_fault")
    assert [(one.province, one.margin_cny, one.reason) for one in booked if one.province != FULL] == [
        (DIFFERENCE, Decimal("-40.00"), "meter_fault"),
        (MEAN, Decimal("-150.00"), "meter_fault"),
    ]
    before = ledger_content(books.admin)
    assert book_corrections(ledger, FIRST, "Li Na") == []
    assert ledger_content(books.admin) == before
    assert proposal(ledger, FIRST, MEAN) == []
    assert proposal(ledger, FIRST, DIFFERENCE) == []
    _shows_in_the_statement_of_the_open_month(books, ledger, dbt_target)

    # a tenth of the month and more is retraced by its hours, on what the books hold by then
    land(books, late_energy(tmp_path, MEAN, 40, "more"), late_energy(tmp_path, DIFFERENCE, 3, "less"))
    refresh(books, dbt_target)
    traced = proposal(ledger, FIRST, MEAN)
    assert [_told(row)[2:7] for row in traced] == [
        ("energy", "35.000", "420.000", "14700.00", "full"),
        ("energy_rt", "35.000", None, "17750.00", "full"),  # 40 x 500 - 5 x 450
    ]
    assert [_told(row)[3:6] for row in proposal(ledger, FIRST, DIFFERENCE)] == [("-2.000", "-8.000", "16.00")]


def _told(row: dict[str, Any]) -> tuple[Any, ...]:
    numbers = (row[name] for name in ("quantity_mwh", "price_cny_per_mwh", "amount_cny"))
    shown = tuple(None if number is None else str(number) for number in numbers)
    return (row["status"], row["side"], row["component"], *shown, row["treatment"], row["refusal_code"])


def _shows_in_the_statement_of_the_open_month(books: Warehouse, ledger: sa.Engine, target: Path) -> None:
    """The closed month stays; the month of booking shows the delta, before and after it is closed itself."""
    february = content(books.admin)
    refresh(books, target)
    assert content(books.admin) == february
    query = (
        "select * from marts_settlement.settlement_month"
        " where province = :province and delivery_month = :month"
    )
    (first,), (second,) = (rows(books.admin, query, province=MEAN, month=month) for month in (FIRST, SECOND))
    assert first["correction_cny"] == 0
    assert second["correction_cny"] == Decimal("-150.00")
    assert second["retail_cny"] == 31 * Decimal("9.6") * 420 + 2100
    assert second["sales_mean_cny_per_mwh"] == 420
    (margin,) = rows(
        books.admin,
        "select correction_cny, retail_cny from marts_settlement.settlement_margin"
        " where province = :province and delivery_month = :month",
        province=DIFFERENCE,
        month=SECOND,
    )
    retail = 31 * Decimal("9.6") * 402 - 40
    assert margin == {"correction_cny": Decimal("-40.00"), "retail_cny": retail}
    march = content(books.admin, SECOND.isoformat())
    close_month(ledger, SECOND, "Li Na", MEAN)
    close_month(ledger, SECOND, "Li Na", DIFFERENCE)
    refresh(books, target, "--full-refresh")
    assert content(books.admin, SECOND.isoformat()) == march
    assert proposal(ledger, FIRST, MEAN) == []


def test_mean_price__names_what_it_does_not_recompute(
    books: Warehouse, ledger: sa.Engine, dbt_target: Path, tmp_path: Path
) -> None:
    with pytest.raises(LedgerError, match="2026-02 is not closed: later data changes its own lines"):
        book_corrections(ledger, FIRST, "Li Na")
    close_month(ledger, FIRST, "Li Na", MEAN)
    land(books, late_prices(tmp_path, 3, MEAN))
    refresh(books, dbt_target)
    (refused,) = proposal(ledger, FIRST)
    assert _told(refused)[::7] == ("refused", "not_recomputed")
    assert refused["refusal"] == "mean_price corrects quantities; the amount of energy_rt is not recomputed"
    assert book_corrections(ledger, FIRST, "Li Na") == []
