"""Deliveries and rules: from the inbox to checked rows in ``landing`` and ``reference``."""

from collections.abc import Iterator

import dagster as dg
import sqlalchemy as sa

from ingestion.checks import check_landing
from ingestion.formats.returning import Returner
from ingestion.intake import ingest_paths
from ingestion.live.folding import fold_live_days
from ingestion.market_rules import load_packs
from orchestration.assets.domains import DAILY_FEEDS, FEED_DOMAIN
from orchestration.assets.partitions import DELIVERY_DAYS
from orchestration.house import House
from orchestration.runs import last_cut, record_checks

BATCH = dg.AssetKey(["landing", "batch"])
LIVE_DAY = dg.AssetKey(["landing", "live_day"])
CHECK = "deliveries_are_sound"
REFERENCE_TABLES = ("rule_pack", "pack_day", "tou_day", "tou_conditional_day", "tou_schedule_slot")
Events = Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]


def _specs(feeds: list[str]) -> list[dg.AssetSpec]:
    return [
        dg.AssetSpec(["landing", feed], deps=[BATCH, LIVE_DAY], group_name=FEED_DOMAIN[feed])
        for feed in feeds
    ]


def _checks(feeds: list[str]) -> list[dg.AssetCheckSpec]:
    return [dg.AssetCheckSpec(CHECK, asset=["landing", feed], blocking=True) for feed in feeds]


MASTER_FEEDS = [feed for feed in FEED_DOMAIN if feed not in DAILY_FEEDS]


@dg.multi_asset(
    specs=[dg.AssetSpec(["reference", table], group_name="settlement") for table in REFERENCE_TABLES],
    op_tags={"kind": "rules"},
)
def reference(context: dg.AssetExecutionContext, house: dg.ResourceParam[House]) -> Events:
    """Load every rule pack and explode it per delivery day and slot."""
    packs = load_packs(house.engine("wl_ingest"), house.rule_packs)
    metadata = {"packs": dg.MetadataValue.json([str(pack) for pack in packs])}
    for table in REFERENCE_TABLES:
        yield dg.MaterializeResult(asset_key=["reference", table], metadata=metadata)


@dg.asset(
    key=BATCH,
    group_name="operations",
    description="Every delivery: what came, what landed, what was refused.",
)
def batch(context: dg.AssetExecutionContext, house: dg.ResourceParam[House]) -> dg.MaterializeResult[None]:
    """Take in every delivery of the inbox that is not in yet; the same door as ``wattledger ingest``."""
    listing = house.inbox_listing()
    returner = Returner(house.returned)
    reports = ingest_paths(
        house.engine("wl_ingest"), [house.inbox], on_progress=house.progress, on_delivery=returner
    )
    house.note_inbox(listing)
    for report in reports:
        for refusal in report.refusals[:5]:
            context.log.warning(str(refusal))
    for copy in returner.returned:
        context.log.warning(f"annotated copy of a refused workbook: {copy}")
    return dg.MaterializeResult(
        metadata={
            "deliveries": len(reports),
            "rows_delivered": sum(report.rows_delivered for report in reports),
            "rows_landed": sum(report.rows_landed for report in reports),
            "rows_quarantined": sum(report.rows_quarantined for report in reports),
            "unreadable": sum(report.status == "unreadable" for report in reports),
            "returned": dg.MetadataValue.json([str(copy) for copy in returner.returned]),
        }
    )


@dg.asset(
    key=LIVE_DAY,
    deps=[BATCH],
    group_name="energy",
    description="Finished days of live registers as meter_day, where no other source delivered them.",
)
def live_day(context: dg.AssetExecutionContext, house: dg.ResourceParam[House]) -> dg.MaterializeResult[None]:
    """Fold after the inbox has been taken in, so that a grid company's file comes first."""
    fold = fold_live_days(house.engine("wl_ingest"), house.business_day.day, on_progress=house.progress)
    for point in sorted(fold.unknown_points)[:5]:
        context.log.warning(f"{point} has live readings but no metering_point record, so it is not folded")
    return dg.MaterializeResult(
        metadata={
            "days": len(fold.reports),
            "meter_days_landed": sum(report.rows_landed for report in fold.reports),
            "meter_days_quarantined": sum(report.rows_quarantined for report in fold.reports),
            "unknown_points": len(fold.unknown_points),
        }
    )


def _verify(house: House, kind: str, feeds: list[str]) -> Events:
    """Check what landed since these checks last passed, and report the size of each table."""
    engine, ledger = house.engine("wl_ingest"), house.engine("wl_ledger")
    since, passed = last_cut(ledger, kind), True
    with engine.connect() as connection:
        through = connection.execute(
            sa.text("select coalesce(max(batch_seq), 0) from landing.batch")
        ).scalar_one()
    for feed in feeds:
        checked = check_landing(engine, feed, after_batch_seq=since)
        passed = passed and checked.success
        with engine.connect() as connection:
            rows = connection.scalar(sa.text(f"select count(*) from landing.{feed}"))
        yield dg.MaterializeResult(asset_key=["landing", feed], metadata={"rows": rows})
        yield dg.AssetCheckResult(
            passed=checked.success,
            check_name=CHECK,
            asset_key=["landing", feed],
            metadata={"expectations": dg.MetadataValue.json([str(one) for one in checked.expectations])},
        )
    if passed:
        record_checks(ledger, kind, house.business_day, through)


@dg.multi_asset(
    name="landing_daily",
    specs=_specs(list(DAILY_FEEDS)),
    check_specs=_checks(list(DAILY_FEEDS)),
    partitions_def=DELIVERY_DAYS,
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def landing_daily(context: dg.AssetExecutionContext, house: dg.ResourceParam[House]) -> Events:
    """Check the feeds that come every day."""
    yield from _verify(house, "checks_daily", list(DAILY_FEEDS))


@dg.multi_asset(name="landing_master", specs=_specs(MASTER_FEEDS), check_specs=_checks(MASTER_FEEDS))
def landing_master(context: dg.AssetExecutionContext, house: dg.ResourceParam[House]) -> Events:
    """Check customers, contracts, readings and trades."""
    yield from _verify(house, "checks_master", MASTER_FEEDS)
