"""Market rules as data: dated rule packs of the provinces, checked, and laid out for SQL.

Belongs here: the schema of a pack, its validation, the packs themselves
(``packs/<province>/<effective_from>.yml``) and the tables of schema ``reference`` that they explode into.
Does not belong here: any arithmetic that a pack parameterises (dbt_project), or prices and quantities of the
market (ingestion/feeds).
"""

from ingestion.market_rules.library import (
    BUILT_IN,
    NoPackError,
    PackFile,
    list_packs,
    pack_for,
    validate_files,
)
from ingestion.market_rules.loader import LoadedPack, load_packs
from ingestion.market_rules.rendering import PackSummary, RuleRow, pack_rows, pack_summary
from ingestion.market_rules.schema import RulePack
from ingestion.market_rules.validation import PackError, PackFileError, validate_file

__all__ = [
    "BUILT_IN",
    "LoadedPack",
    "NoPackError",
    "PackError",
    "PackFile",
    "PackFileError",
    "PackSummary",
    "RulePack",
    "RuleRow",
    "list_packs",
    "load_packs",
    "pack_for",
    "pack_rows",
    "pack_summary",
    "validate_file",
    "validate_files",
]
