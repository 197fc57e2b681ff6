"""placeholder"""
from __future__ import annotations
from dashboards.source import Source
def validate(source: Source) -> None: ...
