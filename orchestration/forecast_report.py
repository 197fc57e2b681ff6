"""How well the newest forecast of a day did on its backtest, as a table for people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from rich.table import Table

# what the table shows; `wattledger forecast run --json` has every metric
SHOWN = {
    "load": ("wape", "accuracy_1", "coverage_p10_p90"),
    "price": ("wape", "coverage_p10_p90", "sign_accuracy"),  # prices cross zero: no relative error per slot
    "cost": ("wape", "coverage_p10_p90"),
}
_SCORES = sa.text(
    """
    select s.kind as forecast, r.model, s.metric, s.model_value, s.naive_value, s.formula
    from forecast.score s join forecast.run r using (forecast_run_id)
    where s.delivery_on is null and s.forecast_run_id = (
        select forecast_run_id from forecast.run
        where kind = 'backtest' and province = :province and delivery_on = :day
        order by gate_at desc, forecast_run_id desc limit 1
    )
    order by s.score_id
    """
)
Score = dict[str, str | None]


def latest_scores(engine: sa.Engine, province: str, day: date) -> list[Score]:
    """Scores over the whole backtest window of the newest run for ``day``; numbers as text."""
    with engine.connect() as connection:
        rows = connection.execute(_SCORES, {"province": province, "day": day})
        return [
            {name: None if value is None else str(value) for name, value in row._mapping.items()}
            for row in rows
        ]


def score_table(scores: list[Score], day: date) -> Table:
    """The main scores beside those of the same-weekday naive, as percentages."""
    table = Table("forecast", "metric", "model", "naive", "formula", title=f"forecast of {day}, backtest")
    for row in scores:
        if row["metric"] in SHOWN.get(str(row["forecast"]), ()):
            values = (_percent(row["model_value"]), _percent(row["naive_value"]))
            table.add_row(row["forecast"], row["metric"], *values, row["formula"])
    return table


def _percent(value: str | None) -> str:
    return "" if value is None else f"{Decimal(value):.1%}"
