"""One module per feed: its record, its checks, its landing table.

Belongs here: declarations (``FEED``) and nothing else. A feed is found through the entry-point group
``wattledger.feeds``, the built-in ones included, so a third party adds a feed without changing a file here.
Importing this package declares every built-in landing table in ``ingestion.tables.METADATA``.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules

from ingestion.feeds.base import Feed

ENTRY_POINT_GROUP = "wattledger.feeds"

# the folder is the list: a new module is a new table for the migration, without a second place to edit
for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


def registry() -> dict[str, Feed]:
    """Return every installed feed by name, sorted.

    Raises RuntimeError when the distribution is not installed (then no entry point exists) or when a
    distribution offers something that is not a Feed, or a name that is taken.
    """
    feeds: dict[str, Feed] = {}
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda p: p.name):
        feed = point.load()
        if not isinstance(feed, Feed) or feed.name != point.name:
            raise RuntimeError(
                f"entry point {point.name} = {point.value} of group {ENTRY_POINT_GROUP} is not that Feed; "
                "point it at an ingestion.feeds.base.Feed whose name equals the entry point's"
            )
        if feeds.setdefault(feed.name, feed) is not feed:
            raise RuntimeError(f"two distributions offer the feed {feed.name}; uninstall one of them")
    if not feeds:
        raise RuntimeError(
            f"no feed is installed (entry-point group {ENTRY_POINT_GROUP} is empty); "
            "install the project into this environment first: make install"
        )
    return feeds
