"""The source profile: one YAML file that says what a source's files mean. Nothing in it is guessed.

``docs/source_formats.md`` has one ready to copy for each shape.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from fnmatch import fnmatch
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from ingestion.feeds.columns import CellError
from ingestion.feeds.meter_day import FEED
from ingestion.formats.units import ENERGY_UNITS, POWER_UNITS, Rounding, Scale, scale_of
from ingestion.market_rules.yaml_source import read_yaml
from ingestion.report import FileRefused

PROFILE_FILE = "source_profile.yml"
WRONG_PROFILE = "WRONG_PROFILE"
Channel = Literal["active_import", "active_export", "reactive_import", "reactive_export"]
Label = Literal["begin", "end"]
Midnight = Literal["next_day", "same_date", "24:00"]
Multiplier = Annotated[Decimal, Field(gt=0, le=1_000_000)]
Unit = Literal[
    "Wh", "kWh", "MWh", "万kWh", "亿kWh", "varh", "kvarh", "Mvarh", "W", "kW", "MW", "var", "kvar", "Mvar"
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, coerce_numbers_to_str=True)


class PointRule(_Strict):
    """Where the metering point's id comes from: exactly one of the three."""

    constant: str | None = None
    column: str | None = None
    header: bool = False

    @model_validator(mode="after")
    def _one(self) -> PointRule:
        if sum((self.constant is not None, self.column is not None, self.header)) != 1:
            raise ValueError("say exactly one of constant, column, header: true")
        if self.constant is not None:
            try:
                FEED.columns[0].parse(self.constant)
            except CellError as error:
                raise ValueError(f"constant {error.problem}") from error
        return self


class ChannelRule(_Strict):
    """Where the channel comes from: a constant, or a column whose words ``words`` translates."""

    constant: Channel | None = None
    column: str | None = None
    words: dict[str, Channel] = {}

    @model_validator(mode="after")
    def _one(self) -> ChannelRule:
        if (self.constant is None) == (self.column is None):
            raise ValueError("say exactly one of constant, column")
        return self


class TimeRule(_Strict):
    """Where day and time stand. ``format``: iso, excel_serial, or a strptime pattern.

    ``time_column``: time of day in a column of its own. ``midnight``: which interval a stamp 00:00 ends.
    """

    column: str
    time_column: str | None = None
    format: str = "iso"
    midnight: Midnight | None = None

    @field_validator("midnight", mode="before")
    @classmethod
    def _sexagesimal(cls, value: object) -> object:
        return "24:00" if value == 1440 else value  # what YAML makes of 24:00 without quotes

    @model_validator(mode="after")
    def _pattern(self) -> TimeRule:
        if self.format not in ("iso", "excel_serial") and "%" not in self.format:
            raise ValueError("format is iso, excel_serial, or a pattern such as %d-%m-%Y %H:%M")
        if any(part in self.format for part in ("%z", "%Z")):
            raise ValueError("stamps are local time (UTC+8); %z and %Z are not read")
        return self


class ValueColumn(_Strict):
    """One column of values in a long file; what it leaves out comes from the profile."""

    column: str
    channel: Channel | None = None
    metering_point: str | None = Field(default=None, min_length=1, max_length=200)
    unit: Unit | None = None


class SourceProfile(_Strict):
    """What the files of one source mean."""

    profile: str = Field(min_length=1, max_length=100)
    files: tuple[str, ...] = ("*",)
    layout: Literal["wide", "long"]
    points: Literal[24, 48, 96, 97, 288]
    values: Literal["energy", "power", "cumulative_register"]
    unit: Unit
    time: TimeRule
    metering_point: PointRule
    channel: ChannelRule = ChannelRule(constant="active_import")
    label: Label | None = None
    first_column: str | None = None
    extra_column: Literal["start_reading", "previous_end", "total_first", "total_last"] | None = None
    columns: tuple[ValueColumn, ...] = ()
    ignore: tuple[str, ...] = ()
    encoding: Literal["utf-8", "gbk"] = "utf-8"
    delimiter: Literal[",", ";", "\t", "|"] = ","
    sheet: str | None = None
    header_row: Annotated[int, Field(ge=1, le=1000)] = 1
    multiplier: Multiplier | None = None
    ct_ratio: Multiplier | None = None
    pt_ratio: Multiplier | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] = 3
    rounding: Rounding = "exact"
    split_decimals: Annotated[int, Field(ge=0, le=3)] = 3
    missing: tuple[str, ...] = ("",)
    incomplete_day: Literal["missing", "refuse"] = "missing"

    @property
    def intervals(self) -> int:
        """Intervals of a day: 97 columns hold 96."""
        return 96 if self.points == 97 else self.points

    @property
    def factor(self) -> Fraction:
        """Meter side to primary side."""
        if self.multiplier is not None:
            return Fraction(self.multiplier)
        return Fraction(self.ct_ratio or 1) * Fraction(self.pt_ratio or 1)

    def scale(self, unit: str | None = None) -> Scale:
        """Exact conversion of this source's numbers."""
        return scale_of(unit or self.unit, self.intervals, self.factor, self.decimals)

    def digest(self) -> str:
        """SHA-256 of what the profile means; the same bytes read another way are another delivery."""
        return hashlib.sha256(self.model_dump_json(exclude={"files"}).encode()).hexdigest()

    def fits(self, file_name: str) -> bool:
        """True when the profile speaks of this file."""
        return any(fnmatch(file_name.lower(), pattern.lower()) for pattern in self.files)

    @model_validator(mode="after")
    def _consistent(self) -> SourceProfile:
        units = POWER_UNITS if self.values == "power" else ENERGY_UNITS
        for unit in [self.unit, *(c.unit for c in self.columns if c.unit)]:
            if unit not in units:
                raise ValueError(f"values: {self.values} needs one of {', '.join(units)}, not {unit}")
            self.scale(unit)
        if self.multiplier is not None and (self.ct_ratio or self.pt_ratio):
            raise ValueError("say either multiplier, or ct_ratio and pt_ratio")
        (_check_wide if self.layout == "wide" else _check_long)(self)
        return self


def _check_wide(profile: SourceProfile) -> None:
    """Raise ValueError for what a wide profile lacks or cannot have."""
    register = profile.values == "cumulative_register"
    if profile.first_column is None:
        raise ValueError("layout wide needs first_column: the header of the first value column")
    if profile.columns or profile.metering_point.header:
        raise ValueError("columns and metering_point.header belong to layout long")
    if profile.extra_column and register != (profile.extra_column == "start_reading"):
        raise ValueError("extra_column start_reading belongs to cumulative_register, and only it")
    if profile.values != "energy" and profile.extra_column in ("total_first", "total_last"):
        raise ValueError("a total can be checked against values: energy only")
    if register and profile.points != 97 and profile.extra_column is None:
        raise ValueError("a day of registers needs the reading at 00:00: extra_column: start_reading")


def _check_long(profile: SourceProfile) -> None:
    """Raise ValueError for what a long profile lacks or cannot have."""
    if profile.points == 97 or profile.extra_column or profile.first_column:
        raise ValueError("points 97, extra_column and first_column belong to layout wide")
    if bool(profile.columns) == profile.metering_point.header:
        raise ValueError("say either columns, or metering_point: {header: true}")
    names = [column.column.strip().lower() for column in profile.columns]
    if len(set(names)) < len(names):
        raise ValueError("a column stands twice in columns")
    for rule, name in (
        (profile.metering_point.column, "metering_point"),
        (profile.channel.column, "channel"),
    ):
        if rule and any(getattr(column, name) for column in profile.columns):
            raise ValueError(f"{name} comes from column {rule!r} or from columns, not from both")
    targets = [
        (column.metering_point or profile.metering_point.constant, column.channel or profile.channel.constant)
        for column in profile.columns
    ]
    if len(set(targets)) < len(targets):
        raise ValueError("two columns name the same metering point and channel")


def load_profile(path: Path) -> SourceProfile:
    """Read a profile; FileRefused names file, path, value and what is allowed."""
    try:
        document = read_yaml(path)
    except OSError as error:
        raise _wrong(f"{path.name} cannot be read ({error.strerror})") from error
    for problem in document.problems:
        raise _wrong(f"{path.name}, line {problem.line}: {problem.message}")
    try:
        return SourceProfile.model_validate(document.data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "profile"
        line = document.line_of([part for part in first["loc"] if isinstance(part, str | int)])
        raise _wrong(
            f"{path.name}, line {line}: {where}: {first['msg']}",
            field_name=where,
            value=None if isinstance(first["input"], dict | SourceProfile) else str(first["input"]),
        ) from error


def _wrong(problem: str, field_name: str | None = None, value: str | None = None) -> FileRefused:
    """Refusal of every file that the broken profile would speak of."""
    return FileRefused(
        WRONG_PROFILE,
        f"has no usable source profile: {problem}",
        "correct the profile (docs/source_formats.md) and deliver again",
        field_name=field_name,
        value=value,
    )
