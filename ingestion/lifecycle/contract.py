"""The life of a retail contract, from quotation to evaluation. The only place that knows its transitions.

``dbt_project/seeds/reference/sales/contract_*.csv`` are the same tables for SQL; a test holds them equal.
"""

from __future__ import annotations

from ingestion.lifecycle.machine import NONE, Event, Machine, State

_PIPELINE = ("quotation", "draft", "in_review", "signed", "registered")
_RUNNING = ("effective", "renewal_offered")
_OVER = ("renewed", "expired", "terminated")

CONTRACT = Machine(
    subject="contract",
    states=(
        State("quotation", "pipeline", "报价", "quotation"),
        State("draft", "pipeline", "草拟", "draft"),
        State("in_review", "pipeline", "审核中", "in review"),
        State("signed", "pipeline", "已签订", "signed"),
        State("registered", "pipeline", "已备案", "registered"),
        State("effective", "running", "履行中", "effective"),
        State("renewal_offered", "running", "已提出续签", "renewal offered"),
        State("renewed", "over", "已续签", "renewed"),
        State("expired", "over", "已到期", "expired"),
        State("terminated", "over", "已终止", "terminated"),
        State("cancelled", "over", "已取消", "cancelled"),
        State("evaluated", "over", "已评价", "evaluated"),
    ),
    events=(
        Event("quoted", "报价", "quoted", ((NONE, "quotation"), ("quotation", "quotation"))),
        Event("drafted", "起草", "drafted", ((NONE, "draft"), ("quotation", "draft"))),
        Event("submitted", "提交审核", "submitted for review", (("draft", "in_review"),)),
        Event("returned", "退回修改", "returned for rework", (("in_review", "draft"),)),
        Event("signed", "签订", "signed", (("in_review", "signed"),)),
        Event(
            "registered", "交易中心备案", "registered with the trading centre", (("signed", "registered"),)
        ),
        Event(
            "registration_refused",
            "备案被拒",
            "registration refused by the trading centre",
            (("signed", "signed"), ("registered", "signed")),
        ),
        Event("took_effect", "生效", "took effect", (("registered", "effective"),)),
        Event("changed", "变更", "changed", tuple((state, state) for state in _RUNNING)),
        Event(
            "renewal_offered", "提出续签", "renewal offered", tuple((s, "renewal_offered") for s in _RUNNING)
        ),
        Event("renewed", "续签", "renewed", tuple((state, "renewed") for state in _RUNNING)),
        Event("expired", "到期", "expired", tuple((state, "expired") for state in _RUNNING)),
        Event("terminated", "终止", "terminated", tuple((state, "terminated") for state in _RUNNING)),
        Event("cancelled", "取消", "cancelled", tuple((state, "cancelled") for state in _PIPELINE)),
        Event("evaluated", "评价", "evaluated", tuple((state, "evaluated") for state in _OVER)),
    ),
)


def seeds(machine: Machine) -> dict[str, list[list[str]]]:
    """The machine as tables for SQL, header first: ``<subject>_state``, ``_event_name``, ``_transition``."""
    states = [[str(place), *_words(state)] for place, state in enumerate(machine.states, start=1)]
    events = [[event.code, event.name_zh, event.name_en] for event in machine.events]
    moves = [[at, event.code, to] for event in machine.events for at, to in event.moves]
    return {
        f"{machine.subject}_state": [["place", "state", "phase", "name_zh", "name_en"], *states],
        f"{machine.subject}_event_name": [["event", "name_zh", "name_en"], *events],
        f"{machine.subject}_transition": [["from_state", "event", "to_state"], *moves],
    }


def _words(state: State) -> list[str]:
    return [state.code, state.phase, state.name_zh, state.name_en]
