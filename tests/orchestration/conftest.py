"""Fixtures of the orchestration tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.warehouse import Warehouse
from tests.orchestration.desk import Desk, open_desk


@pytest.fixture
def desk(warehouse: Warehouse, tmp_path: Path) -> Iterator[Desk]:
    """A desk with alerts, on a database of its own."""
    with open_desk(warehouse, tmp_path) as opened:
        yield opened
