"""The deviation outlook through the whole pipeline, against a yardstick in plain numbers; then its alerts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ingestion.intake import ingest_paths
from ingestion.market_rules import load_packs
from ml.tables import SLOT_COLUMNS, load_day
from ml.tables import run as forecast_run
from orchestration.alert_outbox import route, send
from orchestration.alert_settings import NotifySettings
from orchestration.alerts import listed, sync
from orchestration.runs import MARKET_TIME, BusinessDay
from orchestration.warehouse import Warehouse
from tests.dbt.deliveries import write_csv, write_pack, write_retailer
from tests.dbt.pipeline import rows, settle
from tests.dbt.reference import largest_remainder
from tests.dbt.retailer import DAYS, MONTH, Contract, Retailer, random_retailer
from tests.orchestration.receiver import listening

pytestmark = pytest.mark.integration

TODAY = DAYS[14]
FORECAST_ON = DAYS[15]
PAST, AHEAD = DAYS[:14], DAYS[14:]
CLAUSE = ("contract_id", "effective_from", "mode", "price_basis", "down_band_rate", "down_price",
          "up_band_rate", "up_price", "borne_by", "customer_share_rate")  # fmt: skip
# by how much use leaves each contract: one per level, above and below
RATES = ("0.08", "0.045", "0.01", "-0.07", "-0.04", "0.025")


def _energy(contract: Contract, day: date) -> int:
    points = [point for account in contract.accounts for point in account.points]
    return sum(sum(point.net(day)) for point in points)


def _is_worked(day: date) -> bool:
    """Spring Festival 2026: 15 to 23 February off, the Saturdays of the 14th and 28th worked for it."""
    if day.day in (14, 28):
        return True
    return day.isoweekday() < 6 and not 15 <= day.day <= 23


def _typical(contract: Contract, day: date) -> int:
    """Mean of the past days of the same type, to the Wh; the holiday has none, and borrows the weekend."""
    alike = [_energy(contract, past) for past in PAST if _is_worked(past) == _is_worked(day)]
    return int((Decimal(sum(alike)) / len(alike)).to_integral_value(ROUND_HALF_UP))


def _projected_wh(retailer: Retailer, p50: int) -> dict[str, int]:
    shares = {c.contract_id: _typical(c, FORECAST_ON) * p50 for c in retailer.contracts}
    whole = sum(_typical(c, FORECAST_ON) for c in retailer.contracts)
    scaled = largest_remainder(dict(sorted(shares.items())), whole, p50)
    return {
        c.contract_id: sum(_energy(c, day) for day in PAST)
        + sum(scaled[c.contract_id] if day == FORECAST_ON else _typical(c, day) for day in AHEAD)
        for c in retailer.contracts
    }


def _mwh(wh: int) -> Decimal:
    return (Decimal(wh) / 1_000_000).quantize(Decimal("0.001"), ROUND_HALF_UP)


def _store_forecast(engine: sa.Engine, province: str, p50: int) -> None:
    gate = datetime(2026, 2, 15, 12, tzinfo=MARKET_TIME)
    head = {"province": province, "delivery_on": FORECAST_ON}
    values = {"kind": "load", "model": "test", "model_params": {}, "gate_at": gate, "input_digest": "x"}
    with engine.begin() as connection:
        made = connection.execute(forecast_run.insert().values(**head, **values).returning(forecast_run))
        run_id = made.one().forecast_run_id
        curve = dict.fromkeys(SLOT_COLUMNS, 0) | {"p40": p50}
        connection.execute(load_day.insert().values(forecast_run_id=run_id, quantile=50, **head, **curve))


def _land(engine: sa.Engine, folder: Path) -> None:
    reports = ingest_paths(engine, [folder])
    assert [r.message for report in reports for r in report.refusals] == []


def _quantities(folder: Path, quantities: dict[str, Decimal]) -> None:
    lines = [(contract_id, f"{MONTH:%Y-%m}", mwh) for contract_id, mwh in quantities.items()]
    write_csv(folder / "contract_quantity.csv", ("contract_id", "delivery_month", "quantity_mwh"), lines)


def _outlook(engine: sa.Engine) -> dict[str, dict[str, Any]]:
    found = rows(engine, "select * from marts_energy.energy_deviation_outlook where scope = 'contract'")
    return {row["contract_id"]: row for row in found}


def test_outlook__equals_the_yardstick_and_alerts_follow(
    warehouse: Warehouse, dbt_target: Path, tmp_path: Path
) -> None:
    engine, ledger = warehouse.admin, warehouse.engine("wl_ledger")
    retailer = random_retailer(20260215, "law_warn", "difference", "da_unified")
    p50 = sum(_energy(c, DAYS[1]) for c in retailer.contracts) * 11 // 10
    projected = {name: _mwh(wh) for name, wh in _projected_wh(retailer, p50).items()}
    quantities = {
        name: (mwh / (1 + Decimal(rate))).quantize(Decimal("0.001"))
        for (name, mwh), rate in zip(projected.items(), RATES, strict=True)
    }
    write_retailer(tmp_path / "first", retailer)
    write_pack(tmp_path / "packs", retailer)
    _quantities(tmp_path / "first", quantities)
    terms = ("month", "cny_per_mwh", "0.02", "30", "0.02", "30", "shared", "0.25")
    write_csv(tmp_path / "first" / "contract_deviation.csv", CLAUSE, [(n, MONTH, *terms) for n in quantities])
    load_packs(engine, [tmp_path / "packs"])
    _land(engine, tmp_path / "first")
    _store_forecast(engine, retailer.province, p50)

    settle(warehouse, dbt_target, TODAY, {})
    outlook = _outlook(engine)
    assert {name: row["projected_mwh"] for name, row in outlook.items()} == projected
    assert {row["actual_through_on"] for row in outlook.values()} == {PAST[-1]}
    assert {row["forecast_method"] for row in outlook.values()} == {"typical_day_scaled_to_portfolio_p50"}
    for name, row in outlook.items():
        deviation, contract = projected[name] - quantities[name], quantities[name]
        beyond = max(abs(deviation) - contract * Decimal("0.02"), Decimal(0))
        cent = Decimal("0.01")
        assert row["projected_charge_cny"] == (beyond * 30).quantize(cent, ROUND_HALF_UP)
        assert row["customer_charge_cny"] == (beyond * 30 / 4).quantize(cent, ROUND_HALF_UP)
        rate = abs(deviation / contract)
        assert row["deviation_level"] == (
            "alarm" if rate > Decimal("0.06") else "warn" if rate > Decimal("0.03") else "ok"
        )
    (position,) = rows(
        engine, "select * from marts_energy.energy_deviation_outlook where scope = 'portfolio_mlt'"
    )
    assert abs(position["projected_mwh"] - sum(projected.values())) <= Decimal("0.004")

    at, now = BusinessDay.pinned(TODAY).as_of, datetime(2026, 2, 15, 13, tzinfo=MARKET_TIME)
    with listening() as receiver:
        hook = {
            "channels": {"hook": {"url": receiver.url()}},
            "routes": [{"channels": ["hook"], "kinds": ["deviation"]}],
        }
        told = NotifySettings.model_validate(hook)

        def passed() -> int:
            sync(ledger, at, told.value_steps)
            route(ledger, told, now)
            return send(ledger, told, now).sent

        judged = rows(
            engine, "select * from marts_energy.energy_deviation_outlook where level in ('warn', 'alarm')"
        )
        assert {row["level"] for row in judged} == {"warn", "alarm"}
        assert passed() == len(judged)
        assert sum(row["kind"] == "deviation" for row in listed(ledger)) == len(judged)
        assert passed() == 0

        # contracted as projected: every contract's deviation is over
        _quantities(tmp_path / "second", projected)
        _land(engine, tmp_path / "second")
        settle(warehouse, dbt_target, TODAY, {})
        assert {row["deviation_level"] for row in _outlook(engine).values()} == {"ok"}
        still = {row["subject_id"] for row in _outlook(engine).values() if row["level"] != "ok"}
        closed = {row["subject_id"] for row in judged if row["scope"] == "contract"} - still
        assert passed() >= len(closed) > 0
        assert sum("解除" in title for title in receiver.titles) == len(closed)
