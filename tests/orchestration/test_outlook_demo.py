"""The sample retailer's early warning and alerts after the demo's pipeline."""

from __future__ import annotations

from decimal import Decimal

import dagster as dg
import pytest

from orchestration.alert_run import run_alerts
from orchestration.build import build_defs
from orchestration.jobs import unsent_alerts
from tests.conftest import Demo
from tests.dbt.pipeline import rows

pytestmark = pytest.mark.integration


def _rows(demo: Demo, query: str) -> list[dict[str, object]]:
    return rows(demo.house.warehouse.admin, query)


def test_outlook__every_contract_in_force_is_judged(demo: Demo) -> None:
    found = _rows(demo, "select * from marts_energy.energy_deviation_outlook where scope = 'contract'")
    assert len(found) == 47
    assert {row["business_on"].isoformat() for row in found} == {"2026-11-12"}  # type: ignore[attr-defined]
    assert {row["level"] for row in found} == {"ok", "warn", "alarm"}
    statuses = {row["charge_status"] for row in found}
    assert statuses == {"projected", "no_clause", "no_charge", "hourly_not_projected"}
    assert all(row["projected_low_mwh"] <= row["projected_mwh"] <= row["projected_high_mwh"] for row in found)  # type: ignore[operator]
    assert {row["period_code"] for row in found if row["mode"] == "quarter"} == {"2026-Q4"}
    assert {row["period_code"] for row in found if row["mode"] == "year"} == {"2026"}


def test_outlook__the_forecast_day_sums_to_the_portfolio_s_p50(demo: Demo) -> None:
    slots = " + ".join(f"p{slot:02d}" for slot in range(1, 97))
    (p50,) = _rows(demo, f"select {slots} as wh from staging.stg_forecast_load_day where quantile = 50")
    (shared,) = _rows(
        demo,
        "select sum(forecast_wh) as wh, count(*) as contracts from intermediate.int_outlook_forecast_day"
        " where scope = 'contract' and delivery_on = '2026-11-13' and is_scaled",
    )
    assert shared == {"wh": p50["wh"], "contracts": 40}


def test_outlook__is_there_after_a_refresh_without_waiting_for_the_gate(demo: Demo) -> None:
    kinds = [
        row["kind"]
        for row in _rows(demo, "select kind from ops.run where status = 'succeeded' order by run_id")
    ]
    assert kinds.index("marts_after_refresh") < kinds.index("marts_after_forecast")


def test_alerts__are_the_causes_and_sync_is_idempotent(demo: Demo) -> None:
    causes = _rows(demo, "select cause_key, severity from marts_operations.operations_alert_cause order by 1")
    shown = (
        "select cause_key, severity from marts_operations.operations_alert where state = 'open' order by 1"
    )
    assert _rows(demo, shown) == causes
    assert {str(row["cause_key"]).split("|")[0] for row in causes} >= {"deviation"}
    before = _rows(demo, "select * from ops.alert_event order by event_id")
    done = run_alerts(demo.house)
    assert done.synced is not None
    assert done.synced.unchanged == len(causes)
    assert _rows(demo, "select * from ops.alert_event order by event_id") == before
    assert {row["event"] for row in before} >= {"opened"}
    moments = {row["happened_at"] for row in before}
    assert moments == {demo.house.business_day.as_of}


def test_outlook__charges_stay_within_reason(demo: Demo) -> None:
    """Beyond the band at its price: never more than the whole deviation at the dearest price."""
    query = """
        select o.contract_id, o.projected_charge_cny, abs(o.projected_deviation_mwh) as mwh
        from marts_energy.energy_deviation_outlook o where o.charge_status = 'projected'
    """
    found = _rows(demo, query)
    assert any(row["projected_charge_cny"] > 0 for row in found)  # type: ignore[operator]
    assert all(row["projected_charge_cny"] <= row["mwh"] * Decimal(60) for row in found)  # type: ignore[operator]


def test_sensor__nothing_is_due_without_notify_yml(demo: Demo) -> None:
    context = dg.build_sensor_context(
        instance=dg.DagsterInstance.ephemeral(),
        resources={"house": demo.house},
        repository_def=build_defs(demo.house).get_repository_def(),
    )
    assert list(unsent_alerts.evaluate_tick(context).run_requests or []) == []
