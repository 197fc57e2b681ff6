"""The forecast before the gate: load, price and purchase cost of a delivery day."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import dagster as dg

from ml.forecasting import run_next_day
from orchestration.assets.partitions import FORECAST_DAYS, selected_dates
from orchestration.house import House
from orchestration.runs import GATE_TIME, MARKET_TIME
from orchestration.settings import PROVINCE

FORECAST_TABLES = ("run", "load_day", "price_day", "cost_day", "score")
READS = (
    ("marts_energy", "energy_portfolio_day_version"),
    ("marts_trading", "trading_price_day_version"),
    ("marts_trading", "trading_system_day_version"),
    ("marts_trading", "trading_mlt_day_version"),
)


@dg.multi_asset(
    name="forecast",
    specs=[
        dg.AssetSpec(["forecast", table], deps=[dg.AssetKey(key) for key in READS], group_name="trading")
        for table in FORECAST_TABLES
    ],
    partitions_def=FORECAST_DAYS,
)
def forecast(
    context: dg.AssetExecutionContext, house: dg.ResourceParam[House]
) -> Iterator[dg.MaterializeResult[None]]:
    """Forecast one delivery day as seen at its gate, noon of the day before."""
    (delivery_on,) = selected_dates(context)
    gate_at = datetime.combine(delivery_on - timedelta(days=1), GATE_TIME, MARKET_TIME)
    report = run_next_day(
        house.engine("wl_forecast"), PROVINCE, delivery_on, gate_at, on_progress=house.progress
    )
    context.log.info(str(report))
    for table in FORECAST_TABLES:
        yield dg.MaterializeResult(asset_key=["forecast", table], metadata={"report": str(report)})
