"""Which feed a delivery belongs to: by name when it has one, else by its header."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from ingestion.feeds.base import Feed
from ingestion.report import FileRefused


def by_name(feeds: Mapping[str, Feed], name: str) -> Feed | None:
    """Feed of a file name (the part before the first ``-`` or ``.``) or of a sheet name.

    >>> by_name({}, "meter_day-2026-09-01.csv") is None
    True
    """
    stem = name.split("-", 1)[0].split(".", 1)[0].strip().lower()
    return feeds.get(stem)


def by_header(feeds: Mapping[str, Feed], header: list[str], header_line: int = 1) -> Feed:
    """Feed whose required columns all stand in ``header``; of several, the one that knows every column.

    Raises FileRefused naming the candidates when none or more than one fits.
    """
    names = set(header)
    fitting = [feed for feed in feeds.values() if names.issuperset(feed.required_columns)]
    exact = [feed for feed in fitting if names.issubset(feed.file_columns)]
    candidates = exact or fitting
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        listed = ", ".join(sorted(feed.name for feed in candidates))
        raise FileRefused(
            "AMBIGUOUS_FEED",
            f"has a header that fits several feeds: {listed}",
            "name the feed with --feed, or start the file name with it",
            line_no=header_line,
        )
    raise _no_feed(feeds, names, header_line)


def _no_feed(feeds: Mapping[str, Feed], names: set[str], header_line: int) -> FileRefused:
    """Refusal that names the nearest feed and what it lacks."""
    shared = {feed.name: len(names & set(feed.required_columns)) for feed in feeds.values()}
    nearest = max(feeds.values(), key=lambda f: shared[f.name] / len(f.required_columns))
    hint = "name the feed with --feed, or start the file name with it"
    if shared[nearest.name]:
        lacking = [name for name in nearest.required_columns if name not in names]
        hint += f"; nearest is {nearest.name}, which lacks {', '.join(lacking[:5])}"
    return FileRefused(
        "UNKNOWN_FEED",
        f"has a header that fits no feed; feeds are {', '.join(sorted(feeds))}",
        hint,
        line_no=header_line,
        field_name="header",
        value=", ".join(sorted(names)),
    )


def unknown_sheet(feeds: Mapping[str, Feed], sheet: str) -> FileRefused:
    """Refusal of a filled sheet that is named by no feed."""
    near = get_close_matches(sheet, feeds, n=1)
    return FileRefused(
        "UNKNOWN_FEED",
        f"is not the name of a feed; feeds are {', '.join(sorted(feeds))}",
        f"rename the sheet to {near[0]!r}" if near else "name each sheet by its feed",
        line_no=1,
        field_name="sheet",
        value=sheet,
    )
