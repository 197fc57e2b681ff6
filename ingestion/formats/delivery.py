"""Which deliveries have a shape of their own, and how they land."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final

from ingestion.connectors.base import Delivery
from ingestion.content import Content
from ingestion.feeds.meter_day import FEED
from ingestion.formats.parted_landing import InParts, PartedLander
from ingestion.formats.profile import PROFILE_FILE, WRONG_PROFILE, SourceProfile, load_profile
from ingestion.formats.shaped import ShapedTable
from ingestion.formats.shaping import Sizes, shape_table, shaped_file
from ingestion.formats.source_file import WORKBOOKS, read_source
from ingestion.landing import Origin
from ingestion.report import BatchReport, FileRefused

WHOLE_BYTES: Final = 8 << 20
"""Larger CSV files go through in parts."""

SIZES: Final = Sizes()

_UNDECLARED = "drop_folder"


@dataclass(frozen=True)
class ShapedDelivery(Delivery):
    """A delivery whose file means what ``profile`` says."""

    profile: SourceProfile | None = None


def with_profile(deliveries: Sequence[Delivery], profile: SourceProfile) -> list[Delivery]:
    """The same deliveries, read through ``profile`` whatever their names and the profile beside them."""
    return [_shaped(_without_wrong_profile(delivery), profile) for delivery in deliveries]


def _without_wrong_profile(delivery: Delivery) -> Delivery:
    """The delivery, even when the profile that lies beside it is broken: another one is used."""
    broken = delivery.refused is not None and delivery.refused.code == WRONG_PROFILE
    return replace(delivery, refused=None) if broken else delivery


def _shaped(delivery: Delivery, profile: SourceProfile) -> ShapedDelivery:
    """A delivery with its profile."""
    known = {field.name: getattr(delivery, field.name) for field in fields(Delivery)}
    return ShapedDelivery(**known, profile=profile)


def beside(delivery: Delivery, folder: Path) -> Delivery:
    """The delivery with the profile that lies in its folder, if one does and speaks of the file.

    A broken profile refuses every file of its folder: which of them it spoke of cannot be known.
    """
    path = folder / PROFILE_FILE
    if delivery.refused or not path.is_file():
        return delivery
    try:
        profile = load_profile(path)
    except FileRefused as refused:
        return replace(delivery, refused=refused)
    return _shaped(delivery, profile) if profile.fits(delivery.file_name) else delivery


def land_shaped(lander: PartedLander, delivery: ShapedDelivery, content: Content) -> Iterator[BatchReport]:
    """Land one file through its profile: one report, for it is one batch."""
    profile = delivery.profile
    assert profile is not None
    # the same bytes under a corrected profile say something else, so the profile is part of the fingerprint
    sha256 = hashlib.sha256(bytes.fromhex(content.sha256) + profile.digest().encode()).hexdigest()
    source = profile.profile if delivery.source == _UNDECLARED else delivery.source
    origin = Origin(delivery.file_name, None, sha256, source, delivery.known_at)
    name = delivery.file_name
    if is_large(content) and Path(name).suffix.lower() not in WORKBOOKS:
        yield _land_parts(lander, origin, lambda: shaped_file(content, name, profile, SIZES), profile.sheet)
    else:
        yield _land(lander, origin, lambda: transform(content.read(), name, profile), profile.sheet)


def is_nem(content: bytes) -> bool:
    """True when the first record says NEM12 or NEM13: such a file says itself what it means."""
    return content.lstrip(b"\xef\xbb\xbf\r\n ")[:7].upper() == b"100,NEM"


def land_nem(lander: PartedLander, delivery: Delivery, content: Content) -> Iterator[BatchReport]:
    """Land one NEM12 file; NEM13 is refused by name."""
    # nemreader costs a second to import, which no other file should pay
    from ingestion.formats.nem12 import transform_nem12
    from ingestion.formats.nem12_file import nem12_file

    name = delivery.file_name
    origin = Origin(name, None, content.sha256, delivery.source, delivery.known_at)
    if is_large(content):
        yield _land_parts(lander, origin, lambda: nem12_file(content, name, SIZES), None)
    else:
        yield _land(lander, origin, lambda: transform_nem12(content.read(), name), None)


def is_large(content: Content) -> bool:
    """True when the file goes through in parts; smaller ones are quicker as a whole."""
    return content.size > WHOLE_BYTES


def _land(
    lander: PartedLander, origin: Origin, table: Callable[[], ShapedTable], sheet: str | None
) -> BatchReport:
    """Land the table unless this content is known; a refused file is a report too."""
    duplicate = lander.find_duplicate(FEED, origin)
    if duplicate:
        return duplicate
    try:
        shaped = table()
    except FileRefused as refused:
        return refused.report(origin.file_name, sheet, FEED.name)
    return lander.land(shaped, replace(origin, sheet=shaped.raw.sheet))


def _land_parts(
    lander: PartedLander,
    origin: Origin,
    read: Callable[[], AbstractContextManager[InParts]],
    sheet: str | None,
) -> BatchReport:
    """Land a large file unless it is known; a refused file is a report too."""
    duplicate = lander.find_duplicate(FEED, origin)
    if duplicate:
        return duplicate
    try:
        with read() as file:
            return lander.land_parts(file, origin)
    except FileRefused as refused:
        return refused.report(origin.file_name, sheet, FEED.name)


def transform(content: bytes, file_name: str, profile: SourceProfile) -> ShapedTable:
    """Meter days of a file's bytes; FileRefused when it cannot be read in exactly one way."""
    return shape_table(read_source(content, file_name, profile), file_name, profile)
