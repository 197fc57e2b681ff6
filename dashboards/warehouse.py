"""Which marts and columns dbt declares: read from the models' YAML; no database, manifest or dbt needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dashboards.yaml_io import load_yaml

DBT_PROJECT = Path(__file__).parent.parent / "dbt_project"
Relations = dict[str, dict[str, str]]


def mart_relations(dbt_project: Path = DBT_PROJECT) -> Relations:
    """`marts_<domain>.<model>` → column → data type, of every model under models/marts/<domain>/.

    Raises FileNotFoundError when the project has no marts.
    """
    marts = dbt_project / "models" / "marts"
    relations: Relations = {}
    for path in sorted([*marts.rglob("*.yml"), *marts.rglob("*.yaml")]):
        tree: Any = load_yaml(path.read_text(encoding="utf-8")) or {}
        domain = path.relative_to(marts).parts[0]
        for model in tree.get("models") or []:
            relations[f"marts_{domain}.{model['name']}"] = {
                column["name"]: str(column.get("data_type", "text")) for column in model.get("columns") or []
            }
    if not relations:
        raise FileNotFoundError(f"no mart is declared under {marts}. Remedy: keep the YAML beside the SQL")
    return relations
