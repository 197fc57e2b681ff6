"""Types and units: what a formula yields, or where it adds yuan to MWh."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ingestion.contract_templates.formula.problem import FormulaError
from ingestion.contract_templates.formula.tree import COMPARISONS, Binary, Call, Name, Node, Number, Unary
from ingestion.contract_templates.formula.units import NUMBER, Unit

MOST_DECIMALS: Final = 9


class Condition:
    """The type of a comparison; it has no unit."""

    def __str__(self) -> str:
        """As an error message calls it."""
        return "a condition"


CONDITION: Final = Condition()
Kind = Unit | Condition | None
"""What a node yields: a unit, a condition, or None for a bare 0, which goes with every unit."""


def unit_of(tree: Node, text: str, units: Mapping[str, Unit]) -> Unit | None:
    """The unit that the formula yields; None when it is 0, which is of any unit.

    Raises FormulaError at the operator or function whose operands do not go together.
    """
    kind = _Checker(text, units).kind(tree)
    if isinstance(kind, Condition):
        raise FormulaError("a condition is not a result; use if(condition, value, value)", text, tree.at)
    return kind


class _Checker:
    def __init__(self, text: str, units: Mapping[str, Unit]) -> None:
        self._text = text
        self._units = units

    def _refuse(self, message: str, node: Node) -> FormulaError:
        return FormulaError(message, self._text, node.at)

    def kind(self, node: Node) -> Kind:
        match node:
            case Number():
                return NUMBER if node.value else None
            case Name():
                return self._units[node.name]
            case Unary(operator="not"):
                self._condition(node.operand)
                return CONDITION
            case Unary():
                return self._value(node.operand)
            case Binary():
                return self._binary(node)
            case Call():
                return self._call(node)

    def _value(self, node: Node) -> Unit | None:
        kind = self.kind(node)
        if isinstance(kind, Condition):
            raise self._refuse("a number is wanted here, not a condition", node)
        return kind

    def _condition(self, node: Node) -> None:
        if not isinstance(self.kind(node), Condition):
            raise self._refuse("a comparison is wanted here, such as q > 0", node)

    def _common(self, nodes: Sequence[Node], where: Node, what: str) -> Unit | None:
        """The one unit of operands that must share it."""
        found: Unit | None = None
        for node in nodes:
            unit = self._value(node)
            if found is not None and unit is not None and unit != found:
                raise self._refuse(f"{what} {found} and {unit}; both sides need one unit", where)
            found = found if unit is None else unit
        return found

    def _binary(self, node: Binary) -> Kind:
        sides = (node.left, node.right)
        if node.operator in ("and", "or"):
            for side in sides:
                self._condition(side)
            return CONDITION
        if node.operator in COMPARISONS:
            self._common(sides, node, "compares")
            return CONDITION
        if node.operator in "+-":
            return self._common(sides, node, "adds" if node.operator == "+" else "subtracts")
        left, right = (self._value(side) or NUMBER for side in sides)
        if node.operator == "/" and isinstance(node.right, Number) and not node.right.value:
            raise self._refuse("divides by 0", node)
        unit = left * right if node.operator == "*" else left / right
        if not unit.is_sane:
            raise self._refuse(f"yields {unit}, which nothing is measured in", node)
        return unit

    def _call(self, node: Call) -> Kind:
        first, *rest = node.arguments
        if node.function == "if":
            self._condition(first)
            return self._common(rest, node, "if chooses between")
        if node.function == "round":
            self._decimals(rest[0])
            return self._value(first)
        return self._common(node.arguments, node, f"{node.function} compares")

    def _decimals(self, node: Node) -> None:
        if not (isinstance(node, Number) and node.value == int(node.value) and node.value <= MOST_DECIMALS):
            raise self._refuse(f"round takes a whole number of decimals from 0 to {MOST_DECIMALS}", node)
