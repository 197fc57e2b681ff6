"""A cut never hands out anything later than its gate, and hands out the latest version before it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.asof import LOAD, CurveHistory, CurveVersion, KnowledgeError, KnownCurves

CHINA = timezone(timedelta(hours=8))
DAY = date(2026, 10, 1)
START = datetime(2026, 10, 2, 8, 30, tzinfo=CHINA)


def version(hours: int, value: float, complete: bool = True) -> CurveVersion:
    return CurveVersion(START + timedelta(hours=hours), np.full(96, value), complete)


def history(versions: list[CurveVersion], hours: int = 1000) -> CurveHistory:
    return CurveHistory(START + timedelta(hours=hours), {LOAD: {DAY: versions}})


@given(st.lists(st.integers(0, 100), min_size=1, max_size=8, unique=True), st.integers(-5, 110))
def test_as_of__gives_the_latest_version_known_at_the_gate(hours: list[int], gate: int) -> None:
    cut = history([version(hour, float(hour)) for hour in hours]).as_of(START + timedelta(hours=gate))
    earlier = [hour for hour in hours if hour <= gate]
    if not earlier:
        assert cut.days(LOAD) == []
        assert np.isnan(cut.usable(LOAD, DAY)).all()
    else:
        assert cut.version(LOAD, DAY).values[0] == max(earlier)
        assert cut.version(LOAD, DAY).known_at <= cut.available_at


def test_as_of__refuses_a_gate_later_than_the_history() -> None:
    with pytest.raises(KnowledgeError, match="cannot answer"):
        history([version(0, 1.0)], hours=5).as_of(START + timedelta(hours=6))


def test_known_curves__refuses_to_hold_a_later_version() -> None:
    with pytest.raises(KnowledgeError, match="after the gate"):
        KnownCurves(START, {LOAD: {DAY: version(1, 1.0)}})


def test_known_curves__refuses_an_earlier_gate() -> None:
    cut = history([version(0, 1.0)]).as_of(START)
    cut.require(START)
    with pytest.raises(KnowledgeError, match="earlier gate"):
        cut.require(START - timedelta(seconds=1))


def test_version__of_an_unknown_day_is_refused_by_name() -> None:
    with pytest.raises(KnowledgeError, match="2026-10-02"):
        history([version(0, 1.0)]).as_of(START).version(LOAD, DAY + timedelta(days=1))


def test_usable__an_incomplete_day_is_missing_until_it_is_complete() -> None:
    one = history([version(0, 1.0, complete=False), version(2, 2.0)])
    assert np.isnan(one.as_of(START).usable(LOAD, DAY)).all()
    assert one.as_of(START + timedelta(hours=2)).usable(LOAD, DAY)[0] == 2.0


def test_block__keeps_the_order_of_days_and_marks_unknown_ones() -> None:
    block = history([version(0, 1.0)]).as_of(START).block(LOAD, [DAY - timedelta(days=1), DAY])
    assert block.shape == (2, 96)
    assert np.isnan(block[0]).all()
    assert (block[1] == 1.0).all()


def test_digest__changes_with_value_knowledge_time_and_completeness() -> None:
    digests = {
        history(versions).digest()
        for versions in (
            [version(0, 1.0)], [version(0, 2.0)], [version(1, 1.0)],
            [version(0, 1.0, complete=False)], [version(0, 1.0), version(1, 1.0)],
        )
    }  # fmt: skip
    assert len(digests) == 5
    assert history([version(0, 1.0)]).digest() == history([version(0, 1.0)]).digest()


def test_curve_version__cannot_be_changed_and_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="read-only"):
        version(0, 1.0).values[0] = 5
    with pytest.raises(ValueError, match="time zone"):
        CurveVersion(datetime(2026, 1, 1), np.zeros(96))
    with pytest.raises(ValueError, match="shape"):
        CurveVersion(START, np.zeros(24))
