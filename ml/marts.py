"""Reads the version marts once, cut at a gate, into a ``CurveHistory``. The only SQL input of ``ml``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, Engine, text

from ml import asof
from ml.asof import CurveHistory, CurveVersion
from ml.tables import SLOT_COLUMNS, SLOTS

#: Days before the delivery day that are read: 120 to fit, 56 of rolling origins, and a margin.
LOOK_BACK_DAYS: Final = 240

_SLOTS_SQL: Final = ", ".join(SLOT_COLUMNS)
_FILTER: Final = (
    " where province = :province and known_at <= :gate_at and delivery_on between :first_on and :delivery_on"
)
_LOAD: Final = (
    f"select 'load', delivery_on, known_at, metering_points >= metering_points_expected, null, {_SLOTS_SQL}"
    f" from marts_energy.energy_portfolio_day_version{_FILTER}"
)
_PRICE: Final = (
    f"select price_series, delivery_on, known_at, true, null, {_SLOTS_SQL}"
    f" from marts_trading.trading_price_day_version{_FILTER}"
)
_SYSTEM: Final = (
    f"select system_series, delivery_on, known_at, true, null, {_SLOTS_SQL}"
    f" from marts_trading.trading_system_day_version{_FILTER} and system_series <> 'load_actual'"
)
_MLT: Final = (
    f"select 'mlt', delivery_on, known_at, true, cost_cny, {_SLOTS_SQL}"
    f" from marts_trading.trading_mlt_day_version{_FILTER}"
)


def read_history(engine: Engine, province: str, delivery_on: date, gate_at: datetime) -> CurveHistory:
    """Every version of load, prices, system forecasts and medium/long-term position known at ``gate_at``.

    Nothing with a later ``known_at`` leaves the database. Missing slots become NaN. Units are the marts':
    Wh, 0.001 yuan/MWh, 0.001 MW. Raises sqlalchemy.exc.ProgrammingError when the marts are not built.
    """
    bound: dict[str, Any] = {
        "province": province,
        "gate_at": gate_at,
        "first_on": delivery_on - timedelta(days=LOOK_BACK_DAYS),
        "delivery_on": delivery_on,
    }
    versions: dict[str, dict[date, list[CurveVersion]]] = {}
    with engine.connect() as connection:
        for statement in (_LOAD, _PRICE, _SYSTEM, _MLT):
            for series, day, version in _rows(connection, statement, bound):
                versions.setdefault(series, {}).setdefault(day, []).append(version)
    versions.setdefault(asof.LOAD, {})
    return CurveHistory(gate_at, versions)


def _rows(
    connection: Connection, statement: str, bound: dict[str, Any]
) -> Iterator[tuple[str, date, CurveVersion]]:
    rows: Sequence[Any] = connection.execute(text(statement), bound).fetchall()
    values = np.array([row[5:] for row in rows], dtype=np.float64).reshape(len(rows), SLOTS)
    for row, curve in zip(rows, values, strict=True):
        yield row[0], row[1], CurveVersion(row[2], curve.copy(), bool(row[3]), row[4])
