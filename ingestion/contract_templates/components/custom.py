"""The user's own formula, by the same door as every other kind."""

from __future__ import annotations

from typing import Final

from ingestion.contract_templates.kinds import Kind

CUSTOM: Final = Kind(
    "custom",
    "custom formula",
    "自定义公式",
    lambda choice: choice.options["formula"],
    takes_share=True,
    is_open=True,
)
"""The package gives formula, result, stage, inputs and parameters with units (see ``package_file``)."""
