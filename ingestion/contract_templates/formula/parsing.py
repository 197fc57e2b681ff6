"""From a formula's text to its tree, by sqlglot's parser and a whitelist of its nodes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from ingestion.contract_templates.formula.problem import FormulaError
from ingestion.contract_templates.formula.tree import (
    COMPARISONS,
    Binary,
    Call,
    Name,
    Node,
    Number,
    Unary,
)
from ingestion.contract_templates.formula.words import FUNCTIONS, Word, words_of

_BINARY: Final[dict[type[exp.Expr], str]] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.And: "and",
    exp.Or: "or",
}
_NAMED: Final[dict[type[exp.Expr], str]] = {
    exp.Min: "min",
    exp.Max: "max",
    exp.Trunc: "trunc",
    exp.Round: "round",
    exp.If: "if",
}


def parse(text: str, known: Collection[str]) -> Node:
    """The tree of ``text``, which may read the names of ``known`` and nothing else.

    Raises FormulaError, pointing at the character. The tree holds exactly the words of the text in their
    order, so nothing that sqlglot may read into them gets past.
    """
    words = words_of(text, known)
    try:
        found = sqlglot.parse_one(text)
    except SqlglotError as error:
        raise FormulaError(
            "an operand is missing, or a word is out of place", text, _place(error, text)
        ) from error
    except RecursionError as error:
        raise FormulaError("too deeply nested; split it", text, 0) from error
    reading = _Reading(text, [word for word in words if word.text not in "(),"])
    tree = reading.node(found)
    reading.end()
    return tree


def _place(error: SqlglotError, text: str) -> int:
    """Offset of sqlglot's complaint: it gives the line and the column of the last character of a token."""
    details = getattr(error, "errors", None) or [{}]
    line, column = details[0].get("line") or 1, details[0].get("col") or 1
    begin = sum(len(part) + 1 for part in text.split("\n")[: line - 1])
    return begin + column - len(details[0].get("highlight") or " ")


class _Reading:
    """Walks sqlglot's tree in the order of the text and takes the words one by one."""

    def __init__(self, text: str, words: Sequence[Word]) -> None:
        self._text = text
        self._words = list(reversed(words))

    def _refuse(self, message: str) -> FormulaError:
        at = self._words[-1].at if self._words else len(self._text)
        return FormulaError(message, self._text, at)

    def _take(self, expected: str) -> int:
        if not self._words or self._words[-1].text != expected:
            raise self._refuse("out of place")
        return self._words.pop().at

    def end(self) -> None:
        """Refuse what is left over."""
        if self._words:
            raise self._refuse("out of place")

    def node(self, found: exp.Expr) -> Node:
        """The node of ours for one of sqlglot's; anything unknown is refused."""
        if isinstance(found, exp.Paren):
            return self.node(found.this)
        if isinstance(found, exp.Column) and len(found.parts) == 1:
            return Name(found.name, self._take(found.name))
        if isinstance(found, exp.Literal) and not found.is_string:
            return Number(Decimal(found.name), self._take(found.name))
        if isinstance(found, exp.Neg | exp.Not):
            operator = "-" if isinstance(found, exp.Neg) else "not"
            at = self._take(operator)
            return Unary(operator, self.node(found.this), at)
        if type(found) in _BINARY:
            return self._binary(found, _BINARY[type(found)])
        if isinstance(found, exp.Func):
            return self._call(found)
        raise self._refuse("this construction is not of the language")

    def _binary(self, found: exp.Expr, operator: str) -> Node:
        left = self.node(found.this)
        at = self._take(operator)
        right = self.node(found.expression)
        if operator in COMPARISONS:
            for side in (left, right):
                if isinstance(side, Binary) and side.operator in COMPARISONS:
                    raise FormulaError("comparisons do not chain; join two with `and`", self._text, at)
        return Binary(operator, left, right, at)

    def _call(self, found: exp.Func) -> Node:
        name = _name_of(found)
        if name not in FUNCTIONS:
            raise self._refuse("this function is not of the language")
        at = self._take(name)
        arguments = tuple(self.node(argument) for argument in _arguments(found))
        least, most = FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            wanted = f"{least}" if least == most else f"{least} to {most}"
            raise FormulaError(f"{name} takes {wanted} arguments, not {len(arguments)}", self._text, at)
        return Call(name, arguments, at)


def _name_of(found: exp.Expr) -> str:
    return found.name if isinstance(found, exp.Anonymous) else _NAMED.get(type(found), "")


def _arguments(found: exp.Func) -> list[exp.Expr]:
    """Arguments in the order of the text; sqlglot keeps them under names of its own."""
    given: list[exp.Expr] = []
    for key, value in found.args.items():
        if isinstance(found, exp.Anonymous) and key == "this":
            continue
        given += [
            entry for entry in (value if isinstance(value, list) else [value]) if isinstance(entry, exp.Expr)
        ]
    return given
