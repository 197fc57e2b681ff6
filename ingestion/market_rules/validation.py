"""Checking one pack file: every error at once, each with file, line, path, value and what is allowed."""

from __future__ import annotations

import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from ingestion.market_rules.schema import RulePack
from ingestion.market_rules.yaml_source import PathPart, YamlDocument, read_yaml


@dataclass(frozen=True)
class PackError:
    """One thing wrong in one pack file. ``path`` is dotted, ``allowed`` is the remedy, ``line`` is from 1."""

    file: Path
    line: int | None
    path: str
    value: str
    message: str
    allowed: str

    def __str__(self) -> str:
        """One line for a terminal: file:line, path, value, what is wrong, what is allowed."""
        place = str(self.file) if self.line is None else f"{self.file}:{self.line}"
        value = f" = {self.value}" if self.value else ""
        remedy = f"; allowed: {self.allowed}" if self.allowed else ""
        return f"{place}: {self.path or '(file)'}{value}: {self.message}{remedy}"


class PackFileError(ValueError):
    """Pack files that cannot be used; ``errors`` holds every error of every file."""

    def __init__(self, errors: Sequence[PackError]) -> None:
        """Keep the errors and list them all in the message."""
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in errors))


def dotted(path: Sequence[PathPart]) -> str:
    """``("tou", "schedule", "value", 0)`` → ``tou.schedule.value[0]``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """Pydantic models that a field's annotation holds, through Optional, Annotated and list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, types.UnionType, list, Annotated):
        for argument in get_args(annotation):
            yield from _models_in(argument)


def _allowed_keys(path: Sequence[PathPart]) -> str:
    """Keys that the schema knows in the mapping at ``path``."""
    model: type[BaseModel] = RulePack
    for part in path:
        if isinstance(part, str) and part in model.model_fields:
            model = next(_models_in(model.model_fields[part].annotation), model)
    return ", ".join(model.model_fields)


_REMEDIES = {
    "missing": "the key is required",
    "is_instance_of": "a number such as 0.13",
    "less_than_equal": "at most {le}",
    "greater_than_equal": "at least {ge}",
    "decimal_max_places": "at most {decimal_places} decimals",
    "date_type": "a date such as 2026-01-31",
    "string_type": "a text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "model_type": "a mapping of keys to values",
    "dict_type": "a mapping of keys to values",
    "decimal_max_digits": "at most {max_digits} digits",
    "too_short": "at least {min_length} entry",
    "string_pattern_mismatch": "{pattern}",
}
"""What is allowed, by pydantic's type of error; the braces are filled from the error's context."""


def _allowed(error: dict[str, Any]) -> str:
    context = error.get("ctx", {})
    if error["type"] == "extra_forbidden":
        return _allowed_keys(error["loc"][:-1])
    if error["type"] in _REMEDIES:
        return _REMEDIES[error["type"]].format(**context)
    return str(context.get("allowed") or context.get("expected") or "")


def _shown(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 80 else text[:77] + "…"


class _Checker:
    """Collects the errors of one document."""

    def __init__(self, file: Path, document: YamlDocument) -> None:
        self.file = file
        self.document = document
        self.errors = [
            PackError(file, problem.line, dotted(problem.path), problem.value, problem.message, "")
            for problem in document.problems
        ]

    def add(self, path: Sequence[PathPart], message: str, allowed: str) -> None:
        """Record one error at a path of the file."""
        value = self.document.value_of(path)
        shown = "" if isinstance(value, dict | list) else _shown(value)
        self.errors.append(
            PackError(self.file, self.document.line_of(path), dotted(path), shown, message, allowed)
        )

    def schema(self) -> RulePack | None:
        """Types, words, ranges and the TOU grid."""
        try:
            return RulePack.model_validate(self.document.data)
        except ValidationError as failure:
            for error in failure.errors(include_url=False):
                # pydantic names the key of a mapping as (key, "[key]"): keep what exists in the file
                path = [part for part in error["loc"] if part != "[key]"]
                message = "not a number" if error["type"] == "is_instance_of" else error["msg"]
                self.add(path, message, _allowed(dict(error)))
            return None

    def sources(self) -> None:
        """Every source named by a value is listed under ``sources``, once."""
        listed = self.document.value_of(["sources"])
        entries = listed if isinstance(listed, list) else []
        ids = [entry.get("id") for entry in entries if isinstance(entry, dict)]
        for index, identifier in enumerate(ids):
            if identifier in ids[:index]:
                self.add(["sources", index, "id"], "source id is used twice", "a new id")
        known = ", ".join(str(identifier) for identifier in ids) or "list it under sources"
        for path, source in _named_sources(self.document.data, ()):
            if source not in ids:
                self.add(path, "no such source", known)

    def dates(self) -> None:
        """The pack ends no earlier than it begins."""
        start, end = (self.document.value_of([key]) for key in ("effective_from", "effective_to"))
        if isinstance(start, date) and isinstance(end, date) and end < start:
            self.add(["effective_to"], "ends before effective_from", f"{start} or later, or null")

    def months(self) -> None:
        """The seasons share out the twelve months, each exactly once."""
        path: list[PathPart] = ["tou", "schedule", "value"]
        seasons = self.document.value_of(path)
        if not isinstance(seasons, list):
            return
        taken: dict[int, int] = {}
        for index, season in enumerate(seasons):
            months = season.get("months") if isinstance(season, dict) else None
            for place, month in enumerate(months if isinstance(months, list) else []):
                if month in taken:
                    message = f"month {month} already belongs to season {taken[month]}"
                    self.add([*path, index, "months", place], message, "each month in exactly one season")
                taken.setdefault(month, index)
        if missing := sorted(set(range(1, 13)) - set(taken)):
            message = f"no season for month {', '.join(str(month) for month in missing)}"
            self.add(path, message, "each of 1-12 in exactly one season")

    def reference_point(self) -> None:
        """The difference form is not defined without its reference point (domain §4.1).

        A pack may say that nobody has read it yet (null, with a note): then no month settles by the pack.
        """
        form = self.document.value_of(["settlement", "form", "value"])
        point = self.document.value_of(["settlement", "reference_point", "value"])
        note = self.document.value_of(["settlement", "reference_point", "note"])
        if form == "difference" and point is None and not note:
            message = "the difference form needs a reference point"
            allowed = "da_unified, rt_unified or node; or null with a note that says what is missing"
            self.add(["settlement", "reference_point"], message, allowed)

    def kinds(self, pack: RulePack) -> None:
        """A kind of recovery is listed once: it names the line and its announced numbers."""
        seen: set[str] = set()
        for index, recovery in enumerate(pack.recovery or []):
            if recovery.kind in seen:
                self.add(
                    ["recovery", index, "kind"], "this kind is listed twice", "another name for one of them"
                )
            seen.add(recovery.kind)

    def status(self, pack: RulePack) -> None:
        """The head says whether anything in the pack is a stand-in."""
        if pack.status == "sourced" and pack.illustrative_items:
            listed = ", ".join(pack.illustrative_items)
            self.add(["status"], f"some values have no source: {listed}", "illustrative")


def _named_sources(data: object, path: tuple[PathPart, ...]) -> Iterator[tuple[tuple[PathPart, ...], str]]:
    """Places where a value names its source, wherever they are in the file."""
    if isinstance(data, dict):
        if "value" in data and isinstance(data.get("source"), str):
            yield (*path, "source"), data["source"]
        for key, value in data.items():
            yield from _named_sources(value, (*path, str(key)))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _named_sources(value, (*path, index))


def check_file(path: Path) -> tuple[RulePack | None, list[PackError]]:
    """Read and check one pack file: the pack (None when it has errors) and all its errors in file order."""
    try:
        document = read_yaml(path)
    except OSError as error:
        return None, [PackError(path, None, "", "", f"cannot be read: {error.strerror}", "a readable file")]
    checker = _Checker(path, document)
    if document.root is None:
        if not checker.errors:
            checker.add([], "the file is empty", "a rule pack")
        return None, checker.errors
    pack = checker.schema()
    checker.sources()
    checker.dates()
    checker.months()
    checker.reference_point()
    if pack is not None:
        checker.status(pack)
        checker.kinds(pack)
    errors = sorted(checker.errors, key=lambda error: error.line or 0)
    return (None, errors) if errors else (pack, [])


def validate_file(path: Path) -> list[PackError]:
    """All errors of one pack file; empty when it can be used."""
    return check_file(path)[1]
