"""The four version marts, hand-made, for the integration tests of this room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, text

from ml import asof
from ml.asof import CurveHistory, CurveVersion
from ml.tables import SLOT_COLUMNS

WriteMarts = Callable[[Engine, CurveHistory], None]

_TABLES = {
    "marts_energy.energy_portfolio_day_version": "metering_points int, metering_points_expected int",
    "marts_trading.trading_price_day_version": "price_series text",
    "marts_trading.trading_system_day_version": "system_series text",
    "marts_trading.trading_mlt_day_version": "cost_cny numeric(16,2)",
}


def _target(series: str, version: CurveVersion) -> tuple[str, dict[str, Any]]:
    if series == asof.LOAD:
        points = {"metering_points": 40 if version.complete else 39, "metering_points_expected": 40}
        return "marts_energy.energy_portfolio_day_version", points
    if series == asof.MLT_POSITION:
        return "marts_trading.trading_mlt_day_version", {"cost_cny": version.amount_cny}
    if series in (asof.RT_PRICE, asof.DA_PRICE):
        return "marts_trading.trading_price_day_version", {"price_series": series}
    return "marts_trading.trading_system_day_version", {"system_series": series}


@pytest.fixture
def write_marts() -> WriteMarts:
    """Append the versions of a history to the marts, creating them first; NaN becomes NULL."""

    def write(engine: Engine, history: CurveHistory) -> None:
        slots = ", ".join(f"{name} int8" for name in SLOT_COLUMNS)
        with engine.begin() as connection:
            for name, extra in _TABLES.items():
                connection.execute(text(f"create schema if not exists {name.split('.')[0]}"))
                connection.execute(
                    text(
                        f"create table if not exists {name}"
                        f"(province text, delivery_on date, known_at timestamptz, {extra}, {slots})"
                    )
                )
            for series, day, version in history:
                table, extras = _target(series, version)
                values = [None if np.isnan(value) else int(value) for value in version.values]
                row = {"province": "shandong", "delivery_on": day, "known_at": version.known_at, **extras}
                row.update(zip(SLOT_COLUMNS, values, strict=True))
                names = ", ".join(row)
                holes = ", ".join(f":{name}" for name in row)
                connection.execute(text(f"insert into {table} ({names}) values ({holes})"), row)

    return write
