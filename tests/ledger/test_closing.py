"""Closing a month: once, whole or not at all, and the marts read what was closed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from orchestration.exports.settlement import Wish, export_month
from orchestration.ledger.closing import Closed, close_month
from orchestration.ledger.marts_run import LedgerError
from orchestration.runs import BusinessDay, writing_marts
from orchestration.warehouse import Warehouse
from tests.dbt.deliveries import PRICE_HEADER, write_csv
from tests.dbt.pipeline import rows, settle
from tests.ledger.acts import content, land, ledger_content, refresh
from tests.ledger.books import (
    BUSINESS_DATE,
    FIRST,
    FULL,
    METHODS,
    SECOND,
    late_draws,
)

pytestmark = pytest.mark.integration
OF_TODAY = (
    "position_month.csv",
    "meter_reconciliation.csv",
    "reports.xlsx",
    "reports.pdf",
    "control_totals.csv",
    "settlement.xlsx",
    "manifest.json",
    "SHA256SUMS",
)
"""Files that say, beside what was closed, what is known now."""
DEPENDING = (
    "marts_sales.sales_contract_evaluation",
    "marts_sales.sales_market_share_month",
    "marts_operations.operations_kpi_month",
)


def _facts(closed: list[Closed]) -> list[tuple[str, bool, bool]]:
    return [(one.province, one.is_new, one.has_news) for one in closed]


def test_close__writes_what_the_marts_hold_and_twice_changes_nothing(
    books: Warehouse, ledger: sa.Engine
) -> None:
    first = close_month(ledger, FIRST, "Li Na")
    assert _facts(first) == [(province, True, False) for province in sorted(METHODS)]
    states = (
        "select state, actor from ledger.settlement_run_state where run_id = :run order by recorded_at, state"
    )
    assert {(row["state"], row["actor"]) for row in rows(books.admin, states, run=first[0].run_id)} == {
        ("preliminary", "Li Na"),
        ("checked", "Li Na"),
        ("closed", "Li Na"),
    }
    for mart, table in (("settlement_line", "settlement_line"), ("settlement_share", "settlement_share")):
        (counted,) = rows(
            books.admin,
            f"select (select count(*) from marts_settlement.{mart} where delivery_month = :month) as shown,"
            f" (select count(*) from ledger.{table}) as kept",
            month=FIRST,
        )
        assert counted["shown"] == counted["kept"] > 0, mart
    before = ledger_content(books.admin)
    again = close_month(ledger, FIRST, "somebody else")
    assert _facts(again) == [(province, False, False) for province in sorted(METHODS)]
    assert [one.actor for one in again] == ["Li Na"] * len(METHODS)
    assert ledger_content(books.admin) == before


def test_close__marts_are_the_same_from_the_ledger_whatever_comes_later(
    books: Warehouse, ledger: sa.Engine, dbt_target: Path, tmp_path: Path
) -> None:
    settled = content(books.admin)
    depending = _depending(books.admin)
    close_month(ledger, FIRST, "Li Na")
    settle(books, dbt_target, BUSINESS_DATE, {})
    assert content(books.admin) == settled
    printed = _printed(books, tmp_path / "closed")
    assert _depending(books.admin) == depending
    assert rows(books.admin, "select * from marts_settlement.settlement_correction_proposal") == []

    # late energy, another VAT rate, and a price that goes missing: nothing of a closed month moves any more
    land(books, late_draws(tmp_path, 1))
    land(books, _without_a_price(tmp_path, FULL))
    refresh(books, dbt_target, "--full-refresh")
    assert content(books.admin) == settled
    assert _printed(books, tmp_path / "later") == printed
    assert rows(books.admin, "select * from marts_settlement.settlement_blocker") == []
    (told,) = rows(
        books.admin,
        "select refusal_code, refusal, province from marts_settlement.settlement_correction_proposal"
        " where refusal_code <> 'out_of_reach'",
    )
    assert (told["province"], told["refusal_code"]) == (FULL, "head_blocked")
    assert "rt_unified of bk_full has no price in slot 38 of 2026-02-05" in told["refusal"]
    closed = close_month(ledger, FIRST, "Li Na")
    assert {one.has_news for one in closed} == {True}


def test_close__refuses_what_is_not_settled_blocked_or_out_of_date(
    books: Warehouse, ledger: sa.Engine, dbt_target: Path, tmp_path: Path
) -> None:
    with pytest.raises(
        LedgerError, match="2026-01 was never asked for; run `wattledger settle --month 2026-01`"
    ):
        close_month(ledger, FIRST.replace(month=1), "Li Na")
    with pytest.raises(LedgerError, match="2026-02 of atlantis was never asked for"):
        close_month(ledger, FIRST, "Li Na", province="atlantis")
    with (
        writing_marts(books.admin, "other", BusinessDay.pinned(BUSINESS_DATE), print),
        pytest.raises(LedgerError, match="the marts are being written"),
    ):
        close_month(ledger, FIRST, "Li Na")
    land(books, _without_a_price(tmp_path, FULL))
    with pytest.raises(LedgerError, match="deliveries landed after the marts were made"):
        close_month(ledger, FIRST, "Li Na")
    refresh(books, dbt_target)
    with pytest.raises(
        LedgerError, match=r"2026-02 of bk_full is blocked.*\n.*rt_unified of bk_full has no price.*Remedy"
    ):
        close_month(ledger, FIRST, "Li Na")
    assert rows(books.admin, "select * from ledger.settlement_run") == [], "all provinces of a call or none"
    assert _facts(close_month(ledger, FIRST, "Li Na", province="bk_mean")) == [("bk_mean", True, False)]
    _fail_the_run(books)
    with pytest.raises(LedgerError, match="the marts are half made"):
        close_month(ledger, SECOND, "Li Na", province="bk_mean")


@pytest.mark.parametrize(
    ("damage", "failure"),
    [
        (
            "update marts_settlement.settlement_month set retail_cny = retail_cny + 0.01",
            "side retail add up to",
        ),
        (
            "update marts_settlement.settlement_month set energy_wh = energy_wh + 1",
            "energy is .* the month shows",
        ),
        (
            "delete from marts_settlement.settlement_share where contract_id = 'bk_full-b'",
            "the shares of line",
        ),
    ],
)
def test_close__a_control_sum_that_differs_books_nothing(
    books: Warehouse, ledger: sa.Engine, damage: str, failure: str
) -> None:
    with books.admin.begin() as connection:
        connection.execute(sa.text(damage))
    with pytest.raises(LedgerError, match=f"control sums differ, nothing was booked: .*{failure}"):
        close_month(ledger, FIRST, "Li Na")
    assert rows(books.admin, "select * from ledger.settlement_run") == []


def _printed(books: Warehouse, out: Path) -> dict[str, bytes]:
    """The files of the closed month by name, but for what looks at the curves and at its own bytes."""
    engine = books.engine("wl_finance")
    export = export_month(engine, FIRST, out, Wish(formats=("xlsx", "csv", "pdf")))
    engine.dispose()
    names = {path.relative_to(export.folder).as_posix(): path for path in export.files}
    return {name: path.read_bytes() for name, path in names.items() if name not in OF_TODAY}


def _depending(engine: sa.Engine) -> list[Any]:
    return [
        rows(engine, f"select md5(string_agg(t::text, '|' order by t::text)) from {name} t")
        for name in DEPENDING
    ]


def _without_a_price(folder: Path, province: str) -> Path:
    row: list[object] = [province, "rt_unified", FIRST.replace(day=5), *([100] * 96)]
    row[40] = ""
    return write_csv(folder / "market_price_day-gone.csv", PRICE_HEADER, [row])


def _fail_the_run(books: Warehouse) -> None:
    with (
        pytest.raises(RuntimeError, match="broken"),
        writing_marts(books.admin, "marts", BusinessDay.pinned(BUSINESS_DATE), print),
    ):
        raise RuntimeError("broken")
