"""What a feed is: its key, its typed columns and the landing table that follows from them.

Belongs here: the declaration. Reading bytes is ``ingestion.readers``, applying a declaration to a whole file
is ``ingestion.parsing``, writing is ``ingestion.landing``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import CheckConstraint, Column, Integer, Table, Text

from ingestion.feeds.columns import Choice, FileColumn
from ingestion.feeds.curve import Curve
from ingestion.lifecycle.machine import Machine
from ingestion.tables import landing_table


@dataclass(frozen=True)
class Needs:
    """A record whose ``column`` is one of ``values`` (None: anything) must fill ``wanted`` as well."""

    column: str
    values: tuple[str, ...] | None
    wanted: tuple[str, ...]


@dataclass(frozen=True)
class Steps:
    """Records of one ``subject`` follow one another as ``machine`` allows.

    ``number`` counts from 1 without gaps, ``step`` names the event, ``moment`` is its day and never goes
    back. ``subject`` and ``number`` are the key.
    """

    subject: str
    number: str
    step: str
    moment: str
    machine: Machine


@dataclass(frozen=True)
class Feed:
    """One kind of record a retailer receives: file columns in, one landing table out.

    ``name`` is the landing table, the template, the workbook sheet and the file-name prefix. ``key`` names
    the columns that identify a record; a second record with the same key is a new version. ``in_order`` holds
    (earlier, later) pairs of day columns, or (smaller, larger) ones of decimals. ``needs`` holds what one
    column asks of others, ``at_least_one`` groups of optional columns of which a record fills one or more.
    ``steps``: records of a subject continue its landed history as a state machine allows.
    ``month_column`` partitions the table. ``keeps_source`` adds the batch's source to each row. ``derived``
    columns are no file columns: the database computes them.
    """

    name: str
    title: str
    key: tuple[str, ...]
    columns: tuple[FileColumn, ...]
    curve: Curve | None = None
    in_order: tuple[tuple[str, str], ...] = ()
    needs: tuple[Needs, ...] = ()
    at_least_one: tuple[tuple[str, ...], ...] = ()
    steps: Steps | None = None
    month_column: str | None = None
    keeps_source: bool = False
    flags_slots: bool = False
    title_zh: str = ""
    derived: tuple[Column[Any], ...] = field(default=(), repr=False, compare=False)
    table: Table = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Build the landing table (and so register it in ``ingestion.tables.METADATA``)."""
        object.__setattr__(self, "table", _landing_table(self))

    @cached_property
    def file_columns(self) -> tuple[str, ...]:
        """Column names of a file of this feed, in template order."""
        return tuple(c.name for c in self.columns) + (self.curve.names if self.curve else ())

    @cached_property
    def required_columns(self) -> tuple[str, ...]:
        """Columns that must be present in a file's header."""
        scalar = tuple(c.name for c in self.columns if c.required)
        return scalar + (self.curve.names if self.curve else ())

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """File columns outside the key: what makes a record differ from the latest version of its key."""
        return tuple(name for name in self.file_columns if name not in self.key)


def _landing_table(feed: Feed) -> Table:
    """``landing.<feed>``: typed columns, choices and curve bounds as check constraints."""
    columns: list[Column[Any]] = [
        Column(c.name, c.sql_type(), nullable=not c.is_filled, comment=c.note) for c in feed.columns
    ]
    checks = [
        CheckConstraint(
            f"{c.name} in ({', '.join(repr(choice) for choice in (*c.choices, *c.own))})", name=c.name
        )
        for c in feed.columns
        if isinstance(c, Choice)
    ]
    columns += feed.derived
    checks += [
        CheckConstraint(f"num_nonnulls({', '.join(group)}) > 0", name="_or_".join(group))
        for group in feed.at_least_one
    ]
    if feed.keeps_source:
        columns.append(Column("source", Text, nullable=False))
    if feed.curve:
        columns += [Column(name, Integer, nullable=feed.curve.blank_allowed) for name in feed.curve.names]
        if feed.curve.minimum is not None:
            # least() skips NULL, so a missing slot passes and a negative one does not
            lowest = f"least({', '.join(feed.curve.names)}) >= {feed.curve.minimum}"
            checks.append(CheckConstraint(lowest, name="curve_minimum"))
    return landing_table(
        feed.name, columns, feed.key, checks, month_column=feed.month_column, comment=feed.title
    )
