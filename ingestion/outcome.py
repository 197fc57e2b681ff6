"""Where a delivery comes from, and what is said of records and files that do not land again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ingestion.feeds.base import Feed
from ingestion.feeds.columns import CHINA, CellError
from ingestion.report import BatchReport

OWN_SOURCES = ("vee", "edit")
"""Sources of what this program lands itself (ingestion.vee); no delivery may call itself so."""

UNCHANGED = CellError(
    "UNCHANGED",
    "equals the latest version of its key",
    "nothing to do; leave unchanged records out of a correction",
)


@dataclass(frozen=True)
class Origin:
    """Where a delivery comes from; ``known_at`` None means: known when received.

    ``again``: this content has landed before, so ``sha256`` alone no longer tells its batches apart.
    """

    file_name: str
    sheet: str | None
    sha256: str
    source: str
    known_at: datetime | None
    again: bool = False


def older_than_head(known_at: datetime, head: object) -> CellError:
    """Say which knowledge is older than which; times as a manifest writes them, UTC+8."""
    then = f"{known_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    since = f"{head.astimezone(CHINA):%Y-%m-%d %H:%M}" if isinstance(head, datetime) else "later"
    return CellError(
        "OLDER_THAN_HEAD",
        f"was known at {then}, but the latest version of its key is newer ({since})",
        "leave it out; or if it corrects that version, declare in the manifest the later known_at at which "
        "you learned it",
    )


def numbers(row: tuple[object, ...]) -> tuple[int, int]:
    """batch_id and batch_seq of a row."""
    return int(str(row[0])), int(str(row[1]))


def duplicate(feed: Feed, origin: Origin, found: tuple[object, ...]) -> BatchReport:
    """Report of content that landed before."""
    batch_id, batch_seq = numbers(found)
    return BatchReport(feed.name, origin.file_name, origin.sheet, "duplicate", batch_id, batch_seq)
