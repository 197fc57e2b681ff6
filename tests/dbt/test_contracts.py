"""SQL walks the same state machine as the intake, whatever lives contracts had."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from ingestion.intake import ingest_paths
from ingestion.lifecycle.contract import CONTRACT
from ingestion.lifecycle.machine import NONE
from orchestration.runs import BusinessDay, writing_marts
from orchestration.warehouse import Warehouse
from tests.dbt.pipeline import rows
from tests.dbt.warm import run_warm

pytestmark = pytest.mark.integration

DAY = date(2026, 11, 12)
CONTRACTS = 60
RARE = ("cancelled", "returned", "quoted", "registration_refused")
FILLED = {"reason": "r", "registration_no": "n", "effective_on": "2026-10-31", "version_no": "2",
          "new_contract_id": "x", "fee_cny": "1.50"}  # fmt: skip


def _lives() -> dict[str, list[tuple[str, str, date]]]:
    """Random walks through the machine: (event, state after it, day); the last days lie after the run's."""
    chance = random.Random(20261112)
    lives = {}
    for number in range(CONTRACTS):
        state, day, life = NONE, date(2026, 9, 1) + timedelta(days=chance.randrange(60)), []
        for _ in range(chance.randrange(1, 20)):
            allowed = CONTRACT.allowed(state)
            if not allowed:
                break
            # few are cancelled, so that late states are reached
            event = chance.choices(allowed, [1 if name in RARE else 9 for name in allowed])[0]
            state = CONTRACT.after(state, event) or NONE
            day += timedelta(days=chance.randrange(6))
            life.append((event, state, day))
        lives[f"K{number:02d}"] = life
    return lives


def test_events__sql_finds_the_states_that_the_intake_allowed(
    warehouse: Warehouse, dbt_target: Path, tmp_path: Path
) -> None:
    lives = _lives()
    events = ["contract_id,event_no,event,happened_on," + ",".join(FILLED)]
    for contract_id, life in lives.items():
        for number, (event, _, day) in enumerate(life, start=1):
            events.append(f"{contract_id},{number},{event},{day}," + ",".join(FILLED.values()))
    heads = ["contract_id,customer_id,province,package_type,effective_from,effective_to"]
    heads += [f"{contract_id},C,shandong,fixed,2027-01-01,2027-12-31" for contract_id in (*lives, "bare")]
    for feed, lines in (("contract_event", events), ("contract", heads)):
        (tmp_path / f"{feed}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for report in ingest_paths(warehouse.admin, [tmp_path]):
        assert report.status == "landed", report.refusals[0].message
    options = ["--quiet", "--select", "+sales_contract_event", "+int_contract_state"]
    with writing_marts(warehouse.admin, "test", BusinessDay.pinned(DAY), on_wait=lambda _: None) as run:
        run_warm(
            ["build", "--exclude-resource-type", "unit_test", *options],
            url=warehouse.url("wl_transform"),
            target=dbt_target,
            pgoptions=run.pgoptions,
        )
    found = rows(
        warehouse.admin,
        "select contract_id, event, to_state, happened_on from marts_sales.sales_contract_event "
        "order by contract_id, event_no",
    )
    expected = [
        {"contract_id": contract_id, "event": event, "to_state": state, "happened_on": day}
        for contract_id, life in sorted(lives.items())
        for event, state, day in life
    ]
    assert found == expected
    states = {
        row["contract_id"]: (row["state"], row["is_derived_state"])
        for row in rows(warehouse.admin, "select * from intermediate.int_contract_state")
    }
    for contract_id, life in lives.items():
        happened = [state for _, state, day in life if day <= DAY]
        assert states[contract_id] == ((happened[-1], False) if happened else ("draft", True))
    assert states["bare"] == ("draft", True)
    assert len({state for state, _ in states.values()}) > 8
