"""dbt's target folder for the session."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def dbt_target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dbt's target folder; one for the session, so that dbt parses once."""
    return tmp_path_factory.getbasetemp() / "dbt_target"
