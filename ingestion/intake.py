"""The door for files: find deliveries, find each one's feed, land them one by one, report on every one.

Every way in (command line, inbox sensor, sample) goes through ``ingest_paths``. A delivery that cannot be
read, or that meets a fault of this program, is reported and the others go on; a database error stops the
intake, with whole batches before it and nothing after.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from ingestion.connectors.base import Delivery
from ingestion.connectors.drop_folder import discover
from ingestion.content import Content
from ingestion.csv_file import CsvFile, UnclosedQuote
from ingestion.feeds import registry
from ingestion.feeds.base import Feed
from ingestion.file_landing import FileLander, parse_block
from ingestion.formats.delivery import ShapedDelivery, is_nem, land_nem, land_shaped, with_profile
from ingestion.formats.parted_landing import PartedLander
from ingestion.formats.profile import SourceProfile
from ingestion.formats.readings import without_profile
from ingestion.landing import Lander, Origin
from ingestion.outcome import OWN_SOURCES
from ingestion.parsing import parse_table
from ingestion.readers import RawTable, read_workbook
from ingestion.report import BatchReport, FileRefused, shorten, storable
from ingestion.resolving import by_header, by_name, unknown_sheet

_LOG = logging.getLogger(__name__)
_STOPS = (psycopg.Error, SQLAlchemyError)  # the next delivery would meet the same database
Progress = Callable[[int, int, str], None]
Taken = Callable[[Delivery, Sequence[BatchReport]], None]
RULES_SHEET = "rules"
_WORKBOOKS = (".xlsx", ".xlsm")


def ingest_paths(
    engine: Engine,
    paths: Sequence[Path],
    feed: str | None = None,
    on_progress: Progress | None = None,
    *,
    profile: SourceProfile | None = None,
    on_delivery: Taken | None = None,
) -> list[BatchReport]:
    """Land every delivery under ``paths``, oldest ``known_at`` first; safe to repeat.

    ``feed`` names the feed of all files, else each file's name, sheet or header tells. ``profile`` reads all
    files, whatever their names. ``on_progress`` is called with (files done, files, file name),
    ``on_delivery`` with each delivery and its reports. Returns one report per file, or per sheet of a
    workbook. Raises ValueError for a feed that is not installed.

    A file named alone is taken at its word, as a new delivery even when its content is known: what differs
    from the latest versions lands. In a folder or a list, a file that lies there as it was last taken in is
    none.
    """
    alone = len(paths) == 1 and not paths[0].is_dir()
    deliveries = discover(paths)
    if profile is not None:
        deliveries = with_profile(deliveries, profile)
    return ingest_deliveries(
        engine, deliveries, feed, on_progress, takes_again=alone, on_delivery=on_delivery
    )


def ingest_deliveries(
    engine: Engine,
    deliveries: Sequence[Delivery],
    feed: str | None = None,
    on_progress: Progress | None = None,
    *,
    takes_again: bool = False,
    on_delivery: Taken | None = None,
) -> list[BatchReport]:
    """Land deliveries of any connector in the given order (see ``ingest_paths``)."""
    feeds = registry()
    if feed is not None and feed not in feeds:
        near = get_close_matches(feed, feeds, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"feed {feed!r} is not installed; feeds are {', '.join(feeds)}{hint}")
    explicit = feeds[feed] if feed is not None else None
    reports: list[BatchReport] = []
    with PartedLander(engine, takes_again=takes_again) as lander:
        for done, delivery in enumerate(deliveries, start=1):
            found = list(_ingest_one(lander, delivery, feeds, explicit))
            reports += found
            if on_delivery:
                on_delivery(delivery, found)
            if on_progress:
                on_progress(done, len(deliveries), storable(delivery.file_name))
    return reports


def _ingest_one(
    lander: PartedLander, delivery: Delivery, feeds: Mapping[str, Feed], explicit: Feed | None
) -> Iterator[BatchReport]:
    """Reports of one file. Its names may come from anywhere, so they are made storable first."""
    file_name = storable(delivery.file_name)
    delivery = replace(delivery, file_name=file_name, source=storable(delivery.source))
    try:
        content = _content(delivery)
        if isinstance(delivery, ShapedDelivery):
            yield from land_shaped(lander, delivery, content)
        elif is_nem(content.head):
            yield from land_nem(lander, delivery, content)
        elif Path(delivery.file_name).suffix.lower() in _WORKBOOKS:
            yield from _ingest_workbook(lander, delivery, content.read(), feeds, explicit)
        else:
            yield _ingest_csv(lander, delivery, content, feeds, explicit)
    except FileRefused as refused:
        yield refused.report(delivery.file_name)
    except _STOPS:
        raise
    except Exception as fault:
        yield _faulty(fault, delivery.file_name)


def _faulty(
    fault: Exception, file_name: str, sheet: str | None = None, feed: str | None = None
) -> BatchReport:
    """Report a fault of this program on one delivery, so that the others still land; the log has the rest."""
    _LOG.error("%s%s: unexpected fault", file_name, f", sheet {sheet}" if sheet else "", exc_info=fault)
    what = shorten(f"{type(fault).__name__}: {fault}", 200)
    return FileRefused(
        "UNEXPECTED_FAULT",
        f"met a fault of the intake and nothing of it landed ({what})",
        "keep the file and report it with this message and the log; the other files are not affected",
    ).report(file_name, sheet, feed)


def _content(delivery: Delivery) -> Content:
    """Bytes of a delivery, or FileRefused."""
    if delivery.refused:
        raise delivery.refused
    if delivery.source in OWN_SOURCES:
        raise FileRefused(
            "RESERVED_SOURCE",
            f"says that its source is {delivery.source!r}, which only WattLedger itself may be",
            "name the real source in the manifest; edit a metered day with `wattledger edit`",
        )
    suffix = Path(delivery.file_name).suffix.lower()
    if suffix != ".csv" and suffix not in _WORKBOOKS:
        raise FileRefused(
            "UNKNOWN_FORMAT",
            f"is neither CSV nor XLSX (its name ends in {suffix!r})",
            "save it as 'CSV UTF-8' or .xlsx",
        )
    try:
        content = Content.of_path(delivery.path) if delivery.path else Content.of_bytes(delivery.read())
    except OSError as error:
        raise FileRefused(
            "UNREADABLE_FILE", f"cannot be read ({error.strerror})", "check the path and its permissions"
        ) from error
    if content.is_blank:
        raise FileRefused("EMPTY_FILE", "is empty", "deliver it again, with the feed's header row", line_no=1)
    return content


def _ingest_csv(
    lander: FileLander, delivery: Delivery, content: Content, feeds: Mapping[str, Feed], explicit: Feed | None
) -> BatchReport:
    """Land a CSV file."""
    feed = explicit or by_name(feeds, delivery.file_name)
    origin = Origin(delivery.file_name, None, content.sha256, delivery.source, delivery.known_at)
    duplicate = lander.find_duplicate(feed, origin) if feed else None
    if duplicate:
        return duplicate
    try:
        return _land_csv(lander, CsvFile(content), feeds, feed, origin)
    except UnclosedQuote:
        # one unclosed quote would swallow the rest of the file, so take each line on its own
        return _land_csv(lander, CsvFile(content, by_line=True), feeds, feed, origin)


def _land_csv(
    lander: FileLander, file: CsvFile, feeds: Mapping[str, Feed], feed: Feed | None, origin: Origin
) -> BatchReport:
    """Land a CSV file whose feed its header tells, unless it is known; a refused file names the feed."""
    try:
        feed = feed or by_header(feeds, file.header, file.header_line)
    except FileRefused as refused:
        file.check_encoding()
        raise without_profile(refused, file.start(97)) from refused
    try:
        return lander.land_file(feed, file, origin, parse_block)
    except FileRefused as refused:
        if refused.line_no == file.header_line:
            file.check_encoding()
        return refused.report(origin.file_name, origin.sheet, feed.name)


def _ingest_workbook(
    lander: Lander, delivery: Delivery, content: bytes, feeds: Mapping[str, Feed], explicit: Feed | None
) -> Iterator[BatchReport]:
    """Land each sheet of a workbook that is named by a feed; report filled sheets that are not."""
    sheets = {name: raw for name, raw in read_workbook(content).items() if name != RULES_SHEET}
    if not sheets:
        raise FileRefused("EMPTY_FILE", "has no filled sheet", "fill a sheet that is named by its feed")
    for name, raw in sheets.items():
        feed = by_name(feeds, name)
        if explicit and name != explicit.name:
            if len(sheets) > 1:
                continue
            feed = explicit
        origin = Origin(delivery.file_name, raw.sheet, raw.fingerprint(), delivery.source, delivery.known_at)
        if feed is None:
            refusal = without_profile(unknown_sheet(feeds, name), raw)
            yield refusal.report(delivery.file_name, raw.sheet)
            continue
        try:
            yield lander.find_duplicate(feed, origin) or _land(lander, raw, feed, origin)
        except FileRefused as refused:
            yield refused.report(delivery.file_name, raw.sheet, feed.name)
        except _STOPS:
            raise
        except Exception as fault:
            yield _faulty(fault, delivery.file_name, raw.sheet, feed.name)
    if explicit and len(sheets) > 1 and explicit.name not in sheets:
        raise unknown_sheet({explicit.name: explicit}, ", ".join(sheets))


def _land(lander: Lander, raw: RawTable, feed: Feed, origin: Origin) -> BatchReport:
    """Parse and land one table; a refused header names the feed."""
    try:
        return lander.land(parse_table(feed, raw, origin.file_name), origin)
    except FileRefused as refused:
        return refused.report(origin.file_name, origin.sheet, feed.name)
