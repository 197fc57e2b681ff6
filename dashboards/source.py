# ruff: noqa: ANN401  (a YAML tree is Any until it is shaped)
"""Read the hand-written tree (`assets/*.yml`, `platform.yml`) into its shapes, or say all that is wrong."""

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
# files with a fixed meaning, in the order load() unpacks them; any other file in assets/ is a dashboard
_FIXED: dict[str, Any] = {
    "labels.yml": dict[str, dict[str, Text]],
    "database.yml": Warehouse,
    "datasets.yml": dict[str, Dataset],
    "presets.yml": dict[str, dict[str, Any]],
    "charts.yml": dict[str, Chart],
}
_CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_LANGUAGE_KEYS = {"zh", "en"}


@dataclass(frozen=True)
class Source:
    """The whole tree: labels by code list, the warehouse; datasets, presets, charts, dashboards by key."""

    labels: dict[str, dict[str, Text]]
    warehouse: Warehouse
    datasets: dict[str, Dataset]
    presets: dict[str, dict[str, Any]]
    charts: dict[str, Chart]
    dashboards: dict[str, Dashboard]
    platform: Platform


def load(assets: Path = ASSETS, platform: Path = PLATFORM) -> Source:
    """Load and shape-check the tree. Raises AssetError: file, place, value and remedy of every mistake."""
    problems: list[AssetProblem] = []
    names = [*_FIXED, *sorted(p.name for p in assets.glob("*.yml") if p.name not in _FIXED)]
    raw: dict[str, Any] = {name: _read(assets / name, problems) for name in names}
    access = _read(platform, problems)
    for name, tree in raw.items():
        problems.extend(_translation_problems(name, tree))
    if problems:
        raise AssetError(sorted(problems))

    fixed = [_shaped(name, kind, raw[name], problems) for name, kind in _FIXED.items()]
    boards = [_shaped(name, Dashboard, raw[name], problems) for name in names if name not in _FIXED]
    rules = _shaped(platform.name, Platform, access, problems)
    if problems:
        raise AssetError(sorted(problems))
    labels, warehouse, datasets, presets, charts = fixed
    return Source(labels, warehouse, datasets, presets, charts, {b.key: b for b in boards}, rules)


def _shaped(name: str, kind: Any, tree: Any, problems: list[AssetProblem]) -> Any:
    try:
        return TypeAdapter(kind).validate_python(tree)
    except ValidationError as error:
        problems.extend(_shape_problems(name, error))
        return None


def _read(path: Path, problems: list[AssetProblem]) -> Any:
    try:
        return load_yaml(path.read_text(encoding="utf-8"))
    except OSError as error:
        problems.append(
            AssetProblem(path.name, "file", f"cannot be read ({error.strerror})", "restore the file")
        )
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else "file"
        reason = getattr(error, "problem", None) or str(error)
        problems.append(AssetProblem(path.name, place, f"is not YAML ({reason})", "correct the line"))
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
