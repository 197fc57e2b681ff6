"""Files that admit two readings: refused, with both shown, instead of taken one way in silence."""

from __future__ import annotations

import re
from itertools import pairwise

from ingestion.feeds.columns import CellError
from ingestion.formats.profile import SourceProfile
from ingestion.formats.source_file import SourceTable
from ingestion.formats.stamps import Stamp, parse_clock, parse_stamp
from ingestion.readers import RawTable
from ingestion.report import FileRefused

_NUMBERED = re.compile(r"(.*?)(\d+)", re.DOTALL)
_SAY_IT = (
    "say what the source means in a source profile (docs/source_formats.md), beside the file as "
    "source_profile.yml or named with --profile"
)
_COUNTS = (24, 25, 48, 49, 96, 97, 288)


def two_readings(
    code: str, problem: str, first: str, second: str, remedy: str, line_no: int | None = None
) -> FileRefused:
    """A refusal that shows both readings."""
    return FileRefused(code, f"{problem}. Reading 1: {first}. Reading 2: {second}", remedy, line_no=line_no)


def run_length(names: list[str], start: int) -> int:
    """How many header cells from ``start`` on belong to one run: clock times, or one word and rising numbers.

    >>> run_length(["day", "p01", "p02", "p03", "note"], 1)
    3
    """
    end = start + 1
    if parse_clock(names[start]) is not None:
        while end < len(names) and parse_clock(names[end]) is not None:
            end += 1
        return end - start
    while end < len(names):
        before, after = _NUMBERED.fullmatch(names[end - 1]), _NUMBERED.fullmatch(names[end])
        if not before or not after or before[1] != after[1] or int(after[2]) != int(before[2]) + 1:
            break
        end += 1
    return end - start


def check_wide_header(table: SourceTable, profile: SourceProfile, start: int) -> int:
    """Number of value columns from ``start`` on; FileRefused when header and profile do not say one thing."""
    line_no = table.raw.header_line
    names = table.names
    run = run_length(names, start)
    if profile.points == 97 and profile.extra_column is None:
        raise _undecided_97(names, start, line_no)
    width = profile.intervals + (1 if profile.extra_column else 0)
    if start + width > len(names):
        raise FileRefused(
            "MISSING_COLUMN",
            f"has {len(names) - start} columns from {names[start]!r} on, the profile needs {width}",
            "correct points, extra_column or first_column in the profile",
            line_no=line_no,
        )
    if run > width:
        raise two_readings(
            "AMBIGUOUS_COLUMNS",
            f"has {run} value columns, {names[start]!r} to {names[start + run - 1]!r}, the profile {width}",
            f"the day is {names[start]!r} to {names[start + width - 1]!r}, what follows is not",
            f"the day is {names[start + run - width]!r} to {names[start + run - 1]!r}, what precedes is not",
            "say in the profile: points, extra_column and first_column",
            line_no,
        )
    _check_clock(names, profile, start, width, line_no)
    return width


def _check_clock(names: list[str], profile: SourceProfile, start: int, width: int, line_no: int) -> None:
    """Where the header carries times, they must say what the profile says."""
    values = start + (1 if profile.extra_column in ("total_first", "start_reading", "previous_end") else 0)
    clock = [parse_clock(name) for name in names[values : values + profile.intervals]]
    if any(minute is None for minute in clock):
        return
    step = 1440 // profile.intervals
    begins = [step * n for n in range(profile.intervals)]
    ends = [step * (n + 1) for n in range(profile.intervals)]
    label = "begin" if clock == begins else "end" if clock in (ends, [*ends[:-1], 0]) else None
    if label is None:
        raise FileRefused(
            "CONTRADICTS_PROFILE",
            f"has the times {names[values]} … {names[values + profile.intervals - 1]} in its header, "
            f"which are not {profile.intervals} intervals of a day",
            "correct points, extra_column or first_column in the profile",
            line_no=line_no,
        )
    wanted = "end" if profile.values == "cumulative_register" else profile.label
    if wanted is not None and wanted != label:
        raise two_readings(
            "CONTRADICTS_PROFILE",
            f"has the header {names[values]} … {names[values + profile.intervals - 1]}, the profile says "
            f"label: {wanted}",
            f"the header is right: {names[values]} is the {label} of the first interval",
            f"the profile is right, and the first column lies {step} minutes "
            f"{'before' if wanted == 'end' else 'after'} the day's first interval",
            f"set label: {label}, or extra_column if the file has a column more than the day",
            line_no,
        )


def _undecided_97(names: list[str], start: int, line_no: int) -> FileRefused:
    """97 columns without a word on the odd one."""
    last = names[min(start + 96, len(names) - 1)]
    return two_readings(
        "AMBIGUOUS_COLUMNS",
        f"has 97 value columns, {names[start]!r} to {last!r}, and a day has 96 intervals",
        f"{names[start]!r} belongs to the day before (a register's start reading, or the previous 24:00) and "
        f"the day is {names[min(start + 1, len(names) - 1)]!r} to {last!r}",
        f"{names[start]!r} is the first interval, and {last!r} is the day's total",
        "set extra_column in the profile: start_reading, previous_end, total_first or total_last",
        line_no,
    )


def decide_label(stamps: dict[str, Stamp], profile: SourceProfile, line_no: int) -> str:
    """Begin or end: as the profile says, or end where the file itself writes 24:00; else FileRefused."""
    if profile.label is not None:
        return profile.label
    if any(stamp.minute == 1440 for stamp in stamps.values()):
        return "end"
    step = 1440 // profile.intervals
    sample = next(iter(stamps), "the first stamp")
    raise two_readings(
        "AMBIGUOUS_LABEL",
        f"does not say whether a stamp is the begin or the end of its {step} minutes",
        f"label: begin, so {sample!r} means the {step} minutes after it",
        f"label: end, so {sample!r} means the {step} minutes before it",
        "set label in the profile to what the source means",
        line_no,
    )


def check_midnight(stamps: dict[str, Stamp], profile: SourceProfile, label: str, line_no: int) -> None:
    """FileRefused when 00:00 can end two different days and the profile does not say which."""
    stands = [text for text, stamp in stamps.items() if stamp.minute == 0]
    if profile.time.midnight is not None or label == "begin" or not stands:
        return
    raise two_readings(
        "AMBIGUOUS_MIDNIGHT",
        f"has the stamp {stands[0]!r} and the profile does not say which day it ends",
        "midnight: next_day, so it ends the day before its date",
        "midnight: same_date, so it means 24:00 of its own date",
        "set time.midnight in the profile",
        line_no,
    )


def without_profile(refused: FileRefused, raw: RawTable) -> FileRefused:
    """The refusal of a file that fits no feed; where it is an interval file, the readings it admits."""
    names = raw.header
    for start in range(min(len(names), 40)):
        run = run_length(names, start)
        if run in _COUNTS:
            return _wide_without_profile(names, start, run, raw.header_line)
    if len(raw.lines) > 1 and names:
        texts = [str(row[0]).strip() for row in raw.cells[:97].tolist()]
        steps = {after - before for before, after in pairwise(_minutes(texts))}
        if len(steps) <= 2 and steps & {5, 15, 30, 60}:
            return two_readings(
                "NEEDS_PROFILE",
                f"fits no feed; it looks like one reading a line, stamped {texts[0]!r}, {texts[1]!r}, …",
                f"{texts[0]!r} begins its interval",
                f"{texts[0]!r} ends its interval",
                _SAY_IT,
                raw.header_line,
            )
    return refused


def _wide_without_profile(names: list[str], start: int, run: int, line_no: int) -> FileRefused:
    """Readings of a file with a day on each line."""
    first, last = names[start], names[start + run - 1]
    if run in (25, 49, 97):
        readings = (
            f"{run} registers, whose {run - 1} differences are the day",
            f"{run - 1} values and one more column, {first!r} (the day before) or {last!r} (the total)",
        )
    else:
        readings = (
            f"{run} values of energy (kWh, MWh or 万kWh), {first!r} to {last!r}",
            f"{run} averages of power (kW or MW), {first!r} to {last!r}",
        )
    return two_readings(
        "NEEDS_PROFILE",
        f"fits no feed; it looks like a day a line in {run} columns, {first!r} to {last!r}",
        *readings,
        _SAY_IT,
        line_no,
    )


def _minutes(texts: list[str]) -> list[int]:
    """Minutes since any fixed day, of the texts that are ISO stamps."""
    found = []
    for text in texts:
        try:
            stamp = parse_stamp(text, "iso")
        except CellError:
            continue
        found.append(stamp.day * 1440 + stamp.minute)
    return found
