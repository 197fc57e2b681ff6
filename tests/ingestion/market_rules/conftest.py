"""The shipped packs, and how a test reads them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ingestion.market_rules import BUILT_IN, RulePack, list_packs
from ingestion.market_rules.schema import items_of

Packs = dict[str, list[RulePack]]
PackOn = Callable[[str], RulePack]
ValueOf = Callable[[str, str], object]
REFERENCE = next(
    (found for parent in Path(__file__).parents if (found := parent / "shared" / "reference").is_dir()), None
)
"""The transcribed tables, where they lie beside this clone."""
SEPTEMBER = date(2026, 9, 15)


@pytest.fixture(scope="session")
def packs() -> Packs:
    """Every shipped pack by province, in order of time."""
    found: Packs = {}
    for file in list_packs([BUILT_IN]):
        found.setdefault(file.pack.province, []).append(file.pack)
    return found


@pytest.fixture
def pack_on(packs: Packs) -> PackOn:
    """The pack of a province for a day of September 2026."""

    def find(province: str) -> RulePack:
        (pack,) = [pack for pack in packs[province] if pack.covers(SEPTEMBER)]
        return pack

    return find


@pytest.fixture
def value_of(pack_on: PackOn) -> ValueOf:
    """The value that a province's pack of September 2026 has at a path."""
    return lambda province, path: dict(items_of(pack_on(province)))[path].value
