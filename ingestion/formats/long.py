"""A reading a line: each line has a stamp and one or more values, and many lines make a meter day."""

from __future__ import annotations

from datetime import date

import numpy as np

from ingestion.feeds.columns import CellError
from ingestion.formats.cells import parse_cells
from ingestion.formats.profile import SourceProfile
from ingestion.formats.readings import check_midnight, decide_label
from ingestion.formats.registers import Lines, Series, differences, good_rows, register_members
from ingestion.formats.shaped import Faults, MeterDays, parse_ids
from ingestion.formats.source_file import SourceTable
from ingestion.formats.stamps import Stamp, parse_stamp
from ingestion.formats.units import Bools, Ints, to_slots
from ingestion.formats.wide import identities
from ingestion.report import FileRefused


def long_days(table: SourceTable, profile: SourceProfile) -> MeterDays:
    """Meter days of a long file; FileRefused when label or midnight cannot be told."""
    faults: Faults = {}
    series = _series(table, profile)
    points, channels = identities(table, profile, faults)
    place = _places(table, profile, faults)
    columns = [_counts(table, profile, one, faults) for one in series]
    blank = np.logical_and.reduce([missing for _, missing in columns])
    lines = _lines(points, channels, place, blank)
    _refuse_repeated(table, profile, lines, faults)
    if profile.values == "cumulative_register":
        columns = differences(table, profile, series, lines, columns, faults)
    return _group(table, profile, series, lines, columns, faults)


def _series(table: SourceTable, profile: SourceProfile) -> list[Series]:
    """Value columns of the file, as the profile names them."""
    if not profile.metering_point.header:
        return [
            Series(
                table.position(column.column, "columns"),
                column.metering_point or "",
                column.channel or "",
                profile.scale(column.unit),
            )
            for column in profile.columns
        ]
    other = (profile.time.column, profile.time.time_column, profile.channel.column)
    taken = {table.position(name, "time or channel") for name in other if name}
    taken |= {table.position(name, "ignore") for name in profile.ignore}
    free = [at for at in range(len(table.names)) if at not in taken]
    wrong: Faults = {}
    names = parse_ids([table.names[at] for at in free], "header", wrong)
    lowered = [name.lower() for name in names]
    if not free or wrong or len(set(lowered)) < len(lowered):
        raise FileRefused(
            "WRONG_HEADER",
            "has a header that does not name one metering point per column (blank, too long or twice)",
            "name each column by its metering point, or list the others as ignore in the profile",
            line_no=table.raw.header_line,
        )
    return [Series(at, name, "", profile.scale()) for at, name in zip(free, names, strict=True)]


def _places(table: SourceTable, profile: SourceProfile, faults: Faults) -> Ints:
    """Number of the interval of each row (day × intervals + slot); for registers, of the one it ends."""
    at = table.position(profile.time.column, "time.column")
    texts = stamp_texts(table, profile)
    stamps: dict[str, Stamp] = {}
    wrong: dict[str, CellError] = {}
    for text in dict.fromkeys(texts):
        try:
            stamps[text] = parse_stamp(text, profile.time.format)
        except CellError as error:
            wrong[text] = error
    label = "end"
    if profile.values != "cumulative_register" and stamps:
        label = decide_label(stamps, profile, table.raw.header_line)
    check_midnight(stamps, profile, label, table.raw.header_line)
    places: dict[str, int] = dict.fromkeys(wrong, 0)
    for text, stamp in stamps.items():
        try:
            places[text] = place_of(stamp, profile, label)
        except CellError as error:
            places[text] = 0
            wrong[text] = error
    for row, text in enumerate(texts):
        if text in wrong:
            faults.setdefault(row, (table.names[at], text, wrong[text]))
    return np.array([places[text] for text in texts], dtype=np.int64)


def stamp_texts(table: SourceTable, profile: SourceProfile) -> list[str]:
    """Text of each row's stamp; day and time of day joined where they stand in two columns."""
    texts = table.texts(table.position(profile.time.column, "time.column"))
    if not profile.time.time_column:
        return texts
    clock = table.texts(table.position(profile.time.time_column, "time.time_column"))
    return [f"{day} {time}" for day, time in zip(texts, clock, strict=True)]


def place_of(stamp: Stamp, profile: SourceProfile, label: str) -> int:
    """Interval number of one stamp.

    A stamp 00:00 ends the last interval of the day before (next_day) or of its own date (same_date).
    """
    step = 1440 // profile.intervals
    if stamp.minute % step:
        raise CellError(
            "OFF_GRID",
            f"is not on a boundary of {step} minutes",
            "correct the stamp, or the profile's points",
        )
    number = stamp.day * profile.intervals + stamp.minute // step
    if label == "begin":
        if stamp.minute == 1440:
            raise CellError("OFF_GRID", "begins no interval of its day", "write 00:00 of the next day")
        return number
    if stamp.minute == 0:
        if profile.time.midnight == "24:00":
            raise CellError(
                "OFF_GRID", "is 00:00 where the profile says that the source writes 24:00", "correct either"
            )
        if profile.time.midnight == "same_date":
            number += profile.intervals
    return number - 1


def _lines(points: list[str], channels: list[str], place: Ints, blank: Bools) -> Lines:
    """Rows with the code of their (point, channel)."""
    codes: dict[tuple[str, str], int] = {}
    pairs = zip(points, channels, strict=True)
    owner = np.fromiter((codes.setdefault(pair, len(codes)) for pair in pairs), np.int64, count=len(points))
    return Lines(list(codes), owner, place, blank)


def _counts(table: SourceTable, profile: SourceProfile, series: Series, faults: Faults) -> tuple[Ints, Bools]:
    """Counts and missing mask of one value column; a wrong cell marks its row."""
    texts = [str(text) for text in table.raw.cells[:, series.at].tolist()]
    counts, missing, wrong = parse_cells(texts, series.scale, profile)
    if wrong:
        for row, text in enumerate(texts):
            if text in wrong:
                faults.setdefault(row, (table.names[series.at], text, wrong[text]))
    return counts, missing


def _refuse_repeated(table: SourceTable, profile: SourceProfile, lines: Lines, faults: Faults) -> None:
    """A second line for the same interval: which of the two is right cannot be known here."""
    good = np.flatnonzero(good_rows(len(lines.place), faults))
    order = good[np.lexsort((good, lines.place[good], lines.owner[good]))]
    same = (np.diff(lines.place[order]) == 0) & (np.diff(lines.owner[order]) == 0)
    at = table.position(profile.time.column, "time.column")
    first = order[:1]
    for index in np.flatnonzero(same).tolist():
        row = int(order[index + 1])
        if not same[index - 1] or index == 0:
            first = order[index : index + 1]
        error = CellError(
            "DUPLICATE_IN_FILE",
            f"repeats the interval of line {table.raw.lines[int(first[0])]}, which was taken",
            "remove the line, or deliver the right one in a new file as a correction",
        )
        faults.setdefault(row, (table.names[at], str(table.raw.cells[row, at]), error))


def _group(
    table: SourceTable,
    profile: SourceProfile,
    series: list[Series],
    lines: Lines,
    columns: list[tuple[Ints, Bools]],
    faults: Faults,
) -> MeterDays:
    """Rows to meter days, one per owner, day and series."""
    width = profile.intervals
    member_rows, member_group, days, owners = _members(table, profile, lines, columns, faults)
    groups = len(days)
    record_count = groups * len(series)
    amounts = np.zeros((record_count, width), dtype=np.int64)
    missing = np.ones((record_count, width), dtype=np.bool_)
    own = lines.place[member_rows] // width == days[member_group]  # not a mere start reading of the next day
    rows, group = member_rows[own], member_group[own]
    slot = lines.place[rows] % width
    for index, (one, (counts, absent)) in enumerate(zip(series, columns, strict=True)):
        amounts[group + index * groups, slot] = np.where(absent[rows], 0, counts[rows]) * one.scale.numerator
        missing[group + index * groups, slot] = absent[rows]
    wh = np.zeros((record_count, 96), dtype=np.int64)
    empty = np.ones((record_count, 96), dtype=np.bool_)
    keys: list[tuple[str, str, date]] = []
    for index, one in enumerate(series):
        part = slice(index * groups, (index + 1) * groups)
        wh[part], empty[part] = to_slots(
            amounts[part], missing[part], one.scale.scale, profile.rounding, profile.split_decimals
        )
        for owner, day in zip(owners.tolist(), days.tolist(), strict=True):
            point, channel = lines.owners[owner]
            keys.append((one.point or point, one.channel or channel, date.fromordinal(day)))
    rows = np.tile(member_rows, len(series))
    records = np.concatenate([member_group + index * groups for index in range(len(series))])
    notes = _notes(table, profile, series, amounts, missing) if width < 96 else None
    return MeterDays(keys, wh, empty, rows, records, faults, notes=notes)


def _members(
    table: SourceTable,
    profile: SourceProfile,
    lines: Lines,
    columns: list[tuple[Ints, Bools]],
    faults: Faults,
) -> tuple[Ints, Ints, Ints, Ints]:
    """(row, group) pairs, and day and owner of each group; refuses rows that belong to none."""
    width = profile.intervals
    good = np.flatnonzero(good_rows(len(lines.place), faults))
    rows, day = good, lines.place[good] // width
    if profile.values == "cumulative_register":
        rows, day = register_members(table, profile, lines, columns, good, faults)
    elif profile.incomplete_day == "refuse":
        rows, day = _complete_only(table, profile, lines, good, faults)
    pairs = np.stack([lines.owner[rows], day], axis=1)
    unique, group = np.unique(pairs, axis=0, return_inverse=True)
    return rows, group.reshape(-1), unique[:, 1], unique[:, 0]


def _complete_only(
    table: SourceTable, profile: SourceProfile, lines: Lines, good: Ints, faults: Faults
) -> tuple[Ints, Ints]:
    """Rows of days that have a line for each interval; the others are refused."""
    day = lines.place[good] // profile.intervals
    pairs = np.stack([lines.owner[good], day], axis=1)
    _, group, size = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
    short = size[group.reshape(-1)] < profile.intervals
    at = table.position(profile.time.column, "time.column")
    for row, lines_of_day in zip(good[short].tolist(), size[group.reshape(-1)][short].tolist(), strict=True):
        error = CellError(
            "INCOMPLETE_DAY",
            f"belongs to a day with {lines_of_day} usable lines of {profile.intervals}",
            "deliver the whole day, or set incomplete_day: missing in the profile",
        )
        faults.setdefault(row, (table.names[at], str(table.raw.cells[row, at]), error))
    return good[~short], day[~short]


def _notes(
    table: SourceTable, profile: SourceProfile, series: list[Series], amounts: Ints, missing: Bools
) -> list[str]:
    """The original intervals of each day in Wh (as fractions where the source is finer), blank = missing."""
    groups = len(amounts) // max(len(series), 1)
    notes = []
    for record, (row, blank) in enumerate(zip(amounts.tolist(), missing.tolist(), strict=True)):
        scale = series[record // groups].scale.scale
        texts = ["" if no else _wh(value, scale) for value, no in zip(row, blank, strict=True)]
        notes.append(f"{profile.intervals} points in Wh: {'|'.join(texts)}")
    return notes


def _wh(amount: int, scale: int) -> str:
    """Amount in Wh as text."""
    return str(amount // scale) if amount % scale == 0 else f"{amount}/{scale}"
