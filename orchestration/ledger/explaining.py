"""Walk from a settlement line to what it rests on: price, quantity, meter-days, files and lines, rules.

Everything is read as it counted when the line was computed: within the run's cut for a closed line, as known
now for one that is still open. Contracts' accounts and time-of-use schedules are those known now. Days of
purchase with their values are those known now, too.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, Final

import sqlalchemy as sa

from orchestration.ledger import explain_queries as ask
from orchestration.ledger.marts_run import LedgerError

Row = dict[str, Any]
_NEAR: Final = 3


def explain(engine: sa.Engine, line_id: str) -> Row:
    """The line, its run, its pack, and by its side: contract, price, meter-days; or days, prices, shares.

    ``engine`` is wl_transform's. Of a correction, ``corrects`` is the explanation of the line that it follows
    on, and ``changed_days`` are the meter-days that differ. Raises LedgerError for an id that there is not,
    with the nearest ones.
    """
    with engine.connect() as connection:
        return _explain(connection, line_id)


def _explain(connection: sa.Connection, line_id: str) -> Row:
    line = _one(connection, ask.LINE, line_id=line_id)
    if line is None:
        raise LedgerError(_unknown(connection, line_id))
    run = None if line["run_id"] is None else _one(connection, ask.RUN, run_id=line["run_id"])
    cut = run["through_batch_seq"] if run else connection.execute(ask.CUT).scalar_one()
    told: Row = {"line": line, "run": run, "through_batch_seq": cut}
    told["pack"] = _one(connection, ask.PACK, pack_hash=line["pack_hash"])
    told |= (
        _of_contract(connection, line, cut) if line["contract_id"] else _of_province(connection, line, cut)
    )
    told["corrections"] = _rows(connection, ask.CORRECTIONS, natural_line_id=line["natural_line_id"])
    if line["supersedes_line_id"]:
        told["corrects"] = _explain(connection, line["supersedes_line_id"])
        told["changed_days"] = _changed(told["corrects"]["meter_days"], told["meter_days"])
    return told


def _of_contract(connection: sa.Connection, line: Row, cut: int) -> Row:
    """Contract, terms and price with their records, and the meter-days of the line's period."""
    values = {name: line[name] for name in ("contract_id", "component", "tou_period")}
    month = {"month": line["origin_month"], "cut": cut}
    return {
        "contract": _one(connection, ask.CONTRACT, **month, contract_id=line["contract_id"]),
        "terms": _rows(connection, ask.TERMS, **month, contract_id=line["contract_id"]),
        "price": _one(connection, ask.PRICE, cut=cut, **values),
        "meter_days": _meter_days(connection, line, line["tou_period"]),
    }


def _of_province(connection: sa.Connection, line: Row, cut: int) -> Row:
    """Days with energy and value, prices, trades and positions behind them, shares, and meter-days."""
    of_month = {"province": line["province"], "month": line["origin_month"]}
    return {
        "days": _rows(connection, ask.PURCHASE_DAYS, **of_month),
        "prices": _rows(connection, ask.MARKET_PRICES, cut=cut, **of_month),
        "day_ahead": _rows(connection, ask.DAY_AHEAD, cut=cut, **of_month),
        "trades": _rows(connection, ask.TRADES, cut=cut, **of_month),
        "shares": _rows(connection, ask.SHARES, line_id=line["line_id"]),
        "meter_days": _meter_days(connection, line, "all"),
    }


def _meter_days(connection: sa.Connection, line: Row, tou_period: str) -> list[Row]:
    values = {name: line[name] for name in ("run_id", "province", "contract_id", "account_id")}
    return _rows(connection, ask.meter_days(tou_period), month=line["origin_month"], **values)


def _changed(before: list[Row], now: list[Row]) -> list[Row]:
    """Meter-days whose version differs, with the one that counted before."""
    known = {(row["metering_point_id"], row["delivery_on"]): row for row in before}
    found: list[Row] = []
    for row in now:
        old = known.get((row["metering_point_id"], row["delivery_on"]))
        versions = ("version", "exported_version", "quality")
        if old is None or any(old[name] != row[name] for name in versions):
            found.append(row | {"before": old})
    return found


def _unknown(connection: sa.Connection, line_id: str) -> str:
    known = list(connection.scalars(ask.NEAR_IDS, {"line_id": line_id}))
    begun = [one for one in known if one.startswith(line_id)]
    near = (begun or get_close_matches(line_id, known, n=_NEAR))[:_NEAR]
    hint = f"did you mean {', '.join(near)}? " if near else ""
    return (
        f"no settlement line {line_id!r}; {hint}"
        "ids are in the exports and in marts_settlement.settlement_line (`wattledger sql`)"
    )


def _one(connection: sa.Connection, query: sa.TextClause, **values: object) -> Row | None:
    row = connection.execute(query, values).mappings().one_or_none()
    return None if row is None else dict(row)


def _rows(connection: sa.Connection, query: sa.TextClause, **values: object) -> list[Row]:
    return [dict(row) for row in connection.execute(query, values).mappings()]
