"""Validation and estimation of metered days, between what landed and what dbt reads."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from ingestion.vee import run_vee
from ingestion.vee.checks import check_vee
from orchestration.assets.landing import CHECK
from orchestration.house import House
from orchestration.runs import last_cut, record_checks

TABLES = ("meter_day_verdict", "meter_slot_flag")
INPUTS = ("meter_day", "register_reading", "metering_point", "account", "contract", "contract_account")
KIND = "vee"
Events = Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]


@dg.multi_asset(
    name="vee",
    specs=[
        dg.AssetSpec(
            ["landing", table],
            deps=[dg.AssetKey(["landing", feed]) for feed in INPUTS]
            + [dg.AssetKey(["reference", "rule_pack"]), dg.AssetKey(["reference", "tou_schedule_slot"])],
            group_name="energy",
        )
        for table in TABLES
    ],
    check_specs=[dg.AssetCheckSpec(CHECK, asset=["landing", table], blocking=True) for table in TABLES],
)
def vee(context: dg.AssetExecutionContext, house: dg.ResourceParam[House]) -> Events:
    """Validate the meter-days whose inputs came since the last run, and estimate what is missing or wrong."""
    engine, ledger = house.engine("wl_ingest"), house.engine("wl_ledger")
    since = last_cut(ledger, KIND)
    report = run_vee(engine, house.business_day.day, after_batch_seq=since, on_progress=house.progress)
    for point_id, channel, day in report.unestimated[:5]:
        context.log.warning(f"{channel} of {point_id} on {day} stays without an estimate: nothing to go by")
    checked = check_vee(engine, since)
    metadata: dict[str, int | dg.MetadataValue[Any]] = {
        "looked_at": report.looked_at,
        "estimated_days": report.estimated_days,
        "verdicts": report.verdicts,
        "rules": dg.MetadataValue.json(report.rules),
        "unestimated_days": len(report.unestimated),
    }
    for table in TABLES:
        yield dg.MaterializeResult(asset_key=["landing", table], metadata=metadata)
        yield dg.AssetCheckResult(
            passed=checked.success,
            check_name=CHECK,
            asset_key=["landing", table],
            metadata={"problems": dg.MetadataValue.json(checked.problems)},
        )
    if checked.success:
        record_checks(ledger, KIND, house.business_day, report.through_batch_seq)
