"""From an amount back to the lines of the files that it rests on, as they counted when it was computed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from orchestration.ledger.closing import close_month
from orchestration.ledger.correcting import book_corrections
from orchestration.ledger.explaining import explain
from orchestration.ledger.marts_run import LedgerError
from orchestration.warehouse import Warehouse
from tests.dbt.pipeline import rows
from tests.ledger.acts import land, refresh
from tests.ledger.books import DIFFERENCE, FIRST, FULL, LATE_DAY, MEAN, late_energy, metering

pytestmark = pytest.mark.integration
LINE = """
    select line_id from marts_settlement.settlement_line
    where province = :province and delivery_month = :month and side = :side and component = :component
        and tou_period = :period order by contract_id limit 1
"""


def _line(engine: sa.Engine, province: str, side: str, component: str, period: str = "all") -> str:
    values = {"province": province, "side": side, "component": component, "period": period}
    return str(rows(engine, LINE, month=FIRST, **values)[0]["line_id"])


def test_explain__adds_up_to_the_line_before_and_after_late_data(
    books: Warehouse, ledger: sa.Engine, dbt_target: Path, tmp_path: Path
) -> None:
    engine = books.engine("wl_transform")
    retail = _line(books.admin, FULL, "retail", "energy", "peak")
    bought = _line(books.admin, FULL, "wholesale", "energy_rt")
    before = explain(engine, retail)
    assert before["run"] is None
    assert before["price"]["price_cny_per_mwh"] == before["line"]["price_cny_per_mwh"] == 587
    assert before["price"]["file_name"] == "contract_price.csv"
    assert (before["contract"]["file_name"], before["contract"]["line_no"]) == ("contract.csv", 3)
    assert len(before["meter_days"]) == 28
    peak = sum(sum(metering(FULL, "bk_full-b-m", row["delivery_on"])[32:80]) for row in before["meter_days"])
    assert sum(row["energy_wh"] for row in before["meter_days"]) == peak * 1000
    assert before["line"]["quantity_mwh"] == Decimal(peak) / 1000
    assert {row["file_name"] for row in before["meter_days"]} == {"meter_day.csv"}
    assert before["pack"]["sources"] == [{"id": "tests", "name": "an invented province", "tag": "G"}]

    close_month(ledger, FIRST, "Li Na")
    land(
        books,
        late_energy(tmp_path, FULL, 5),
        late_energy(tmp_path, MEAN, 5),
        late_energy(tmp_path, DIFFERENCE, 5),
    )
    refresh(books, dbt_target)
    after = explain(engine, retail)
    assert (after["run"]["closed_by"], after["run"]["kind"]) == ("Li Na", "settlement")
    assert after["meter_days"] == before["meter_days"]
    purchase = explain(engine, bought)
    assert len(purchase["meter_days"]) == 4 * 28
    energy = sum(row["energy_wh"] for row in purchase["meter_days"])
    assert energy == sum(share["energy_wh"] for share in purchase["shares"])
    assert sum(share["amount_cny"] for share in purchase["shares"]) == purchase["line"]["amount_cny"]
    assert {(row["price_series"], row["file_name"]) for row in purchase["prices"]} == {
        ("da_unified", "market_price_day.csv"),
        ("rt_unified", "market_price_day.csv"),
    }
    assert len(purchase["days"]) == len(purchase["day_ahead"]) == 28
    assert len(purchase["trades"]) == 2 * 28
    book_corrections(ledger, FIRST, "Zhao Min", reason="meter_fault")
    _explains_a_correction(books, engine)
    engine.dispose()


def _explains_a_correction(books: Warehouse, engine: sa.Engine) -> None:
    """The delta line names what it follows on, why, and the meter-day that differs, in both versions."""
    query = (
        "select line_id, natural_line_id from ledger.settlement_line"
        " where reason_code is not null and province = :p and side = :side"
    )
    (booked,) = rows(books.admin, query, p=MEAN, side="retail")
    told = explain(engine, booked["line_id"])
    assert told["line"]["reason_code"] == "meter_fault"
    assert (told["run"]["kind"], told["run"]["closed_by"]) == ("correction", "Zhao Min")
    assert told["corrects"]["line"]["line_id"] == booked["natural_line_id"]
    (changed,) = told["changed_days"]
    assert changed["delivery_on"] == LATE_DAY
    assert (changed["file_name"], changed["version"], changed["line_no"]) == (
        "meter_day-bk_mean-late.csv",
        2,
        2,
    )
    assert (changed["before"]["file_name"], changed["before"]["version"]) == ("meter_day.csv", 1)
    assert changed["energy_wh"] - changed["before"]["energy_wh"] == 5_000_000
    original = explain(engine, booked["natural_line_id"])
    assert [row["line_id"] for row in original["corrections"]] == [booked["line_id"]]
    (difference,) = rows(books.admin, query, p=DIFFERENCE, side="retail")
    alone = explain(engine, difference["line_id"])
    assert alone["line"]["amount_cny"] == Decimal("-40.00")
    assert "corrects" not in alone


def test_explain__an_unknown_line_is_refused_with_the_nearest(books: Warehouse) -> None:
    engine = books.engine("wl_transform")
    known = _line(books.admin, MEAN, "retail", "energy")
    for mistyped in (known[:9], known[:12] + "x" + known[13:]):
        with pytest.raises(LedgerError, match=f"no settlement line '{mistyped}'; did you mean {known}"):
            explain(engine, mistyped)
    with pytest.raises(LedgerError, match="no settlement line 'nothing'; ids are in the exports"):
        explain(engine, "nothing")
    engine.dispose()
