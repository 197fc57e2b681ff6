"""Jobs, schedules and sensors: what runs, when, and on what signal."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

import dagster as dg
import sqlalchemy as sa

from orchestration.assets.partitions import DELIVERY_DAYS, DELIVERY_MONTHS, MARKET_TIME_ZONE
from orchestration.house import House
from orchestration.runs import last_cut

_DOMAINS = ("energy", "customers", "sales", "trading", "settlement", "operations", "workbench")
_FORECAST = dg.AssetSelection.key_prefixes(["forecast"])
_MONTH = dg.AssetSelection.assets(["ops", "settlement_month"])
_EXPORT = dg.AssetSelection.assets("settlement_export")
_LANDING = dg.AssetSelection.key_prefixes(["landing"], ["reference"])
_AFTER_FORECAST = _FORECAST.downstream() - _FORECAST - _EXPORT
_MARTS = (
    dg.AssetSelection.key_prefixes(
        ["staging"], ["intermediate"], *([f"marts_{domain}"] for domain in _DOMAINS)
    )
    - _AFTER_FORECAST
)

daily_refresh = dg.define_asset_job(
    "daily_refresh",
    _LANDING | _MARTS,
    partitions_def=DELIVERY_DAYS,
    description="Inbox → landing → checks → marts.",
)
forecast_before_gate = dg.define_asset_job(
    "forecast_before_gate",
    _FORECAST | _AFTER_FORECAST,
    description="Load, price and cost of a delivery day at its gate.",
)
register_month = dg.define_asset_job(
    "register_month", _MONTH, description="Ask for delivery months to be settled."
)
month_end = dg.define_asset_job(
    "month_end",
    _MONTH | _MARTS | _EXPORT,
    partitions_def=DELIVERY_MONTHS,
    description="Register delivery months, settle them and write the files for finance.",
)
export_month = dg.define_asset_job(
    "export_month", _EXPORT, description="Files of settled months for finance."
)
JOBS = [daily_refresh, forecast_before_gate, register_month, month_end, export_month]


@dg.schedule(job=daily_refresh, cron_schedule="15 9 * * *", execution_timezone=MARKET_TIME_ZONE)
def after_metering(house: dg.ResourceParam[House]) -> dg.RunRequest:
    """D+1 09:15, after the trading centre has published yesterday's metering (08:30) and prices (09:00)."""
    return _refresh_request(house)


@dg.schedule(job=forecast_before_gate, cron_schedule="0 11 * * *", execution_timezone=MARKET_TIME_ZONE)
def before_gate(house: dg.ResourceParam[House]) -> dg.RunRequest:
    """D-1 11:00, an hour before the gate."""
    day = house.business_day.day + timedelta(days=1)
    return dg.RunRequest(run_key=f"forecast-{day}", partition_key=f"{day}")


@dg.schedule(job=month_end, cron_schedule="0 10 8 * *", execution_timezone=MARKET_TIME_ZONE)
def formal_basis(house: dg.ResourceParam[House]) -> dg.RunRequest:
    """The 8th: last month's formal settlement basis is out (national metering rules)."""
    month = (house.business_day.day.replace(day=1) - timedelta(days=1)).replace(day=1)
    return dg.RunRequest(run_key=f"month-{month}", partition_key=f"{month}")


@dg.sensor(job=daily_refresh, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def inbox(house: dg.ResourceParam[House]) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """New files in the inbox are taken in, and the marts follow."""
    if house.inbox_is_in():
        yield dg.SkipReason(f"every file in {house.inbox} is in")
        return
    digest = hashlib.sha256(house.inbox_listing().encode()).hexdigest()[:16]
    yield _refresh_request(house, run_key=f"inbox-{digest}")


@dg.sensor(job=daily_refresh, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def changed_meter_days(house: dg.ResourceParam[House]) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Batches landed outside Dagster (``wattledger ingest``): recompute the changed meter-days."""
    ledger = house.engine("wl_ledger")
    with ledger.connect() as connection:
        landed = connection.scalar(sa.text("select coalesce(max(batch_seq), 0) from landing.batch"))
    read = last_cut(ledger)
    if landed <= read:
        yield dg.SkipReason(f"the marts have read every batch (through {read})")
        return
    yield _refresh_request(house, run_key=f"batches-{landed}")


def _refresh_request(house: House, run_key: str | None = None) -> dg.RunRequest:
    day = house.business_day.day - timedelta(days=1)
    return dg.RunRequest(run_key=run_key or f"refresh-{day}", partition_key=f"{day}")


SCHEDULES = [after_metering, before_gate, formal_basis]
SENSORS = [inbox, changed_meter_days]
