"""The alerts in Dagster: the asset after the marts, the sensor that asks for a retry, the job that sends."""

from __future__ import annotations

import dagster as dg
import pytest
import sqlalchemy as sa

from orchestration.assets.alerts import alert_sync, send_alerts
from orchestration.jobs import unsent_alerts
from tests.orchestration.desk import Desk

pytestmark = pytest.mark.integration


def _tick(desk: Desk) -> list[dg.RunRequest]:
    context = dg.build_sensor_context(
        instance=dg.DagsterInstance.ephemeral(), resources={"house": desk.house}
    )
    return list(unsent_alerts.evaluate_tick(context).run_requests or [])


def test_alert_sync__a_dead_channel_fails_no_run_and_the_sensor_sends_later(desk: Desk) -> None:
    url = desk.receiver.url()
    text = f"channels:\n  hook: {{url: '{url}', language: en}}\nroutes:\n  - channels: [hook]\n"
    (desk.house.home.root / "notify.yml").write_text(text)
    desk.receiver.down()
    desk.cause("alarm")
    done = dg.materialize([alert_sync], resources={"house": desk.house})
    assert done.success
    (made,) = done.asset_materializations_for_node("ops__alert_sync")
    assert "1 opened" in str(made.metadata["alerts"].value)
    assert "1 failed" in str(made.metadata["alerts"].value)
    assert _tick(desk) == []  # its pause is not over

    with desk.admin.begin() as connection:
        connection.execute(sa.text("update ops.alert_delivery set next_try_at = queued_at"))
    desk.receiver.up()
    assert len(_tick(desk)) == 1
    assert send_alerts.execute_in_process(resources={"house": desk.house}).success
    assert desk.receiver.titles == ["[Alarm] opened: K1 2026-11"]
    assert _tick(desk) == []


def test_alert_sync__a_faulty_file_fails_no_run(desk: Desk) -> None:
    (desk.house.home.root / "notify.yml").write_text("channels: 3\n")
    desk.cause("warn")
    done = dg.materialize([alert_sync], resources={"house": desk.house})
    assert done.success
    (made,) = done.asset_materializations_for_node("ops__alert_sync")
    assert "notify.yml, line 1, channels: 3 Input should be" in str(made.metadata["alerts"].value)
