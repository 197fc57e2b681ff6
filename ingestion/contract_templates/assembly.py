"""From checked readings to the components of a package: their level, title and content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ingestion.contract_templates.component_source import Reading
from ingestion.contract_templates.kinds import Stage
from ingestion.contract_templates.package import Component, Title


def levels_of(readings: Mapping[int, Reading], order: Sequence[Stage]) -> dict[int, int]:
    """Levels in the order of operations; each component that covers others is alone on its level."""
    levels: dict[int, int] = {}
    level = 0
    for stage in order:
        level += 1
        for place, reading in readings.items():
            if reading.kind.stage == stage:
                alone = reading.formula is not None and "covered_fee" in reading.formula.names
                level += alone
                levels[place] = level
    ranks = {level: rank for rank, level in enumerate(sorted(set(levels.values())), start=1)}
    return {place: ranks[level] for place, level in levels.items()}


def _title(reading: Reading) -> Title:
    given = reading.source.get("title")
    if isinstance(given, dict) and set(given) == {"zh", "en"}:
        return Title(zh=str(given["zh"]), en=str(given["en"]))
    return Title(zh=reading.kind.title_zh, en=reading.kind.title_en)


def assembled(
    place: int, reading: Reading, name: str, level: int, share: Decimal | None, covers: tuple[Stage, ...]
) -> Component:
    """The component of a reading without complaints."""
    assert reading.formula is not None  # no errors
    kind = reading.kind
    grain = reading.source.get("per", kind.grain)
    return Component(
        number=place + 1,
        name=name,
        kind=replace(kind, grain=grain),
        title=_title(reading),
        stage=kind.stage,
        result=kind.result,
        grain=grain,
        level=level,
        share=share,
        covers=covers,
        formula=reading.formula,
        parameters=tuple(reading.values),
        options=reading.options,
    )
