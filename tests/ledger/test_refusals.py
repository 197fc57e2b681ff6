"""The database refuses to change the ledger: whoever asks, and whatever the statement."""

from __future__ import annotations

import re
import uuid

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.ledger.tables import METADATA, STATES
from orchestration.warehouse import OWNER, Role, Warehouse

pytestmark = pytest.mark.integration
CHANGES = [
    change
    for table in METADATA.sorted_tables
    for name in [f"ledger.{table.name}"]
    for last in [table.columns.keys()[-1]]
    for change in (f"update {name} set {last} = {last}", f"delete from {name}", f"truncate {name} cascade")
]
RUN = """
    insert into ledger.settlement_run (province, kind, origin_month, booked_month, as_of, through_batch_seq,
        business_date, pack_hashes, code_version, input_digest)
    values (:province, 'settlement', '2026-02-01', '2026-02-01', now(), 1, '2026-04-10', '{}', '1', 'd')
    returning run_id
"""
CONTRACT = (
    "insert into ledger.settlement_contract (run_id, contract_id, energy_wh) values (:run_id, :name, 1)"
)
STEP = "insert into ledger.settlement_run_state (run_id, state, actor) values (:run_id, :state, 'Li Na')"
LINE = """
    insert into ledger.settlement_line (line_id, natural_line_id, run_id, province, origin_month,
        booked_month, side, component, tou_period, amount_cny, vat_rate, net_cny, vat_cny,
        pack_hash, is_illustrative)
    values ('l', 'l', :run_id, 'x', '2026-02-01', :booked,
        'retail', 'energy', 'all', 1.13, 0.13, :net, 0.13, 'p', false)
"""


@pytest.mark.parametrize("role", [None, OWNER])
def test_superuser_and_owner__cannot_change_a_row(engine: sa.Engine, role: str | None) -> None:
    for change in CHANGES:
        as_role = f"set local role {role}; {change}" if role else change
        with pytest.raises(sa.exc.DBAPIError, match=r"append-only.*resettle"), engine.begin() as connection:
            connection.exec_driver_sql(as_role)


@pytest.mark.parametrize(
    "role", ["wl_ledger", "wl_finance", "wl_transform", "wl_ingest", "wl_forecast", "wl_bi"]
)
def test_every_role__has_no_right_to_change_a_row(warehouse: Warehouse, role: Role) -> None:
    engine = warehouse.engine(role)
    for change in CHANGES:
        with pytest.raises(sa.exc.DBAPIError, match="permission denied"), engine.begin() as connection:
            connection.exec_driver_sql(change)
    engine.dispose()


@pytest.mark.parametrize(
    ("role", "may_read"),
    [
        ("wl_ledger", True),
        ("wl_finance", True),
        ("wl_transform", True),
        ("wl_bi", False),
        ("wl_ingest", False),
        ("wl_forecast", False),
    ],
)
def test_only_wl_ledger_writes__and_finance_and_transform_read(
    warehouse: Warehouse, role: Role, may_read: bool
) -> None:
    engine = warehouse.engine(role)
    with engine.connect() as connection:
        if may_read:
            assert connection.scalar(sa.text("select count(*) from ledger.settlement_line")) == 0
        if role == "wl_ledger":
            assert connection.scalar(sa.text(RUN), {"province": "x"}) is not None
        else:
            with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
                connection.execute(sa.text(RUN), {"province": "x"})
    engine.dispose()


def test_state__an_illegal_step_is_refused_with_the_allowed_one(warehouse: Warehouse) -> None:
    engine = warehouse.engine("wl_ledger")
    with engine.begin() as connection:
        run_id = connection.scalar(sa.text(RUN), {"province": "x"})
    _refused(
        engine, "is new: it cannot become checked; allowed: preliminary", STEP, run_id=run_id, state="checked"
    )
    _done(engine, STEP, run_id=run_id, state="preliminary")
    for state in ("preliminary", "closed"):
        _refused(
            engine,
            f"is preliminary: it cannot become {state}; allowed: checked",
            STEP,
            run_id=run_id,
            state=state,
        )
    _done(engine, STEP, run_id=run_id, state="checked")
    _done(engine, STEP, run_id=run_id, state="closed")
    _refused(engine, "it is closed for good", STEP, run_id=run_id, state="preliminary")
    engine.dispose()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STATES), max_size=6))
def test_state__any_history_is_the_legal_path_or_its_beginning(engine: sa.Engine, steps: list[str]) -> None:
    with engine.begin() as connection:
        run_id = connection.scalar(sa.text(RUN), {"province": uuid.uuid4().hex})
    taken: list[str] = []
    for state in steps:
        if state == STATES[min(len(taken), 2)] and len(taken) < len(STATES):
            _done(engine, STEP, run_id=run_id, state=state)
            taken.append(state)
        else:
            _refused(engine, f"it cannot become {state}", STEP, run_id=run_id, state=state)
    assert tuple(taken) == STATES[: len(taken)]


def test_rows__a_closed_run_takes_no_more_and_a_month_is_closed_once(warehouse: Warehouse) -> None:
    engine = warehouse.engine("wl_ledger")
    with engine.begin() as connection:
        run_id = connection.scalar(sa.text(RUN), {"province": "x"})
    _done(engine, CONTRACT, run_id=run_id, name="a")
    for state in ("preliminary", "checked", "closed"):
        _done(engine, STEP, run_id=run_id, state=state)
    _refused(engine, f"settlement run {run_id} is closed", CONTRACT, run_id=run_id, name="b")
    _refused(engine, "uq_settlement_run_once", RUN, province="x")
    engine.dispose()


def test_line__adds_up_and_a_correction_has_a_reason(warehouse: Warehouse) -> None:
    engine = warehouse.engine("wl_ledger")
    with engine.begin() as connection:
        run_id = connection.scalar(sa.text(RUN), {"province": "x"})
    _refused(engine, "gross_is_net_and_vat", LINE, run_id=run_id, booked="2026-02-01", net="1.01")
    _refused(engine, "correction_has_reason", LINE, run_id=run_id, booked="2026-03-01", net="1.00")
    _done(engine, LINE, run_id=run_id, booked="2026-02-01", net="1.00")
    engine.dispose()


def _done(engine: sa.Engine, statement: str, **values: object) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text(statement), values)


def _refused(engine: sa.Engine, message: str, statement: str, **values: object) -> None:
    with pytest.raises(sa.exc.DBAPIError, match=re.escape(message)):
        _done(engine, statement, **values)
