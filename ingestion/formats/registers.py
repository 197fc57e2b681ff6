"""Cumulative registers a line each: neighbouring readings become the energy of the interval between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.feeds.columns import CellError
from ingestion.formats.cells import energy_fault
from ingestion.formats.profile import SourceProfile
from ingestion.formats.shaped import Faults
from ingestion.formats.source_file import SourceTable
from ingestion.formats.units import Bools, Ints, Scale
from ingestion.formats.wide import rollback


@dataclass(frozen=True)
class Series:
    """One value column: where it stands, whose it is ('' = as the row says), how it counts."""

    at: int
    point: str
    channel: str
    scale: Scale


@dataclass(frozen=True)
class Lines:
    """Every row's place: code of (point, channel) and the number of its interval since day 0."""

    owners: list[tuple[str, str]]
    owner: Ints
    place: Ints
    blank: Bools  # rows without any value


def good_rows(rows: int, faults: Faults) -> Bools:
    """Mask of the rows without a fault."""
    good = np.ones(rows, dtype=np.bool_)
    good[list(faults)] = False
    return good


def differences(
    table: SourceTable,
    profile: SourceProfile,
    series: list[Series],
    lines: Lines,
    columns: list[tuple[Ints, Bools]],
    faults: Faults,
) -> list[tuple[Ints, Bools]]:
    """Registers to energy: each row's difference to the reading one interval before.

    A register that falls below the last reading refuses its line; the slots on both sides are missing.
    """
    order = np.lexsort((lines.place, lines.owner))
    order = order[good_rows(len(lines.place), faults)[order]]
    pairs = []
    for one, (counts, missing) in zip(series, columns, strict=True):
        read = order[~missing[order]]
        read_pairs = read[:-1], read[1:]
        before, after = (rows[np.diff(lines.owner[read]) == 0] for rows in read_pairs)
        rise = counts[after] - counts[before]
        linked = lines.place[after] - lines.place[before] == 1
        pairs.append((before[linked], after[linked]))
        for index in np.flatnonzero(rise < 0).tolist():
            _mark(table, one, int(after[index]), rollback(_text(table, one, int(before[index]))), faults)
        for index in np.flatnonzero(linked & (rise > 0)).tolist():
            fault = energy_fault(int(rise[index]), one.scale, profile.rounding)
            if fault:
                _mark(table, one, int(after[index]), fault, faults)
    good = good_rows(len(lines.place), faults)
    energies = []
    for (counts, _), (before, after) in zip(columns, pairs, strict=True):
        energy, absent = np.zeros_like(counts), np.ones(len(counts), dtype=np.bool_)
        usable = good[before] & good[after]
        energy[after[usable]] = (counts[after] - counts[before])[usable]
        absent[after[usable]] = False
        energies.append((energy, absent))
    return energies


def register_members(
    table: SourceTable,
    profile: SourceProfile,
    lines: Lines,
    columns: list[tuple[Ints, Bools]],
    good: Ints,
    faults: Faults,
) -> tuple[Ints, Ints]:
    """A reading belongs to the day of the interval it ends, and as start reading to the one it begins."""
    width = profile.intervals
    ends = np.zeros(len(lines.place), dtype=np.bool_)  # rows that end an interval with energy
    for _, absent in columns:
        ends |= ~absent
    known = {(owner, place) for owner, place in zip(lines.owner[ends], lines.place[ends], strict=True)}
    with_day = {(owner, place // width) for owner, place in known}
    at = table.position(profile.time.column, "time.column")
    rows: list[int] = []
    days: list[int] = []
    for row in good.tolist():
        owner, place = lines.owner[row], lines.place[row]
        found = {place // width} if (owner, place) in known else set()
        if lines.blank[row] and (owner, place // width) in with_day:
            found.add(place // width)
        if (owner, place + 1) in known:
            found.add((place + 1) // width)
        if not found:
            error = CellError(
                "NO_NEIGHBOUR",
                "has no usable reading one interval before or after it, so it gives no energy",
                "deliver the readings around it too",
            )
            faults.setdefault(row, (table.names[at], str(table.raw.cells[row, at]), error))
        rows += [row] * len(found)
        days += sorted(found)
    return np.array(rows, dtype=np.int64), np.array(days, dtype=np.int64)


def _mark(table: SourceTable, series: Series, row: int, error: CellError, faults: Faults) -> None:
    """Refuse a row for its cell in a series."""
    faults.setdefault(row, (table.names[series.at], _text(table, series, row), error))


def _text(table: SourceTable, series: Series, row: int) -> str:
    """The cell as delivered."""
    return str(table.raw.cells[row, series.at]).strip()
