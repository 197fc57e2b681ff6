"""Jobs, schedules and sensors: what runs, when, and on what signal."""

import time
from datetime import datetime, timedelta

import dagster as dg

from orchestration.alert_outbox import waiting
from orchestration.assets.alerts import send_alerts
from orchestration.assets.partitions import DELIVERY_DAYS, DELIVERY_MONTHS, MARKET_TIME_ZONE
from orchestration.house import House
from orchestration.runs import MARKET_TIME, has_news, last_cut

RETRY_SECONDS = 900
Signal = dg.RunRequest | dg.SkipReason
_DOMAINS = ("energy", "customers", "sales", "trading", "settlement", "operations", "workbench")
_FORECAST = dg.AssetSelection.key_prefixes(["forecast"])
_MONTH = dg.AssetSelection.assets(["ops", "settlement_month"])
_EXPORT = dg.AssetSelection.assets("settlement_export")
_CLOSE = dg.AssetSelection.assets(["ledger", "close"])
_CORRECTION = dg.AssetSelection.assets(["ledger", "correction"])
_REFERENCE = dg.AssetSelection.key_prefixes(["reference"])
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
    # what reads forecasts is renewed with those that there are: the outlook must not wait for the gate
    _LANDING | _MARTS | _AFTER_FORECAST,
    partitions_def=DELIVERY_DAYS,
    description="Inbox â landing â checks â validation and estimation â marts â alerts.",
)
forecast_before_gate = dg.define_asset_job(
    "forecast_before_gate",
    _FORECAST | _AFTER_FORECAST,
    description="Load, price and cost of a delivery day at its gate; then outlook and alerts.",
)
renew_marts = dg.define_asset_job(
    "renew_marts", _MARTS, description="Marts from what has landed and what was booked; takes nothing in."
)
register_month = dg.define_asset_job(
    "register_month", _MONTH, description="Ask for delivery months to be settled."
)
month_end = dg.define_asset_job(
    "month_end",
    _MONTH | _REFERENCE | _MARTS | _EXPORT,
    partitions_def=DELIVERY_MONTHS,
    description="Register delivery months, settle them and write the files for finance.",
)
export_month = dg.define_asset_job(
    "export_month", _EXPORT, description="Files of settled months for finance."
)
close_month = dg.define_asset_job(
    "close_month", _CLOSE, description="Close a settled month: its lines become immutable."
)
book_corrections = dg.define_asset_job(
    "book_corrections", _CORRECTION, description="Book what corrects a closed month into the open one."
)
JOBS = [
    daily_refresh,
    forecast_before_gate,
    renew_marts,
    register_month,
    month_end,
    export_month,
    close_month,
    book_corrections,
]


@dg.schedule(
    job=daily_refresh,
    cron_schedule="15 9 * * *",
    execution_timezone=MARKET_TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def after_metering(house: dg.ResourceParam[House]) -> dg.RunRequest:
    """D+1 09:15, after the trading centre has published yesterday's metering (08:30) and prices (09:00)."""
    return _refresh_request(house, run_key=f"refresh-{house.business_day.day}")


@dg.schedule(
    job=forecast_before_gate,
    cron_schedule="0 11 * * *",
    execution_timezone=MARKET_TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def before_gate(house: dg.ResourceParam[House]) -> dg.RunRequest:
    """D-1 11:00, an hour before the gate."""
    day = house.business_day.day + timedelta(days=1)
    return dg.RunRequest(run_key=f"forecast-{day}", partition_key=f"{day}")


@dg.schedule(
    job=month_end,
    cron_schedule="0 10 8 * *",
    execution_timezone=MARKET_TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def formal_basis(house: dg.ResourceParam[House]) -> dg.RunRequest:
    """The 8th: last month's formal settlement basis is out (national metering rules)."""
    month = (house.business_day.day.replace(day=1) - timedelta(days=1)).replace(day=1)
    return dg.RunRequest(run_key=f"month-{month}", partition_key=f"{month}")


@dg.sensor(job=daily_refresh, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def inbox(context: dg.SensorEvaluationContext, house: dg.ResourceParam[House]) -> Signal:
    """New files in the inbox are taken in, and the marts follow."""
    if house.inbox_is_in():
        return dg.SkipReason(f"every file in {house.inbox} is in")
    return _refresh_unless_busy(context, house)


@dg.sensor(job=daily_refresh, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def changed_meter_days(context: dg.SensorEvaluationContext, house: dg.ResourceParam[House]) -> Signal:
    """Batches landed outside Dagster (``wattledger ingest``): recompute the changed meter-days.

    Live readings alone ask for nothing: today's curve is a view over them.
    """
    ledger = house.engine("wl_ledger")
    read = last_cut(ledger, "marts")
    if not has_news(ledger, read):
        return dg.SkipReason(f"nothing but live readings has landed since the marts' cut ({read})")
    return _refresh_unless_busy(context, house)


@dg.sensor(job=send_alerts, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def unsent_alerts(context: dg.SensorEvaluationContext, house: dg.ResourceParam[House]) -> Signal:
    """Messages whose next try is due: a channel was down, or its quiet hours are over."""
    due = waiting(house.engine("wl_ledger"), due_at=datetime.now(MARKET_TIME))
    if due == 0:
        return dg.SkipReason("no message is due")
    newest = context.instance.get_run_records(dg.RunsFilter(job_name=send_alerts.name), limit=1)
    if newest and not newest[0].dagster_run.is_finished:
        return dg.SkipReason("messages are being sent")
    return dg.RunRequest()


def _refresh_unless_busy(context: dg.SensorEvaluationContext, house: House) -> Signal:
    """Ask for a refresh, but not while one is under way, and not at once after one that failed."""
    newest = context.instance.get_run_records(dg.RunsFilter(job_name=daily_refresh.name), limit=1)
    if newest and not newest[0].dagster_run.is_finished:
        return dg.SkipReason("a refresh is under way")
    ended = newest[0].end_time if newest and newest[0].dagster_run.is_failure else None
    if ended is not None and time.time() - ended < RETRY_SECONDS:
        return dg.SkipReason(
            f"the last refresh failed; the next try is {RETRY_SECONDS // 60} minutes after it"
        )
    return _refresh_request(house)


def _refresh_request(house: House, run_key: str | None = None) -> dg.RunRequest:
    return dg.RunRequest(run_key=run_key, partition_key=f"{house.business_day.day - timedelta(days=1)}")


SCHEDULES = [after_metering, before_gate, formal_basis]
SENSORS = [inbox, changed_meter_days, unsent_alerts]
