"""Cutting a formula into words: what is not of the language is refused here, before anything parses it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import sqlglot
from sqlglot.errors import SqlglotError

from ingestion.contract_templates.formula.problem import FormulaError

LONGEST: Final = 2000
MOST_WORDS: Final = 400
DEEPEST: Final = 24
"""Bounds of an honest formula; a longer or deeper one only serves to wear out the parser."""

FUNCTIONS: Final = {
    "min": (2, 20),
    "max": (2, 20),
    "clamp": (3, 3),
    "trunc": (1, 1),
    "round": (2, 2),
    "pos": (1, 1),
    "if": (3, 3),
}
"""Functions with the least and the most arguments."""

_OPERATORS: Final = frozenset(["+", "-", "*", "/", "<", "<=", ">", ">=", "=", "<>", "and", "or", "not"])
_OPERAND_FOLLOWS: Final = _OPERATORS | {"(", ","}
_CHARACTERS: Final = re.compile(r"[^a-z0-9_ \t\r\n.,()+\-*/<>=]")
_COMMENT: Final = re.compile(r"--|/\*|\*/")
_WORD: Final = re.compile(r"[a-z_][a-z0-9_]*")
_NUMBER: Final = re.compile(r"\d{1,12}(\.\d{1,9})?")


@dataclass(frozen=True)
class Word:
    """One word of a formula and its offset."""

    text: str
    at: int


def words_of(text: str, known: Collection[str]) -> list[Word]:
    """The words of ``text``, each one of the language or a name of ``known``.

    Raises FormulaError at the first character that is neither.
    """
    _refuse_characters(text)
    try:
        words = [Word(text[token.start : token.end + 1], token.start) for token in sqlglot.tokenize(text)]
    except SqlglotError as error:
        raise FormulaError(f"not readable: {error}", text, 0) from error
    if not words:
        raise FormulaError("the formula is empty", text, 0)
    if len(words) > MOST_WORDS:
        raise FormulaError(f"more than {MOST_WORDS} words; split it", text, words[MOST_WORDS].at)
    for place, word in enumerate(words):
        _refuse_word(text, words, place, word, known)
    _refuse_depth(text, words)
    return words


def _refuse_characters(text: str) -> None:
    if len(text) > LONGEST:
        raise FormulaError(f"longer than {LONGEST} characters; split it", text, LONGEST)
    if found := _CHARACTERS.search(text):
        allowed = "small letters, digits, _ . , ( ) + - * / < > ="
        raise FormulaError(
            f"character {found[0]!r} is not of the language; allowed: {allowed}", text, found.start()
        )
    if found := _COMMENT.search(text):
        message = f"{found[0]!r} would begin or end a comment; write a sign in brackets, as a - (-b)"
        raise FormulaError(message, text, found.start())


def _refuse_word(text: str, words: Sequence[Word], place: int, word: Word, known: Collection[str]) -> None:
    before = words[place - 1].text if place else "("
    after = words[place + 1].text if place + 1 < len(words) else ""
    is_operand = word.text == "(" or bool(_WORD.fullmatch(word.text) and word.text not in _OPERATORS)
    is_operand = is_operand or word.text[0].isdigit()
    if (is_operand or word.text == "not") and before not in _OPERAND_FOLLOWS and before not in FUNCTIONS:
        raise FormulaError(f"an operator is missing before {word.text!r}", text, word.at)
    if word.text in (",", ")") and before in (",", "("):
        raise FormulaError(f"an operand is missing before {word.text!r}", text, word.at)
    if word.text in _OPERATORS or word.text in "(),":
        return
    if word.text[0].isdigit():
        if not _NUMBER.fullmatch(word.text):
            message = (
                f"{word.text!r} is not a number such as 0.15; at most 12 digits and 9 decimals, no exponent"
            )
            raise FormulaError(message, text, word.at)
    elif not _WORD.fullmatch(word.text):
        raise FormulaError(f"{word.text!r} is not of the language", text, word.at)
    elif after == "(":
        if word.text not in FUNCTIONS:
            raise FormulaError(f"no function {word.text!r}; allowed: {', '.join(FUNCTIONS)}", text, word.at)
    elif word.text not in known:
        raise FormulaError(
            f"no input or parameter {word.text!r}; known: {', '.join(sorted(known))}", text, word.at
        )


def _refuse_depth(text: str, words: Sequence[Word]) -> None:
    depth = signs = 0
    for word in words:
        depth += (word.text == "(") - (word.text == ")")
        signs = signs + 1 if word.text in {"-", "+", "not"} else 0
        if depth > DEEPEST:
            raise FormulaError(f"brackets deeper than {DEEPEST}; split it", text, word.at)
        if depth < 0:
            raise FormulaError("this bracket closes nothing", text, word.at)
        if signs > 2:
            raise FormulaError("too many signs in a row", text, word.at)
    if depth:
        raise FormulaError("a bracket is not closed", text, len(text))
