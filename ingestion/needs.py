"""What one column of a record asks of others: a share must be given when a charge is shared, and the like."""

from __future__ import annotations

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import CellError, Value


def check_needs(
    feed: Feed, values: dict[str, list[Value | None]], faults: dict[int, tuple[str, str, CellError]]
) -> None:
    """Add a fault (field, value as delivered, error) for each record that lacks what ``feed.needs`` asks.

    ``values[column]`` has one entry per record; a record that has a fault already keeps it.
    """
    for need in feed.needs:
        for row, given in enumerate(values[need.column]):
            if given is None or row in faults or (need.values is not None and given not in need.values):
                continue
            for name in need.wanted:
                if values[name][row] is None:
                    problem = f"is blank, but {need.column} is {given}"
                    error = CellError("MISSING_FIELD", problem, f"fill {name}, or correct {need.column}")
                    faults.setdefault(row, (name, "", error))
