"""Package definitions into schema ``reference``: added by content, never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.dialects.postgresql import insert

from ingestion.contract_templates.package import Component, Package
from ingestion.contract_templates.tables import (
    PACKAGE,
    PACKAGE_COMPONENT,
    PACKAGE_FORMULA,
    PACKAGE_PARAMETER,
)

Row = dict[str, object]


def land_packages(engine: Engine, packages: Sequence[Package]) -> None:
    """Add what is not yet in ``reference``, in one transaction; repeatable."""
    components = [(package, component) for package in packages for component in package.components]
    with engine.begin() as connection:
        _insert(connection, PACKAGE, [_package_row(package) for package in packages])
        _insert(connection, PACKAGE_FORMULA, [_formula_row(component) for _, component in components])
        _insert(connection, PACKAGE_COMPONENT, [_component_row(*pair) for pair in components])
        _insert(connection, PACKAGE_PARAMETER, [row for pair in components for row in _parameter_rows(*pair)])


def _insert(connection: Connection, table: Table, rows: list[Row]) -> None:
    if rows:
        connection.execute(insert(table).on_conflict_do_nothing(), rows)


def origins(component: Component) -> list[str]:
    """Where each name of the component's formula comes from."""
    fixed = {value.name for value in component.parameters}
    known = component.kind.known_inputs()
    return [
        "parameter" if name in fixed else "computed" if known[name].is_computed or name == "q" else "input"
        for name in component.formula.names
    ]


def formula_hash(component: Component) -> str:
    """Identity of a formula in SQL: a name may be an input here and a parameter there."""
    formula = component.formula
    parts = [formula.text, formula.sql, component.result, *formula.names, *origins(component)]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def _package_row(package: Package) -> Row:
    head = package.head
    return {
        "package_hash": package.package_hash,
        "package_id": head.package,
        "package_version": head.version,
        "package_type": head.type,
        "province": head.province,
        "title_zh": head.title.zh,
        "title_en": head.title.en,
        "operation_order": list(package.order),
        "body": package.body,
    }


def _formula_row(component: Component) -> Row:
    return {
        "formula_hash": formula_hash(component),
        "formula": component.formula.text,
        "result": component.result,
        "names": list(component.formula.names),
        "origins": origins(component),
        "sql_expression": component.formula.sql,
    }


def _component_row(package: Package, component: Component) -> Row:
    return {
        "package_hash": package.package_hash,
        "component_no": component.number,
        "component_id": component.name,
        "kind": component.kind.name,
        "title_zh": component.title.zh,
        "title_en": component.title.en,
        "stage": component.stage,
        "level": component.level,
        "grain": component.grain,
        "driver": component.kind.driver,
        "sums_periods": component.kind.sums_periods,
        "share": component.share,
        "covers": list(component.covers),
        "formula_hash": formula_hash(component),
    }


def _parameter_rows(package: Package, component: Component) -> Iterator[Row]:
    for value in component.parameters:
        yield {
            "package_hash": package.package_hash,
            "component_no": component.number,
            "name": value.name,
            "period": value.period,
            "value": value.value,
        }
