"""The rule "at least one of these columns" (``Feed.at_least_one``), applied to a whole table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import CellError, Value


def check_filled(
    feed: Feed,
    values: Mapping[str, Sequence[Value | None]],
    faults: dict[int, tuple[str, str, CellError]],
) -> None:
    """Refuse (``NOTHING_GIVEN``) each record that leaves every column of a group blank.

    A record that has a fault already keeps it: a cell that could not be read is not blank.
    """
    for group in feed.at_least_one:
        names = " and ".join(group)
        for row, given in enumerate(zip(*(values[name] for name in group), strict=True)):
            if row not in faults and all(value is None for value in given):
                error = CellError(
                    "NOTHING_GIVEN", "are all blank", f"fill at least one of {', '.join(group)}"
                )
                faults[row] = (names, "", error)
