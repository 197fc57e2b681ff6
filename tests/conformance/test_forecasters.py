"""Every installed forecaster (``wattledger.forecasters``), built in or not, keeps the protocol."""

from __future__ import annotations

import pytest

from ml.forecasting import conformance
from ml.forecasting.conformance import Pattern
from ml.forecasting.protocol import FittedForecaster, Forecaster, installed

FOUND = installed()
PAIRS = [(name, series) for name, make in FOUND.items() for series in make().series]


def test_forecasters__built_in_ones_come_through_the_entry_point() -> None:
    assert {"same_weekday_naive", "prophet_load", "prophet_price"} <= FOUND.keys()


@pytest.mark.parametrize("name", FOUND)
def test_forecasters__states_name_series_and_params(name: str) -> None:
    assert isinstance(FOUND[name](), Forecaster)
    conformance.check_params(FOUND[name])


@pytest.mark.parametrize(("name", "series"), PAIRS)
def test_forecasters__predicts_96_finite_values(name: str, series: str) -> None:
    known = conformance.synthetic_history().as_of(conformance.GATE_AT)
    assert isinstance(FOUND[name]().fit(known, series), FittedForecaster)
    conformance.check_shape(FOUND[name], series)


@pytest.mark.parametrize(("name", "series"), PAIRS)
def test_forecasters__knows_nothing_after_the_gate(name: str, series: str) -> None:
    conformance.check_no_leak_and_determinism(FOUND[name], series)


@pytest.mark.parametrize("pattern", ["gaps", "constant", "zero"])
@pytest.mark.parametrize(("name", "series"), PAIRS)
def test_forecasters__survives_degenerate_history(name: str, series: str, pattern: Pattern) -> None:
    conformance.check_degenerate(FOUND[name], series, pattern)


@pytest.mark.parametrize(("name", "series"), PAIRS)
def test_forecasters__refuses_too_short_a_history(name: str, series: str) -> None:
    conformance.check_too_short(FOUND[name], series)
