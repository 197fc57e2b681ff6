"""Alerts against a real database and a real webhook receiver: one message per event, whatever happens."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from orchestration.alert_channels import Message, deliver
from orchestration.alert_outbox import pause_after, route, send, waiting
from orchestration.alert_run import AlertRun, run_alerts, standing
from orchestration.alert_settings import DEFAULT_VALUE_STEPS, NOTHING_IS_SENT, Channel, NotifySettings
from orchestration.alerts import AlertError, acknowledge, listed, sync
from tests.orchestration.desk import NOON, Desk
from tests.orchestration.receiver import listening

pytestmark = pytest.mark.integration


def _settings(desk: Desk, **channel: object) -> NotifySettings:
    """All alerts to the receiver, in English."""
    hook = {"url": desk.receiver.url(), "language": "en", **channel}
    return NotifySettings.model_validate({"channels": {"hook": hook}, "routes": [{"channels": ["hook"]}]})


def test_alerts__opened_updated_and_closed_are_one_message_each(desk: Desk) -> None:
    settings = _settings(desk)
    desk.cause("warn", "0.04")
    assert desk.pass_over(settings) == "1 sent, 0 failed, 0 given up, 0 waiting"
    assert desk.pass_over(settings) == "0 sent, 0 failed, 0 given up, 0 waiting"
    desk.cause("warn", "0.0499")  # less than the step of a percentage point: kept, not told
    desk.pass_over(settings)
    assert [row["value"] for row in listed(desk.engine)] == [Decimal("0.049900")]
    desk.cause("warn", "0.05")
    desk.pass_over(settings)
    desk.pass_over(settings)
    desk.gone()
    desk.pass_over(settings)
    desk.pass_over(settings)
    assert desk.receiver.titles == [
        "[Warning] opened: K1 2026-11",
        "[Warning] updated: K1 2026-11",
        "[Warning] closed: K1 2026-11",
    ]
    assert [message["type"] for message in desk.receiver.messages] == ["warning", "warning", "success"]
    assert desk.receiver.messages[1]["message"] == "deviation 0.05\nOwner: zhao"
    assert listed(desk.engine) == []
    desk.cause("warn")  # the same cause again is a new alert
    desk.pass_over(settings)
    assert desk.rows("select count(*), count(closed_at) from ops.alert") == [(2, 1)]
    assert desk.rows("select distinct opened_at, updated_at from ops.alert where closed_at is null") == [
        (NOON, NOON)
    ]


def test_alerts__an_escalation_is_told_and_so_is_its_end(desk: Desk) -> None:
    settings = _settings(desk)
    for severity in ("warn", "alarm", "alarm", "warn"):
        desk.cause(severity)
        desk.pass_over(settings)
    assert desk.receiver.titles == [
        "[Warning] opened: K1 2026-11",
        "[Alarm] escalated: K1 2026-11",
        "[Warning] updated: K1 2026-11",
    ]


def test_alerts__an_acknowledged_one_is_silent_until_it_escalates(desk: Desk) -> None:
    settings = _settings(desk)
    desk.cause("warn", "0.04")
    desk.pass_over(settings)
    (alert,) = listed(desk.engine)
    assert acknowledge(desk.engine, alert["alert_id"], "li", NOON, "called them")
    assert not acknowledge(desk.engine, alert["alert_id"], "sun", NOON)
    desk.cause("warn", "0.058")
    desk.pass_over(settings)
    assert desk.receiver.titles == ["[Warning] opened: K1 2026-11"]
    desk.cause("alarm", "0.07")
    desk.pass_over(settings)
    assert desk.receiver.titles[1:] == ["[Alarm] escalated: K1 2026-11"]
    (alert,) = listed(desk.engine)
    assert (alert["acknowledged_at"], alert["acknowledged_by"]) == (None, None)
    assert desk.rows("select event, actor, note from ops.alert_event order by event_id") == [
        ("opened", "system", None),
        ("acknowledged", "li", "called them"),
        ("escalated", "system", None),
    ]
    desk.gone()
    desk.pass_over(settings)
    with pytest.raises(AlertError, match="alerts list"):
        acknowledge(desk.engine, alert["alert_id"], "li", NOON)


def test_outbox__a_receiver_that_was_down_is_told_later_and_in_order(desk: Desk) -> None:
    settings = _settings(desk)
    desk.receiver.down()
    desk.cause("warn")
    assert desk.pass_over(settings) == "0 sent, 1 failed, 0 given up, 1 waiting"
    desk.gone()
    # not yet due: the second message waits for the first
    assert desk.pass_over(settings) == "0 sent, 0 failed, 0 given up, 2 waiting"
    ((status, attempts, pause, reason),) = desk.rows(
        "select status, attempts, next_try_at - last_try_at, reason from ops.alert_delivery"
        " where attempts > 0"
    )
    assert (status, attempts, pause) == ("failed", 1, pause_after(1))
    assert "onnection" in reason
    desk.now += timedelta(minutes=1)
    assert desk.pass_over(settings) == "0 sent, 1 failed, 0 given up, 2 waiting"
    desk.receiver.up()
    desk.now += timedelta(minutes=1)
    assert desk.pass_over(settings) == "0 sent, 0 failed, 0 given up, 2 waiting"  # the pause has grown to two
    assert waiting(desk.engine, due_at=desk.now + timedelta(minutes=1)) == 2
    desk.now += timedelta(minutes=1)
    assert desk.pass_over(settings) == "2 sent, 0 failed, 0 given up, 0 waiting"
    assert desk.receiver.titles == ["[Warning] opened: K1 2026-11", "[Warning] closed: K1 2026-11"]


def test_outbox__a_refusing_channel_holds_up_no_other(desk: Desk) -> None:
    desk.cause("warn")
    with listening() as refusing:
        refusing.status = 500
        settings = NotifySettings.model_validate(
            {
                "channels": {
                    "a-refusing": {"url": refusing.url(), "language": "en"},
                    "b-good": {"url": desk.receiver.url(), "language": "zh"},
                },
                "routes": [
                    {"channels": ["a-refusing", "b-good"]},
                    {"channels": ["b-good"], "owners": ["zhao"]},
                    {"channels": ["a-refusing"], "kinds": ["other"]},
                ],
            }
        )
        assert desk.pass_over(settings) == "1 sent, 1 failed, 0 given up, 1 waiting"
        assert desk.receiver.titles == ["【预警】新增：K1 2026-11"]  # two routes lead there, one message goes
        assert "负责人: zhao" in desk.receiver.messages[0]["message"]
        desk.now += timedelta(hours=settings.give_up_after_hours)
        assert desk.pass_over(settings) == "0 sent, 0 failed, 1 given up, 0 waiting"
    assert desk.rows("select channel, status, attempts from ops.alert_delivery order by channel") == [
        ("a-refusing", "abandoned", 2),
        ("b-good", "sent", 1),
    ]


def test_outbox__a_message_whose_mark_was_lost_is_sent_again(desk: Desk) -> None:
    """At least once: the process dies between the channel's answer and the mark."""

    def dies(channel: Channel, message: Message) -> None:
        deliver(channel, message)
        raise KeyboardInterrupt

    settings = _settings(desk)
    desk.cause("warn")
    sync(desk.engine, NOON, settings.value_steps)
    route(desk.engine, settings, desk.now)
    with pytest.raises(KeyboardInterrupt):
        send(desk.engine, settings, desk.now, dies)
    assert desk.pass_over(settings) == "1 sent, 0 failed, 0 given up, 0 waiting"
    assert len(desk.receiver.messages) == 2


def test_outbox__quiet_hours_hold_warnings_and_let_alarms_through(desk: Desk) -> None:
    settings = _settings(desk, quiet_hours={"from": "22:00", "to": "07:00"})
    desk.now = desk.now.replace(hour=23, minute=0)
    desk.cause("warn", key="w")
    desk.cause("alarm", key="x")
    assert desk.pass_over(settings) == "1 sent, 0 failed, 0 given up, 1 waiting"
    assert desk.receiver.titles == ["[Alarm] opened: K1 2026-11"]
    desk.now += timedelta(hours=7, minutes=59)
    assert desk.pass_over(settings) == "0 sent, 0 failed, 0 given up, 1 waiting"
    desk.now += timedelta(minutes=1)
    assert desk.pass_over(settings) == "1 sent, 0 failed, 0 given up, 0 waiting"


def test_outbox__a_channel_that_left_the_file_is_given_up_by_name(desk: Desk) -> None:
    settings = _settings(desk)
    desk.receiver.down()
    desk.cause("warn")
    desk.pass_over(settings)
    other = NotifySettings.model_validate(
        {"channels": {"other": {"url": desk.receiver.url()}}, "routes": [{"channels": ["other"]}]}
    )
    desk.receiver.up()
    assert desk.pass_over(other) == "0 sent, 0 failed, 1 given up, 0 waiting"
    assert desk.rows("select channel, reason from ops.alert_delivery") == [
        ("hook", "its channel left notify.yml")
    ]


def test_outbox__one_process_sends_at_a_time(desk: Desk) -> None:
    settings = _settings(desk)
    desk.cause("warn")
    sync(desk.engine, NOON, settings.value_steps)
    route(desk.engine, settings, desk.now)
    reports = []

    def meanwhile(channel: Channel, message: Message) -> None:
        reports.append(str(send(desk.engine, settings, desk.now)))

    send(desk.engine, settings, desk.now, meanwhile)
    assert reports == ["another process is sending"]
    assert desk.receiver.messages == []


def _write(desk: Desk, text: str) -> None:
    (desk.house.home.root / "notify.yml").write_text(text, encoding="utf-8")


def _run(desk: Desk) -> AlertRun:
    return run_alerts(desk.house)


def test_run_alerts__without_notify_yml_alerts_are_kept_and_nothing_is_sent(desk: Desk) -> None:
    desk.cause("warn")
    assert _run(desk).problem == NOTHING_IS_SENT
    assert standing(desk.house) == f"1 open; {NOTHING_IS_SENT}"
    assert desk.rows("select channel, status, reason from ops.alert_delivery") == [
        ("-", "nobody", "there is no notify.yml")
    ]
    # whoever writes the file later is told of what happens from then on
    _write(desk, f"channels: {{hook: {{url: '{desk.receiver.url()}'}}}}\nroutes: [{{channels: [hook]}}]\n")
    desk.gone()
    done = _run(desk)
    assert (str(done.sent), done.problem) == ("1 sent, 0 failed, 0 given up, 0 waiting", None)
    assert desk.receiver.titles == ["【预警】解除：K1 2026-11"]


def test_run_alerts__a_faulty_file_loses_no_event(desk: Desk) -> None:
    desk.cause("alarm")
    _write(desk, f"channels:\n  hook: {{url: '{desk.receiver.url()}'}}\nroutes:\n  - channels: [hok]\n")
    problem = _run(desk).problem
    assert problem is not None
    assert "notify.yml, line 4, routes[0].channels[0]: 'hok' is no channel; known: hook. Remedy:" in problem
    _write(desk, f"channels:\n  hook: {{url: '{desk.receiver.url()}'}}\nroutes:\n  - channels: [hook]\n")
    assert str(_run(desk).sent) == "1 sent, 0 failed, 0 given up, 0 waiting"


def test_run_alerts__a_secret_stays_in_the_environment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"json://user:${{HOOK_TOKEN}}@127.0.0.1:{desk.receiver.port}/"
    _write(desk, f"channels:\n  hook: {{url: '{address}'}}\nroutes:\n  - channels: [hook]\n")
    desk.cause("warn")
    done = _run(desk)
    assert done.sent is not None
    assert done.sent.reasons == (
        "hook: environment variable HOOK_TOKEN is not set; export it where WattLedger runs",
    )
    monkeypatch.setenv("HOOK_TOKEN", "t0ken")
    with desk.admin.begin() as connection:
        connection.execute(sa.text("update ops.alert_delivery set next_try_at = queued_at"))
    assert str(run_alerts(desk.house, resync=False).sent) == "1 sent, 0 failed, 0 given up, 0 waiting"
    stored = desk.rows("select one::text from ops.alert_delivery as one")
    assert "t0ken" not in str(stored)


@pytest.mark.parametrize(
    "statement",
    [
        "update ops.alert_event set note = 'x'",
        "delete from ops.alert_event",
        "truncate ops.alert_event cascade",
    ],
)
def test_alert_event__is_append_only(desk: Desk, statement: str) -> None:
    desk.cause("warn")
    sync(desk.engine, NOON, DEFAULT_VALUE_STEPS)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), desk.admin.begin() as connection:
        connection.exec_driver_sql(statement)


def test_alert__has_one_open_row_per_cause(desk: Desk) -> None:
    desk.cause("warn")
    sync(desk.engine, NOON, DEFAULT_VALUE_STEPS)
    columns = "cause_key, kind, severity, owner, subject, message_zh, message_en, opened_at, updated_at"
    twice = f"insert into ops.alert ({columns}) select {columns} from ops.alert"
    with pytest.raises(sa.exc.IntegrityError, match="uq_alert_open_cause"), desk.admin.begin() as connection:
        connection.exec_driver_sql(twice)
