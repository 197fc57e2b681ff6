"""Reading one package file: every error at once, each with file, line, path, value and what is allowed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from ingestion.contract_templates.assembly import assembled, levels_of
from ingestion.contract_templates.component_source import (
    Complaint,
    Reading,
    number_problem,
    read_component,
    stage_list,
)
from ingestion.contract_templates.errors import PackageError
from ingestion.contract_templates.formula.units import NUMBER
from ingestion.contract_templates.kinds import STAGES, Stage
from ingestion.contract_templates.package import Package, PackageFile
from ingestion.market_rules.validation import dotted
from ingestion.market_rules.yaml_source import YamlDocument, read_yaml

REST: Final = "rest"
OrderOf = Callable[[PackageFile], tuple[Stage, ...]]
"""The order of operations where a package gives none."""
Complete = Callable[[PackageFile, Sequence[Any]], list[Any]]
"""The components with what the province fixes where they are silent."""
_ALLOWED: Final = {
    "missing": "the key is required",
    "date_type": "a date such as 2026-01-31",
    "string_type": "a text",
    "string_pattern_mismatch": "small letters, digits and _, beginning with a letter",
    "extra_forbidden": ", ".join(PackageFile.model_fields),
}


class Checker:
    """Collects the errors of one package file while it is read."""

    def __init__(self, file: Path, document: YamlDocument) -> None:
        """Begin with what the YAML reader itself refused."""
        self._file = file
        self._document = document
        self.errors = [
            PackageError(file, problem.line, dotted(problem.path), problem.value, problem.message)
            for problem in document.problems
        ]

    def add(self, path: Sequence[object], message: str, allowed: str = "", caret: str = "") -> None:
        """Record one error at a path of the file."""
        place = [part if isinstance(part, int) else str(part) for part in path]
        value = self._document.value_of(place)
        shown = "" if value is None or isinstance(value, dict | list) or caret else str(value)
        shown = shown if len(shown) <= 80 else shown[:77] + "…"
        line = self._document.line_of(place)
        self.errors.append(PackageError(self._file, line, dotted(place), shown, message, allowed, caret))

    def head(self) -> PackageFile | None:
        """The head by its schema."""
        try:
            return PackageFile.model_validate(self._document.data)
        except ValidationError as failure:
            for error in failure.errors(include_url=False):
                context = error.get("ctx", {})
                allowed = context.get("allowed") or context.get("expected") or _ALLOWED.get(error["type"], "")
                self.add(error["loc"], error["msg"], str(allowed))
            return None

    @property
    def components(self) -> list[Any]:
        """The components as they are written."""
        listed = self._document.value_of(["components"])
        return listed if isinstance(listed, list) else []

    def readings(self, components: Sequence[Any]) -> dict[int, Reading]:
        """Every component that is a mapping, read; also when the head is not well."""
        found: dict[int, Reading] = {}
        for place, source in enumerate(components):
            if not isinstance(source, dict):
                continue  # the schema says so
            reading = read_component({str(key): value for key, value in source.items()})
            complaints = [reading] if isinstance(reading, Complaint) else reading.complaints
            for complaint in complaints:
                path = ["components", place, *complaint.path]
                self.add(path, complaint.message, complaint.allowed, complaint.caret)
            if isinstance(reading, Reading) and reading.formula is not None:
                found[place] = reading
        return found

    def names(self, readings: Mapping[int, Reading]) -> dict[int, str]:
        """Each component's id: given, else its kind, numbered where that is not enough."""
        kinds = Counter(reading.kind.name for reading in readings.values())
        named: dict[int, str] = {}
        for place, reading in readings.items():
            kind = reading.kind.name
            name = str(reading.source.get("id") or (kind if kinds[kind] == 1 else f"{kind}_{place + 1}"))
            if name in named.values():
                self.add(["components", place, "id"], "used by two components", "a new id")
            named[place] = name
        return named

    def shares(self, readings: Mapping[int, Reading]) -> dict[int, Decimal]:
        """The share of the energy of each component that takes one; together exactly all of it."""
        takers = {place: reading for place, reading in readings.items() if reading.kind.takes_share}
        for place, reading in readings.items():
            if place not in takers and "share" in reading.source:
                self.add(
                    ["components", place, "share"], f"{reading.kind.name} acts on all energy", "no share"
                )
        given = {place: reading.source.get("share") for place, reading in takers.items()}
        if len(given) == 1 and None in given.values():
            return {place: Decimal(1) for place in given}
        known: dict[int, Decimal] = {}
        for place, value in given.items():
            if value == REST:
                continue
            if value is None:
                self.add(
                    ["components", place], "several components share the energy", "share: 0.3, or share: rest"
                )
            elif problem := number_problem(value, NUMBER):
                self.add(["components", place, "share"], *problem)
            elif not 0 < (share := Decimal(value)) <= 1:
                self.add(["components", place, "share"], "not a share of one", "above 0, at most 1")
            else:
                known[place] = share
        return self._rest(given, known)

    def _rest(self, given: Mapping[int, Any], known: dict[int, Decimal]) -> dict[int, Decimal]:
        rests = [place for place, value in given.items() if value == REST]
        total = sum(known.values(), Decimal(0))
        if len(known) + len(rests) < len(given):
            return known
        if len(rests) > 1:
            self.add(["components", rests[1], "share"], "only one component can take the rest", "a number")
        elif rests and total < 1:
            known[rests[0]] = 1 - total
        elif given and (rests or total != 1):
            at = ["components", (rests or list(given))[-1], "share"]
            self.add(at, f"the shares add up to {total}", "exactly 1, or share: rest below 1")
        return known

    def order(self, head: PackageFile | None, order_of: OrderOf) -> tuple[Stage, ...]:
        """The order of operations: the package's own, else that of ``order_of``; every stage once."""
        if head is None:
            return STAGES
        if head.order is None:
            return order_of(head)
        if sorted(head.order) != sorted(STAGES):
            self.add(["order"], "not every stage once", ", ".join(STAGES))
            return STAGES
        return tuple(head.order)

    def covers(self, readings: Mapping[int, Reading], order: Sequence[Stage]) -> dict[int, tuple[Stage, ...]]:
        """The stages that each component covers: none later than its own, one of them with a component."""
        stages = {place: reading.kind.stage for place, reading in readings.items()}
        covered: dict[int, tuple[Stage, ...]] = {}
        for place, reading in readings.items():
            asked = reading.source.get("covers")
            stage, default = reading.kind.stage, reading.kind.covers
            path = ["components", place, "covers"]
            if asked is not None and (
                not default or not isinstance(asked, list) or not set(asked) <= set(STAGES)
            ):
                allowed = f"a list of {', '.join(STAGES)}" if default else f"no covers on {reading.kind.name}"
                self.add(path, "not a list of stages", allowed)
                continue
            chosen = stage_list(asked) if asked is not None else default
            late = [name for name in chosen if order.index(name) > order.index(stage)]
            if asked is not None and late:
                self.add(path, f"{', '.join(late)} come after {stage}", "stages up to its own")
            covered[place] = tuple(name for name in chosen if name not in late)
            reads = reading.formula is not None and "covered_fee" in reading.formula.names
            others = {name for other, name in stages.items() if other != place}
            if reads and not others & set(covered[place]):
                self.add(["components", place], "covers no component", f"a component of {', '.join(chosen)}")
        return covered


def check_package(
    path: Path,
    order_of: OrderOf = lambda head: STAGES,
    complete: Complete = lambda head, components: list(components),
) -> tuple[Package | None, list[PackageError]]:
    """Read one package file: the package (None when it has errors) and all its errors in file order."""
    try:
        document = read_yaml(path)
    except OSError as error:
        return None, [
            PackageError(path, None, "", "", f"cannot be read: {error.strerror}", "a readable file")
        ]
    if document.root is None:
        checker = Checker(path, document)
        if not checker.errors:
            checker.add([], "the file is empty", "a package")
        return None, checker.errors
    return check_document(path, document, order_of, complete)


def check_document(
    path: Path,
    document: YamlDocument,
    order_of: OrderOf = lambda head: STAGES,
    complete: Complete = lambda head, components: list(components),
) -> tuple[Package | None, list[PackageError]]:
    """Read the data of a package, as ``check_package`` does; ``path`` is where it comes from."""
    checker = Checker(path, document)
    head, components = checker.head(), checker.components
    if head is not None:
        components = complete(head, components)
        head = head.model_copy(update={"components": components})
    readings = checker.readings(components)
    names, shares = checker.names(readings), checker.shares(readings)
    order = checker.order(head, order_of)
    covers, levels = checker.covers(readings, order), levels_of(readings, order)
    if checker.errors or head is None:
        return None, sorted(checker.errors, key=lambda error: error.line or 0)
    compiled = [
        assembled(place, reading, names[place], levels[place], shares.get(place), covers[place])
        for place, reading in readings.items()
    ]
    return Package(path, head, order, tuple(compiled)), []
