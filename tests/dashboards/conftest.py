"""Fixtures of the cockpit's unit tests: the real tree, and a copy of it that a test may break."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.errors import AssetError
from dashboards.source import ASSETS, PLATFORM, Source, load
from dashboards.validate import validate
from dashboards.warehouse import Relations, mart_relations


@pytest.fixture(scope="session")
def source() -> Source:
    """The real tree."""
    return load()


@pytest.fixture(scope="session")
def marts() -> Relations:
    """The marts that dbt_project declares."""
    return mart_relations()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A private copy of the hand-written tree: the assets beside platform.yml."""
    shutil.copytree(ASSETS, tmp_path, dirs_exist_ok=True)
    (tmp_path / "access").mkdir()
    shutil.copy(PLATFORM, tmp_path / "access")
    return tmp_path


@pytest.fixture
def seed(tree: Path) -> Callable[[str, str, str], None]:
    """Change one place of one file; fails when the place is not there, so no test passes by accident."""

    def replace(file: str, old: str, new: str) -> None:
        path = tree / "access" / file if file == PLATFORM.name else tree / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


@pytest.fixture
def problems(tree: Path, marts: Relations) -> Callable[[], str]:
    """All problems of the copied tree as one text, empty when there is none."""

    def collect() -> str:
        try:
            validate(load(tree, tree / "access" / PLATFORM.name), marts)
        except AssetError as error:
            return str(error)
        return ""

    return collect
