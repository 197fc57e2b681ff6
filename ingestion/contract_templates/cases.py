"""What is to be priced: cases with their named quantities, from a YAML or CSV file, with every error at once.

YAML::

    month: 2026-06
    inputs: {base: 453, cost: 400}          # of every case
    cases:
      - {case: june, package: sd_fixed, q: 1000}
      - {case: june_tou, package: sd_tou, q: {peak: 400, flat: 350, valley: 250}}

CSV has the columns case, package, month, name, period, value; an empty period is the whole month.
A what-if reads the same form with contracts as cases; there, one case may come in several months.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from ingestion.contract_templates.component_source import NAME, number_problem
from ingestion.contract_templates.errors import PackageError, PackageFileError
from ingestion.contract_templates.inputs import DRIVERS, Input
from ingestion.contract_templates.package import WHOLE_MONTH, Package, ParameterValue
from ingestion.market_rules.validation import dotted
from ingestion.market_rules.yaml_source import PathPart, read_yaml

COLUMNS: Final = ("case", "package", "month", "name", "period", "value")


@dataclass(frozen=True)
class Case:
    """One month to be priced under one package; ``inputs`` are of the month or of a period."""

    case_id: str
    package: Package
    month: date
    inputs: tuple[ParameterValue, ...]


@dataclass(frozen=True)
class _Place:
    line: int | None
    path: str


@dataclass
class _Entry:
    """A case as it was written."""

    place: _Place
    case: object
    package: object
    month: object
    inputs: list[tuple[_Place, str, str, object]]


def read_cases(path: Path, packages: Sequence[Package], *, by_month: bool = False) -> list[Case]:
    """The cases of a file, priced under some of ``packages``.

    ``by_month``: a case in two months is two cases.

    Raises PackageFileError with every error; OSError when the file cannot be opened.
    """
    reader = _Reader(path, packages, by_month)
    entries = list(reader.csv_entries() if path.suffix == ".csv" else reader.yaml_entries())
    cases = [reader.case(entry) for entry in entries]
    if not entries and not reader.errors:
        reader.refuse(_Place(None, "cases"), "", "there is no case", "at least one case")
    if reader.errors:
        raise PackageFileError(sorted(reader.errors, key=lambda error: error.line or 0))
    return [case for case in cases if case is not None]


def known_inputs(package: Package) -> dict[str, Input]:
    """Inputs that a case of the package may give."""
    found: dict[str, Input] = {}
    for component in package.components:
        found |= component.kind.known_inputs()
    return {name: entry for name, entry in found.items() if not entry.is_computed}


class _Reader:
    def __init__(self, path: Path, packages: Sequence[Package], by_month: bool) -> None:
        self.errors: list[PackageError] = []
        self._path = path
        self._packages = {package.head.package: package for package in packages}
        self._by_month = by_month
        self._ids: set[tuple[str, object]] = set()

    def refuse(self, place: _Place, value: object, message: str, allowed: str = "") -> None:
        """Note one error."""
        shown = "" if value is None or isinstance(value, dict | list) else str(value)
        self.errors.append(PackageError(self._path, place.line, place.path, shown, message, allowed))

    def yaml_entries(self) -> Iterator[_Entry]:
        """Cases of a YAML file; the file's own ``month`` and ``inputs`` hold for all of them."""
        document = read_yaml(self._path)
        for problem in document.problems:
            self.refuse(_Place(problem.line, dotted(problem.path)), problem.value, problem.message)
        data = document.data if isinstance(document.data, dict) else {}
        listed = data.get("cases", [])
        if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
            self.refuse(
                _Place(document.line_of(["cases"]), "cases"), "", "a list of cases is wanted", "- case: …"
            )
            return
        shared = data.get("inputs") or {}
        for place, entry in enumerate(listed):

            def at(*path: PathPart) -> _Place:
                return _Place(document.line_of(path), dotted(path))

            base: tuple[PathPart, ...] = ("cases", place)
            own = {key: value for key, value in entry.items() if key not in ("case", "package", "month")}
            given = [(at("inputs", key), key, value) for key, value in shared.items() if key not in own]
            given += [(at(*base, key), key, value) for key, value in own.items()]
            month = entry.get("month", data.get("month"))
            yield _Entry(at(*base), entry.get("case"), entry.get("package"), month, list(_spread(given)))

    def csv_entries(self) -> Iterator[_Entry]:
        """Cases of a CSV file: lines with one case id belong together."""
        entries: dict[tuple[str, object], _Entry] = {}
        with self._path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                self.refuse(_Place(1, ""), "", "other columns than wanted", ",".join(COLUMNS))
                return
            for row in reader:
                place = _Place(reader.line_num, row["case"])
                first = _Entry(place, row["case"], row["package"] or None, row["month"], [])
                entry = entries.setdefault((row["case"], self._month_key(row["month"])), first)
                if (entry.package, entry.month) != (first.package, first.month):
                    self.refuse(
                        place, row["month"], "package or month differs within the case", "one of each"
                    )
                value = _number(row["value"])
                entry.inputs.append((place, row["name"], row["period"] or WHOLE_MONTH, value))
        yield from entries.values()

    def case(self, entry: _Entry) -> Case | None:
        """Check one case; None when it is not usable."""
        before = len(self.errors)
        case_id = str(entry.case) if entry.case is not None else ""
        month = _month(entry.month)
        key = case_id, self._month_key(month)
        if not case_id or key in self._ids:
            self.refuse(entry.place, entry.case, "a case needs an id of its own", "case: a new name")
        self._ids.add(key)
        if month is None:
            self.refuse(entry.place, entry.month, "not a month", "month: 2026-06")
        package = self._package(entry)
        inputs = [] if package is None else list(self._inputs(entry, package))
        if len(self.errors) > before or package is None or month is None:
            return None
        return Case(case_id, package, month, tuple(inputs))

    def _month_key(self, month: object) -> object:
        return month if self._by_month else None

    def _package(self, entry: _Entry) -> Package | None:
        if entry.package is None and len(self._packages) == 1:
            return next(iter(self._packages.values()))
        found = self._packages.get(str(entry.package))
        if found is None:
            self.refuse(entry.place, entry.package, "no such package", ", ".join(self._packages))
        return found

    def _inputs(self, entry: _Entry, package: Package) -> Iterator[ParameterValue]:
        known = known_inputs(package)
        seen: set[tuple[str, str]] = set()
        for place, name, period, value in entry.inputs:
            if name not in known:
                self.refuse(place, name, "no such input", ", ".join(sorted(known)))
            elif not NAME.fullmatch(period):
                self.refuse(place, period, "not a period", "a name such as peak or h01")
            elif problem := number_problem(value, known[name].unit):
                self.refuse(place, value, *problem)
            elif (name, period) in seen:
                self.refuse(place, name, f"given twice for {period}", "one number")
            elif isinstance(value, int | Decimal):
                seen.add((name, period))
                yield ParameterValue(name, period, Decimal(value))
        for driver in DRIVERS:
            periods = {period for name, period in seen if name == driver}
            if WHOLE_MONTH in periods and len(periods) > 1:
                self.refuse(entry.place, driver, "given for the month and for periods", "one or the other")


def _spread(given: Sequence[tuple[_Place, str, object]]) -> Iterator[tuple[_Place, str, str, object]]:
    for place, name, value in given:
        for period, number in value.items() if isinstance(value, Mapping) else [(WHOLE_MONTH, value)]:
            yield place, str(name), str(period), number


def _number(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _month(value: object) -> date | None:
    if isinstance(value, date):
        return value.replace(day=1)
    try:
        return date.fromisoformat(f"{value}-01")
    except ValueError:
        return None
