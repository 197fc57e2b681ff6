"""From a checked tree to PostgreSQL: built node by node, so no text of the user enters it.

Exactness: `+ - *` are exact on numerics. A quotient is exact to 12 decimals and cut there, so that it does
not depend on how many digits the server happens to keep. NULL stays NULL through every function (PostgreSQL's
own least and greatest would skip it), and a division by zero is NULL, which blocks the line.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from sqlglot import exp

from ingestion.contract_templates.formula.problem import FormulaError
from ingestion.contract_templates.formula.tree import Binary, Call, Name, Node, Number, Unary, children

QUOTIENT_DECIMALS: Final = 12
LARGEST: Final = 1_000
"""Nodes of the expression. A quotient inside min, max, pos or clamp is written twice, and so on inwards: the
doubling is counted before anything is built, for a formula of 400 words could else ask for 2^24 nodes."""

_UP: Final = "1" + "0" * QUOTIENT_DECIMALS + ".0"
_DOWN: Final = "0." + "0" * (QUOTIENT_DECIMALS - 1) + "1"
_STRICT: Final = frozenset(["min", "max", "pos", "clamp"])
_OPERATORS: Final[dict[str, type[exp.Binary]]] = {
    "+": exp.Add,
    "-": exp.Sub,
    "*": exp.Mul,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
    "=": exp.EQ,
    "<>": exp.NEQ,
    "and": exp.And,
    "or": exp.Or,
}


def compile_sql(tree: Node, text: str) -> str:
    """The SQL expression of a tree that was checked, over columns of the names it reads.

    Raises FormulaError when the expression becomes too large.
    """
    if _size(tree) > LARGEST:
        raise FormulaError("too large when compiled: quotients inside nested min or max; split it", text, 0)
    return _sql(tree).sql(dialect="postgres")


def _size(node: Node) -> int:
    """How many nodes ``_sql`` makes of a node, roughly; computed, not built."""
    sizes = [_size(child) for child in children(node)]
    repeats = isinstance(node, Call) and node.function in _STRICT
    again = sum(size for child, size in zip(children(node), sizes, strict=True) if _may_be_null(child))
    return 1 + sum(sizes) + (again if repeats else 0)


def _number(text: str) -> exp.Expression:
    return exp.Literal.number(text)


def _sql(node: Node) -> exp.Expression:
    match node:
        case Number():
            return _number(_numeric(node.value))
        case Name():
            return exp.column(exp.to_identifier(node.name, quoted=True))
        case Unary(operator="not"):
            return exp.Paren(this=exp.Not(this=exp.Paren(this=_sql(node.operand))))
        case Unary():
            return exp.Paren(this=exp.Neg(this=exp.Paren(this=_sql(node.operand))))
        case Binary(operator="/"):
            return _quotient(_sql(node.left), _sql(node.right))
        case Binary():
            operator = _OPERATORS[node.operator]
            return exp.Paren(this=operator(this=_sql(node.left), expression=_sql(node.right)))
        case Call():
            return _call(node)


def _numeric(value: Decimal) -> str:
    """A literal with a decimal point: without one PostgreSQL would compute in integers."""
    text = format(value, "f")
    return text if "." in text else f"{text}.0"


def _function(name: str, *arguments: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _quotient(above: exp.Expression, below: exp.Expression) -> exp.Expression:
    divisor = _function("nullif", below, _number("0.0"))
    whole = _function("div", exp.Mul(this=above, expression=_number(_UP)), divisor)
    return exp.Paren(this=exp.Mul(this=whole, expression=_number(_DOWN)))


def _call(node: Call) -> exp.Expression:
    arguments = [_sql(argument) for argument in node.arguments]
    match node.function:
        case "min":
            return _strict("least", node.arguments, arguments)
        case "max":
            return _strict("greatest", node.arguments, arguments)
        case "pos":
            return _strict("greatest", node.arguments, [*arguments, _number("0.0")])
        case "clamp":
            value, low, high = arguments
            clamped = _function("greatest", low, _function("least", value, high))
            return _unless_null(node.arguments, arguments, clamped)
        case "trunc":
            return _function("trunc", *arguments)
        case "round":
            decimals = node.arguments[1]
            assert isinstance(decimals, Number)  # checked
            return _function("round", arguments[0], _number(str(int(decimals.value))))
        case _:
            return _choice(*arguments)


def _choice(condition: exp.Expression, one: exp.Expression, other: exp.Expression) -> exp.Expression:
    """``case condition when true … when false … end``: an unknown condition chooses neither."""
    arms = [exp.If(this=exp.true(), true=one), exp.If(this=exp.false(), true=other)]
    return exp.Case(this=condition, ifs=arms)


def _strict(name: str, nodes: tuple[Node, ...], arguments: list[exp.Expression]) -> exp.Expression:
    return _unless_null(nodes, arguments, _function(name, *arguments))


def _unless_null(
    nodes: tuple[Node, ...], arguments: list[exp.Expression], value: exp.Expression
) -> exp.Expression:
    """``value``, but NULL when an argument is; only a quotient can be: no input is (guarded outside)."""
    at_risk = [
        argument.copy() for node, argument in zip(nodes, arguments, strict=False) if _may_be_null(node)
    ]
    if not at_risk:
        return value
    known = _function("num_nulls", *at_risk)
    return exp.Case(ifs=[exp.If(this=exp.EQ(this=known, expression=_number("0")), true=value)])


def _may_be_null(node: Node) -> bool:
    is_quotient = isinstance(node, Binary) and node.operator == "/"
    return is_quotient or any(_may_be_null(child) for child in children(node))
