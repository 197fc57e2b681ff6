"""Alerts after the marts, and the sending of what is left over."""

import dagster as dg

from orchestration.alert_run import AlertRun, run_alerts
from orchestration.house import House


# ops.alert is a source of the mart that shows alerts; under that key this asset would close a circle
@dg.asset(
    key=["ops", "alert_sync"],
    deps=[dg.AssetKey(["marts_operations", "operations_alert_cause"])],
    group_name="operations",
)
def alert_sync(
    context: dg.AssetExecutionContext, house: dg.ResourceParam[House]
) -> dg.MaterializeResult[None]:
    """Open, update and close alerts as the marts tell, then tell people. A failing channel fails no run."""
    done = run_alerts(house)
    _warn(context.log, done)
    return dg.MaterializeResult(metadata={"alerts": str(done)})


@dg.op
def send_unsent(context: dg.OpExecutionContext, house: dg.ResourceParam[House]) -> None:
    """Try the messages that are due once more."""
    done = run_alerts(house, resync=False)
    _warn(context.log, done)
    context.log.info(str(done))


@dg.job(description="Send the messages about alerts that are due.")
def send_alerts() -> None:
    """Send what is due in the outbox."""
    send_unsent()


def _warn(log: dg.DagsterLogManager, done: AlertRun) -> None:
    for reason in (*(done.sent.reasons if done.sent else ()), *([done.problem] if done.problem else ())):
        log.warning(reason)
