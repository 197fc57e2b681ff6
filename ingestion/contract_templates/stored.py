"""A package from its stored content (``reference.package.body``): the way back of ``Package.body``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from ingestion.contract_templates.errors import PackageFileError
from ingestion.contract_templates.package import Package
from ingestion.contract_templates.package_source import check_document
from ingestion.market_rules.yaml_source import YamlDocument

_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_TEXTS: Final = frozenset(["title", "formula"])


def stored_package(body: Mapping[str, Any]) -> Package:
    """The package that ``body`` describes, compiled again.

    Raises PackageFileError when a kind that it uses is not installed, or reads its numbers otherwise by now.
    """
    name = f"{body.get('package')} {body.get('version')}"
    data = {**body, "components": [_numbers(component) for component in body["components"]]}
    if "delivery" in data:
        data["delivery"] = {end: date.fromisoformat(day) for end, day in data["delivery"].items()}
    package, errors = check_document(Path(f"reference.package: {name}"), YamlDocument(data, None))
    if package is None:
        raise PackageFileError(errors)
    return package


def _numbers(value: object) -> object:
    """Decimals are stored as JSON strings; a share may be the word ``rest``."""
    if isinstance(value, Mapping):
        return {key: entry if key in _TEXTS else _numbers(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_numbers(entry) for entry in value]
    return Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value
