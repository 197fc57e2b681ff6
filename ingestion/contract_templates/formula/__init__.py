"""The formula language of packages: a little arithmetic over named quantities with units.

``compile_formula`` is the one door. What it refuses never reaches the database; what it accepts is SQL that
was built from the formula's tree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from ingestion.contract_templates.formula.checking import unit_of
from ingestion.contract_templates.formula.compiling import compile_sql
from ingestion.contract_templates.formula.parsing import parse
from ingestion.contract_templates.formula.problem import FormulaError
from ingestion.contract_templates.formula.tree import names_in, text_of
from ingestion.contract_templates.formula.units import UNITS, Unit


@dataclass(frozen=True)
class Formula:
    """A compiled formula: its canonical text, the names it reads with their units, and its SQL."""

    text: str
    names: tuple[str, ...]
    units: tuple[Unit, ...]
    sql: str

    @property
    def formula_hash(self) -> str:
        """sha256 of the canonical text: packages with the same formula share one expression."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def compile_formula(text: str, units: Mapping[str, Unit], wanted: Unit) -> Formula:
    """Parse, check and compile a formula over the names of ``units`` that has to yield ``wanted``.

    Raises FormulaError at the character where it is wrong.
    """
    tree = parse(text, units)
    found = unit_of(tree, text, units)
    if found is not None and found != wanted:
        raise FormulaError(f"yields {found}, but {wanted} is wanted", text, tree.at)
    names = tuple(names_in(tree))
    return Formula(text_of(tree), names, tuple(units[name] for name in names), compile_sql(tree, text))


__all__ = ["UNITS", "Formula", "FormulaError", "Unit", "compile_formula"]
