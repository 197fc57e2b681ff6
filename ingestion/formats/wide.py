"""A day a line: 24, 48, 96 or 288 values side by side, or 97 with an odd one that the profile explains."""

from __future__ import annotations

from datetime import date

import numpy as np

from ingestion.feeds.columns import CellError
from ingestion.formats.cells import energy_fault, parse_cells
from ingestion.formats.profile import SourceProfile
from ingestion.formats.readings import check_wide_header
from ingestion.formats.shaped import Faults, MeterDays, parse_ids, parse_words
from ingestion.formats.source_file import SourceTable
from ingestion.formats.stamps import Stamp, parse_stamp
from ingestion.formats.units import Bools, Ints, Scale, to_slots


def wide_days(table: SourceTable, profile: SourceProfile) -> MeterDays:
    """Meter days of a wide file; FileRefused when its header does not say what the profile says."""
    assert profile.first_column is not None
    start = table.position(profile.first_column, "first_column")
    width = check_wide_header(table, profile, start)
    faults: Faults = {}
    points, channels = identities(table, profile, faults)
    at = table.position(profile.time.column, "time.column")
    days = _days(table.texts(at), table.names[at], profile, faults)
    counts, missing = _values(table, profile, start, width, faults)
    _refuse_repeated(table, points, channels, days, faults)
    keep = np.array([row for row in range(len(days)) if row not in faults], dtype=np.int64)
    scale = profile.scale()
    wh, empty = to_slots(
        counts[keep] * scale.numerator,
        missing[keep],
        scale.scale,
        profile.rounding,
        profile.split_decimals,
    )
    keys = [(points[row], channels[row], date.fromordinal(days[row])) for row in keep.tolist()]
    notes = None
    if profile.intervals < 96:
        texts = table.raw.cells[:, start : start + width]
        notes = [original(profile, texts[row].tolist()) for row in keep.tolist()]
    return MeterDays(keys, wh, empty, keep, np.arange(len(keep)), faults, notes=notes)


def original(profile: SourceProfile, texts: list[object]) -> str:
    """What the source wrote, kept beside the day that was split from it."""
    return f"{profile.intervals} points in {profile.unit}: {'|'.join(str(text).strip() for text in texts)}"


def identities(table: SourceTable, profile: SourceProfile, faults: Faults) -> tuple[list[str], list[str]]:
    """Metering point and channel of each row; a blank or unknown one marks its row."""
    rows = len(table.raw.lines)
    points = [profile.metering_point.constant or ""] * rows
    channels: list[str] = [profile.channel.constant or ""] * rows
    if profile.metering_point.column is not None:
        at = table.position(profile.metering_point.column, "metering_point.column")
        points = parse_ids(table.texts(at), table.names[at], faults)
    if profile.channel.column is not None:
        at = table.position(profile.channel.column, "channel.column")
        channels = parse_words(table.texts(at), dict(profile.channel.words), table.names[at], faults)
    return points, channels


def _days(texts: list[str], name: str, profile: SourceProfile, faults: Faults) -> list[int]:
    """Ordinal of each row's day; a wrong one marks its row."""
    parsed: dict[str, int] = {}
    wrong: dict[str, CellError] = {}
    for text in set(texts):
        try:
            stamp = parse_stamp(text, profile.time.format) if text else Stamp(0, 0)
            if not text or stamp.minute:
                raise CellError("UNPARSABLE_DATE", "is not a day", "write the day alone, without a time")
            parsed[text] = stamp.day
        except CellError as error:
            parsed[text] = 0
            wrong[text] = error
    for row, text in enumerate(texts):
        if text in wrong:
            faults.setdefault(row, (name, text, wrong[text]))
    return [parsed[text] for text in texts]


def _values(
    table: SourceTable, profile: SourceProfile, start: int, width: int, faults: Faults
) -> tuple[Ints, Bools]:
    """Counts and missing mask of the day's intervals, shape (rows, intervals)."""
    block = table.raw.cells[:, start : start + width]
    scale = profile.scale()
    flat, empty, wrong = parse_cells([str(text) for text in block.ravel().tolist()], scale, profile)
    counts, missing = flat.reshape(block.shape), empty.reshape(block.shape)
    if wrong:
        for row, cells in enumerate(block.tolist()):
            bad = next((at for at, text in enumerate(cells) if text in wrong), None)
            if bad is not None:
                faults.setdefault(row, (table.names[start + bad], cells[bad], wrong[cells[bad]]))
    if profile.extra_column == "start_reading":
        return _differences(table, profile, start, counts, missing, scale, faults)
    if profile.extra_column in ("previous_end", "total_first"):
        extra, counts = counts[:, 0], counts[:, 1:]
        blank, missing = missing[:, 0], missing[:, 1:]
    elif profile.extra_column == "total_last":
        extra, counts = counts[:, -1], counts[:, :-1]
        blank, missing = missing[:, -1], missing[:, :-1]
    else:
        return counts, missing
    if profile.extra_column != "previous_end":
        at = start if profile.extra_column == "total_first" else start + width - 1
        differ = (counts.sum(axis=1) != extra) & ~blank & ~missing.any(axis=1)
        for row in np.flatnonzero(differ).tolist():
            error = CellError(
                "TOTAL_DIFFERS",
                f"is not the sum of the row's {profile.intervals} values",
                "correct the row, or extra_column in the profile",
            )
            faults.setdefault(row, (table.names[at], str(table.raw.cells[row, at]), error))
    return counts, missing


def _differences(
    table: SourceTable,
    profile: SourceProfile,
    start: int,
    readings: Ints,
    blank: Bools,
    scale: Scale,
    faults: Faults,
) -> tuple[Ints, Bools]:
    """Differences of neighbouring registers; one that falls refuses its row."""
    missing = blank[:, 1:] | blank[:, :-1]
    counts = np.where(missing, 0, np.diff(readings, axis=1))
    suspect = (
        (counts < 0)
        | (counts > scale.largest_count)
        | (counts * (scale.numerator % scale.scale) % scale.scale != 0)
    )
    _check_gaps(table, start, readings, blank, faults)
    for row in np.flatnonzero(suspect.any(axis=1)).tolist():
        for at in np.flatnonzero(suspect[row]).tolist():
            cell = str(table.raw.cells[row, start + at + 1])
            error = (
                rollback(str(table.raw.cells[row, start + at]).strip())
                if counts[row, at] < 0
                else energy_fault(int(counts[row, at]), scale, profile.rounding)
            )
            if error:
                faults.setdefault(row, (table.names[start + at + 1], cell, error))
                break
    return counts, missing


def _check_gaps(table: SourceTable, start: int, readings: Ints, blank: Bools, faults: Faults) -> None:
    """A register that falls across blank readings is a rollback too."""
    known = np.maximum.accumulate(np.where(blank, -1, readings), axis=1)
    fallen = ~blank[:, 1:] & (readings[:, 1:] < known[:, :-1])
    for row in np.flatnonzero(fallen.any(axis=1)).tolist():
        at = start + int(fallen[row].argmax()) + 1
        faults.setdefault(
            row, (table.names[at], str(table.raw.cells[row, at]), rollback("an earlier reading"))
        )


def rollback(before: str) -> CellError:
    """A register that counts backwards."""
    return CellError(
        "REGISTER_ROLLBACK",
        f"is lower than the reading before it ({before}); a register only rises",
        "correct the reading, or deliver the days before and after a meter change on their own",
    )


def _refuse_repeated(
    table: SourceTable, points: list[str], channels: list[str], days: list[int], faults: Faults
) -> None:
    """A second row for the same day: which of the two is right cannot be known here."""
    first: dict[tuple[str, str, int], int] = {}
    for row, key in enumerate(zip(points, channels, days, strict=True)):
        if row not in faults and first.setdefault(key, row) != row:
            line = table.raw.lines[first[key]]
            error = CellError(
                "DUPLICATE_IN_FILE",
                f"repeats the key of line {line}, which landed",
                "deliver the right record in a new file as a correction",
            )
            value = f"{key[0]}, {key[1]}, {date.fromordinal(key[2])}"
            faults[row] = ("metering_point_id, channel, delivery_on", value, error)
