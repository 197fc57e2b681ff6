"""The words of statements know every stage that a package may have."""

from __future__ import annotations

import csv

from ingestion.contract_templates.kinds import STAGES
from orchestration.transform import PROJECT

WORDS = PROJECT / "seeds/reference/settlement"


def _rows(name: str) -> list[dict[str, str]]:
    with (WORDS / f"{name}.csv").open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def test_settlement_stage__has_the_stages_of_packages_in_their_order() -> None:
    stages = [row["stage"] for row in sorted(_rows("settlement_stage"), key=lambda row: int(row["place"]))]
    assert tuple(stages[: len(STAGES)]) == STAGES
    assert stages[len(STAGES) :] == ["correction", "other"]


def test_settlement_component__stands_under_a_known_stage() -> None:
    stages = {row["stage"] for row in _rows("settlement_stage")}
    assert {row["stage"] for row in _rows("settlement_component")} <= stages
