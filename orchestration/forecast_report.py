"""How well the newest forecast of a day did on its backtest, as a table for people."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from rich.table import Table

_SCORES = sa.text(
    """
    select r.kind as forecast, r.model, s.metric, s.model_value, s.naive_value, s.formula
    from forecast.score s join forecast.run r using (forecast_run_id)
    where r.province = :province and r.delivery_on = :day and s.delivery_on is null
      and r.gate_at = (
          select max(gate_at) from forecast.run where province = :province and delivery_on = :day
      )
    order by r.kind, r.model, s.score_id
    """
)


def latest_scores(engine: sa.Engine, province: str, day: date) -> list[dict[str, str | None]]:
    """Scores over the whole backtest window of the newest runs for ``day``; numbers as text."""
    with engine.connect() as connection:
        rows = connection.execute(_SCORES, {"province": province, "day": day})
        return [
            {name: None if value is None else str(value) for name, value in row._mapping.items()}
            for row in rows
        ]


def score_table(scores: list[dict[str, str | None]], day: date) -> Table:
    """The scores beside those of the same-weekday naive."""
    table = Table(
        "forecast",
        "model",
        "metric",
        "model",
        "naive",
        "formula",
        title=f"forecast of {day}: backtest scores",
    )
    for row in scores:
        table.add_row(
            *(
                row[name] or ""
                for name in ("forecast", "model", "metric", "model_value", "naive_value", "formula")
            )
        )
    return table
