"""Put the code location together; tests, the command line and Dagster's servers share this one function."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from orchestration.assets import alerts, forecast, landing, ledger, settlement, vee
from orchestration.assets.transform import dbt_models
from orchestration.house import House
from orchestration.jobs import JOBS, SCHEDULES, SENSORS
from orchestration.transform import manifest_path


def build_defs(house: House, manifest: Path | None = None) -> dg.Definitions:
    """All definitions over ``house``. Reads the dbt manifest and nothing else.

    Raises:
        FileNotFoundError: when the manifest was never made, with the command that makes it.
    """
    manifest = manifest or manifest_path(house.home)
    if not manifest.exists():
        raise FileNotFoundError(f"{manifest} is absent; run `wattledger up`, which makes it")
    return dg.Definitions(
        assets=[
            landing.reference,
            landing.batch,
            landing.live_day,
            landing.landing_daily,
            landing.landing_master,
            vee.vee,
            *dbt_models(manifest),
            forecast.forecast,
            alerts.alert_sync,
            settlement.requested_month,
            settlement.settlement_export,
            ledger.ledger_close,
            ledger.ledger_correction,
        ],
        jobs=[*JOBS, alerts.send_alerts],
        schedules=SCHEDULES,
        sensors=SENSORS,
        resources={"house": house},
        executor=dg.in_process_executor,
    )
