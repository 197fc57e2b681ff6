"""The pricing bench on a tiny size: models and peer agree to the fen, unequal totals void the run."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks import pricing_peer
from benchmarks.pricing import COMPONENTS, Pricing, TotalsDiffer, bench_packages, exponent, measure_pricing
from benchmarks.pricing_suite import print_pricing
from orchestration.warehouse import Warehouse


def _sizes(*seconds: float) -> list[Pricing]:
    return [
        Pricing(contracts, one, "int_pricing_line", one / 2, 0.01)
        for contracts, one in zip((1_000, 10_000, 50_000), seconds, strict=False)
    ]


@pytest.mark.integration
def test_measure_pricing__models_and_peer_agree(warehouse: Warehouse, tmp_path: Path) -> None:
    measured = measure_pricing(warehouse, 4 * len(COMPONENTS), tmp_path, turns=1)
    assert measured.seconds > measured.dearest_seconds > 0
    assert measured.peer > 0
    assert measured.ratio == measured.seconds / measured.peer


@pytest.mark.integration
def test_measure_pricing__another_fen_voids_the_run(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pricing_peer._FEES, "spread", "round((base - 45) * q, 2) + 0.01")
    with pytest.raises(TotalsDiffer, match="the run is void"):
        measure_pricing(warehouse, len(COMPONENTS), tmp_path, turns=1)


def test_bench_packages__are_of_many_kinds(tmp_path: Path) -> None:
    packages = bench_packages(tmp_path)
    kinds = {part.kind.name for package in packages for part in package.components}
    assert len(packages) >= 8
    assert kinds >= {"fixed", "tou", "spread", "guarantee_share", "share", "linked", "tiered", "deviation"}


def test_exponent__is_of_the_two_largest_sizes() -> None:
    """1 s of fixed cost hides growth at 1,000; from 10,000 to 50,000 it shows."""
    assert exponent(_sizes(1.0, 2.0, 10.0)) == pytest.approx(1.0)
    assert exponent(_sizes(1.0, 2.0, 50.0)) == pytest.approx(2.0)


@pytest.mark.parametrize(("last", "fails"), [(10.0, False), (20.0, True)])
def test_print_pricing__names_the_budget_that_failed(last: float, fails: bool) -> None:
    out = StringIO()
    failed = print_pricing(Console(file=out, width=140), _sizes(1.0, 2.0, last))
    assert bool(failed) is fails
    assert "50,000" in out.getvalue()
    assert not fails or "budget 1.15" in failed[0]
