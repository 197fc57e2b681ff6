"""The tree of a formula: the only thing that is checked, compiled and printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

COMPARISONS: Final = ("<", "<=", ">", ">=", "=", "<>")
PRECEDENCE: Final = {
    "or": 1,
    "and": 2,
    "not": 3,
    **dict.fromkeys(COMPARISONS, 4),
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
}
_NEGATION: Final = 7
_LEAF: Final = 8


@dataclass(frozen=True)
class Number:
    """A bare number, never negative."""

    value: Decimal
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Name:
    """An input or a parameter."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Unary:
    """``-x`` or ``not x``."""

    operator: str
    operand: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Binary:
    """Arithmetic, a comparison, ``and`` or ``or``; ``at`` is the place of the operator."""

    operator: str
    left: Node
    right: Node
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Call:
    """A function of the language with its arguments."""

    function: str
    arguments: tuple[Node, ...]
    at: int = field(default=0, compare=False)


Node = Number | Name | Unary | Binary | Call


def children(node: Node) -> tuple[Node, ...]:
    """The operands of a node, in the order of the text."""
    match node:
        case Unary():
            return (node.operand,)
        case Binary():
            return (node.left, node.right)
        case Call():
            return node.arguments
        case _:
            return ()


def names_in(node: Node) -> list[str]:
    """Names that the formula reads, each once, in the order of the text."""
    return list(dict.fromkeys(_names(node)))


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    for child in children(node):
        yield from _names(child)


def text_of(node: Node) -> str:
    """The formula in its canonical spelling; reading it again gives an equal tree."""
    match node:
        case Number():
            return format(node.value, "f")
        case Name():
            return node.name
        case Call():
            return f"{node.function}({', '.join(text_of(argument) for argument in node.arguments)})"
        case Unary(operator="not"):
            return f"not {_wrapped(node.operand, PRECEDENCE['not'])}"
        case Unary():
            return f"-{_wrapped(node.operand, _LEAF)}"
        case Binary():
            level = PRECEDENCE[node.operator]
            # a comparison does not chain, so both its sides are wrapped when they are comparisons too
            left = _wrapped(node.left, level + (node.operator in COMPARISONS))
            return f"{left} {node.operator} {_wrapped(node.right, level + 1)}"


def _wrapped(node: Node, at_least: int) -> str:
    text = text_of(node)
    return text if _binding(node) >= at_least else f"({text})"


def _binding(node: Node) -> int:
    match node:
        case Binary():
            return PRECEDENCE[node.operator]
        case Unary(operator="not"):
            return PRECEDENCE["not"]
        case Unary():
            return _NEGATION
        case _:
            return _LEAF
