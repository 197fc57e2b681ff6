"""Reading a YAML file so that every value can be traced to its line and no number becomes a float."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

PathPart = str | int


@dataclass(frozen=True)
class YamlProblem:
    """Something the YAML reader itself refuses: bad syntax or a key written twice. ``line`` counts from 1."""

    line: int | None
    path: tuple[PathPart, ...]
    value: str
    message: str


class _DecimalLoader(yaml.SafeLoader):
    """Safe YAML, with decimals kept exactly as they were typed."""


class _FastDecimalLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # if built in
    """The same by libyaml, five times as fast; it says less well where a file is wrong."""


def _decimal(loader: _DecimalLoader, node: yaml.ScalarNode) -> object:
    text = str(loader.construct_scalar(node)).replace("_", "")
    try:
        return Decimal(text)
    except ArithmeticError:
        return text  # .inf, .nan and sexagesimals: left as text, so that the schema refuses them


for _loader in (_DecimalLoader, _FastDecimalLoader):
    _loader.add_constructor("tag:yaml.org,2002:float", _decimal)


@dataclass(frozen=True)
class YamlDocument:
    """The data of one YAML file, and the way back from a path inside it to the line."""

    data: Any
    root: yaml.Node | None
    problems: tuple[YamlProblem, ...] = ()

    def line_of(self, path: Sequence[PathPart]) -> int | None:
        """Line (from 1) of the value at ``path``, or of the nearest parent that exists in the file."""
        node, line = self.root, None if self.root is None else self.root.start_mark.line + 1
        for part in path:
            entry = _child(node, part)
            if entry is None:
                break
            node, line = entry
        return line

    def value_of(self, path: Sequence[PathPart]) -> object:
        """The raw value at ``path``, or None where the file has nothing there."""
        value = self.data
        for part in path:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return None
        return value


def _child(node: yaml.Node | None, part: PathPart) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        child = node.value[part]
        return child, child.start_mark.line + 1
    return None


def _repeated_keys(node: yaml.Node | None, path: tuple[PathPart, ...] = ()) -> list[YamlProblem]:
    """YAML lets the last of two equal keys win in silence; in a rule pack that hides a rule."""
    found: list[YamlProblem] = []
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in seen:
                message = f"key is written twice (first on line {seen[name]}); keep one"
                found.append(YamlProblem(line, (*path, name), name, message))
            seen.setdefault(name, line)
            found += _repeated_keys(value, (*path, name))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            found += _repeated_keys(value, (*path, index))
    return found


def _unreadable(line: int | None, message: str) -> YamlDocument:
    return YamlDocument(None, None, (YamlProblem(line, (), "", message),))


def _load(loader: yaml.SafeLoader) -> tuple[Any, yaml.Node | None]:
    try:
        root = loader.get_single_node()
        return None if root is None else loader.construct_document(root), root
    finally:
        loader.dispose()


def read_yaml(path: Path) -> YamlDocument:
    """Read one YAML file; problems of syntax come back as data, never as an exception of the YAML library.

    Raises OSError when the file cannot be opened.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        try:
            data, root = _load(_FastDecimalLoader(text))
        except yaml.YAMLError:
            data, root = _load(_DecimalLoader(text))
    except UnicodeDecodeError as error:
        return _unreadable(None, f"not UTF-8 text: {error.reason}; save it as UTF-8")
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        line = None if mark is None else mark.line + 1
        return _unreadable(line, f"not readable as YAML: {problem}")
    return YamlDocument(data, root, tuple(_repeated_keys(root)))
