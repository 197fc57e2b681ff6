# ruff: noqa: ANN401  (a YAML tree is Any until it is shaped)
"""Read the hand-written tree (`assets/`, `platform.yml`) into its shapes, or say all that is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from dashboards.errors import AssetError, AssetProblem
from dashboards.models import Chart, Dashboard, Dataset, Platform, Text, Warehouse
from dashboards.yaml_io import load_yaml

HERE = Path(__file__).parent
ASSETS = HERE / "assets"
PLATFORM = HERE / "platform.yml"
_SINGLE: dict[str, Any] = {
    "labels.yml": dict[str, dict[str, Text]],
    "database.yml": Warehouse,
    "presets.yml": dict[str, dict[str, Any]],
}
# folders whose files are read as one mapping; the folder says what its entries are
_KEYED: dict[str, Any] = {"datasets": dict[str, Dataset], "charts": dict[str, Chart]}
_BOARDS, _THEME = "dashboards", "theme.css"
_CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_LANGUAGE_KEYS = {"zh", "en"}


@dataclass(frozen=True)
class Source:
    """The whole tree: labels by code list, the warehouse; datasets, presets, charts, dashboards by key.

    `css` is what all dashboards share. `files` names the file of an entry by `<kind>.<key>`.
    """

    labels: dict[str, dict[str, Text]]
    warehouse: Warehouse
    datasets: dict[str, Dataset]
    presets: dict[str, dict[str, Any]]
    charts: dict[str, Chart]
    dashboards: dict[str, Dashboard]
    platform: Platform
    css: str
    files: dict[str, str]


def load(assets: Path = ASSETS, platform: Path = PLATFORM) -> Source:
    """Load and shape-check the tree. Raises AssetError: file, place, value and remedy of every mistake."""
    problems: list[AssetProblem] = []
    folders = (*_KEYED, _BOARDS)
    names = [
        *_SINGLE,
        *(f"{folder}/{path.name}" for folder in folders for path in sorted((assets / folder).glob("*.yml"))),
    ]
    raw: dict[str, Any] = {name: _read(assets / name, name, problems) for name in names}
    css = _text(assets / _THEME, _THEME, problems)
    access = _read(platform, platform.name, problems)
    for name, tree in raw.items():
        problems.extend(_translation_problems(name, tree))
    if problems:
        raise AssetError(sorted(problems))

    labels, warehouse, presets = [_shaped(name, kind, raw[name], problems) for name, kind in _SINGLE.items()]
    files: dict[str, str] = {}
    datasets, charts = [_merged(folder, raw, files, problems) for folder in _KEYED]
    boards = _boards(raw, files, problems)
    rules = _shaped(platform.name, Platform, access, problems)
    if problems:
        raise AssetError(sorted(problems))
    return Source(labels, warehouse, datasets, presets, charts, boards, rules, css, files)


def _merged(
    folder: str, raw: dict[str, Any], files: dict[str, str], problems: list[AssetProblem]
) -> dict[str, Any]:
    """The entries of all files of a folder; a key that two of them use is a mistake."""
    merged: dict[str, Any] = {}
    for name in [name for name in raw if name.startswith(f"{folder}/")]:
        for key, entry in (_shaped(name, _KEYED[folder], raw[name], problems) or {}).items():
            problems.extend(_taken(name, f"{folder}.{key}", files))
            merged[key] = entry
    return merged


def _boards(raw: dict[str, Any], files: dict[str, str], problems: list[AssetProblem]) -> dict[str, Dashboard]:
    boards: dict[str, Dashboard] = {}
    for name in [name for name in raw if name.startswith(f"{_BOARDS}/")]:
        board = _shaped(name, Dashboard, raw[name], problems)
        if board is not None:
            problems.extend(_taken(name, f"{_BOARDS}.{board.key}", files))
            boards[board.key] = board
    return dict(sorted(boards.items(), key=lambda item: item[1].place))


def _taken(name: str, entry: str, files: dict[str, str]) -> Iterator[AssetProblem]:
    key = entry.partition(".")[2]
    if files.setdefault(entry, name) != name:
        yield AssetProblem(name, key, f"{key!r} is in {files[entry]}, too", "give one of them another key")


def _shaped(name: str, kind: Any, tree: Any, problems: list[AssetProblem]) -> Any:
    try:
        return TypeAdapter(kind).validate_python(tree)
    except ValidationError as error:
        problems.extend(_shape_problems(name, error))
        return None


def _text(path: Path, name: str, problems: list[AssetProblem]) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        problems.append(AssetProblem(name, "file", f"cannot be read ({error.strerror})", "restore the file"))
    return ""


def _read(path: Path, name: str, problems: list[AssetProblem]) -> Any:
    try:
        return load_yaml(_text(path, name, problems))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else "file"
        reason = getattr(error, "problem", None) or str(error)
        problems.append(AssetProblem(name, place, f"is not YAML ({reason})", "correct the line"))
    return None


def _translation_problems(name: str, node: Any, where: str = "") -> Iterator[AssetProblem]:
    """Every text is `{zh, en}`: no half of it missing or blank, and no Chinese outside of it."""
    if isinstance(node, dict):
        present = _LANGUAGE_KEYS & set(node)
        if present and set(node) <= _LANGUAGE_KEYS:
            for language in sorted(_LANGUAGE_KEYS):
                if not str(node.get(language) or "").strip():
                    yield AssetProblem(
                        name,
                        where or "file",
                        f"missing translation '{language}'",
                        f"write the {language} text beside {sorted(present)}",
                    )
            return
        for key, child in node.items():
            yield from _translation_problems(name, child, f"{where}.{key}" if where else str(key))
    elif isinstance(node, list):
        for position, child in enumerate(node):
            yield from _translation_problems(name, child, f"{where}[{position}]")
    elif isinstance(node, str) and _CJK.search(node):
        yield AssetProblem(name, where, f"untranslated text {node[:40]!r}", "write it as {zh: …, en: …}")


def _shape_problems(name: str, error: ValidationError) -> Iterator[AssetProblem]:
    for detail in error.errors(include_url=False):
        where = ".".join(str(part) for part in detail["loc"]) or "file"
        shown = repr(detail.get("input"))[:60]
        yield AssetProblem(
            name, where, f"{detail['msg']} (value {shown})", "see the shapes in dashboards/models.py"
        )
