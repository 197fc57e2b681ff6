"""The formula language again, in exact fractions: what the compiled SQL is compared with. Tests only."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import floor

from ingestion.contract_templates.formula.tree import Binary, Call, Name, Node, Number, Unary

Value = Fraction | bool | None
ARITHMETIC: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
COMPARISON: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}


def evaluate(node: Node, inputs: Mapping[str, Fraction]) -> Value:
    """The value of a tree; None where PostgreSQL has NULL, which only a division by zero makes."""
    match node:
        case Number():
            return Fraction(node.value)
        case Name():
            return inputs[node.name]
        case Unary():
            value = evaluate(node.operand, inputs)
            if value is None:
                return None
            return not value if node.operator == "not" else -Fraction(value)
        case Binary():
            return _binary(node.operator, evaluate(node.left, inputs), evaluate(node.right, inputs))
        case Call():
            return _call(node, inputs)


def _binary(name: str, left: Value, right: Value) -> Value:
    if name in ("and", "or"):
        decisive = name == "or"
        if left is decisive or right is decisive:
            return decisive
        return None if left is None or right is None else not decisive
    if left is None or right is None:
        return None
    assert isinstance(left, Fraction)
    assert isinstance(right, Fraction)
    if name in COMPARISON:
        return COMPARISON[name](left, right)
    if name == "/":
        return None if right == 0 else _cut(left / right, 12)
    return ARITHMETIC[name](left, right)


def _cut(value: Fraction, places: int) -> Fraction:
    scale = 10**places
    return Fraction(int(value * scale), scale)  # int() cuts toward zero


def _half_up(value: Fraction, places: int) -> Fraction:
    scale = 10**places
    size = Fraction(floor(abs(value) * scale + Fraction(1, 2)), scale)
    return size if value >= 0 else -size


def _call(node: Call, inputs: Mapping[str, Fraction]) -> Value:
    if node.function == "if":
        condition = evaluate(node.arguments[0], inputs)
        return None if condition is None else evaluate(node.arguments[1 if condition else 2], inputs)
    values = [evaluate(argument, inputs) for argument in node.arguments]
    if any(value is None for value in values):
        return None
    numbers = [value for value in values if isinstance(value, Fraction)]
    match node.function:
        case "min":
            return min(numbers)
        case "max":
            return max(numbers)
        case "pos":
            return max(numbers[0], Fraction(0))
        case "clamp":
            return max(numbers[1], min(numbers[0], numbers[2]))
        case "trunc":
            return _cut(numbers[0], 0)
        case "round":
            return _half_up(numbers[0], int(numbers[1]))
    raise AssertionError(f"{node.function} is not in the reference interpreter")
