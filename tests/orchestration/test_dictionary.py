"""The data dictionary says what the code says."""

from __future__ import annotations

import pytest

from orchestration import dictionary


@pytest.mark.integration
def test_dictionary__is_up_to_date() -> None:
    assert dictionary.main(check=True) == 0, "run `make docs` and commit docs/data_dictionary.md"


def test_folded__shows_a_curve_as_one_line() -> None:
    rows = [
        ("day", "date", "d"),
        *[(f"p{slot:02d}", "integer", "Wh") for slot in range(1, 97)],
        ("note", "text", ""),
    ]
    assert list(dictionary._folded(rows)) == [
        ("day", "date", "d"),
        ("p01…p96", "integer", "Wh"),
        ("note", "text", ""),
    ]
