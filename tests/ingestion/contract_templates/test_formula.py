"""The formula language: what it accepts, what it refuses and at which character."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.contract_templates.formula import FormulaError, compile_formula
from ingestion.contract_templates.formula.parsing import parse
from ingestion.contract_templates.formula.tree import Node, text_of
from ingestion.contract_templates.formula.units import CNY, CNY_PER_MWH, MONTH, MWH, NUMBER
from ingestion.contract_templates.formula.words import DEEPEST, LONGEST, MOST_WORDS
from ingestion.contract_templates.inputs import INPUTS
from ingestion.contract_templates.kinds import kinds
from tests.ingestion.contract_templates.interpreter import evaluate
from tests.ingestion.contract_templates.trees import NAMES, UNITS, inputs, trees

KNOWN = {"base": CNY_PER_MWH, "cost": CNY_PER_MWH, "s": NUMBER, "q": MWH, "fee": CNY, "months": MONTH}


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("base-s*(base-cost)", "base - s * (base - cost)"),
        ("(base)", "base"),
        ("base - (cost - base)", "base - (cost - base)"),
        ("fee / q", "fee / q"),
        ("if( q>0 and not s = 1, base , 0)", "if(q > 0 and not s = 1, base, 0)"),
        ("max(0, base - cost)\n+ cost", "max(0, base - cost) + cost"),
        ("clamp(base, 0.8*cost, 1.15*cost)", "clamp(base, 0.8 * cost, 1.15 * cost)"),
    ],
)
def test_compile__prints_the_canonical_text(text: str, canonical: str) -> None:
    assert compile_formula(text, KNOWN, CNY_PER_MWH).text == canonical


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("base + q", 6, "adds yuan/MWh and MWh"),
        ("base - 5", 6, "subtracts yuan/MWh and 1"),
        ("base * q", 6, "yields yuan, but yuan/MWh is wanted"),
        ("base > cost", 6, "a condition is not a result"),
        ("if(base, base, cost)", 4, "a comparison is wanted"),
        ("if(base > q, base, cost)", 9, "compares yuan/MWh and MWh"),
        ("min(base, q)", 1, "min compares yuan/MWh and MWh"),
        ("base / 0", 6, "divides by 0"),
        ("base * q * q * q * q * q / q / q", 22, "which nothing is measured in"),
        ("base +", 6, "an operand is missing"),
        ("base cost", 6, "an operator is missing before 'cost'"),
        ("min(base)", 1, "min takes 2 to 20 arguments, not 1"),
        ("min(base,, cost)", 10, "an operand is missing before ','"),
        ("pos()", 5, "an operand is missing before ')'"),
        ("1 < s < 2", 7, "comparisons do not chain"),
        ("round(base, s)", 13, "whole number of decimals"),
        ("", 1, "empty"),
    ],
)
def test_compile__points_at_the_character(text: str, column: int, message: str) -> None:
    with pytest.raises(FormulaError, match=re.escape(message)) as caught:
        compile_formula(text, KNOWN, CNY_PER_MWH)
    assert caught.value.column == column
    assert caught.value.caret.endswith("\n" + " " * (column - 1) + "^")


def test_compile__points_into_the_right_line() -> None:
    with pytest.raises(FormulaError) as caught:
        compile_formula("base\n  + q", KNOWN, CNY_PER_MWH)
    assert (caught.value.line, caught.value.column) == (2, 3)
    assert caught.value.caret == "  + q\n  ^"


HOSTILE = [
    "(select max(s) from landing.contract)",
    "base; drop table landing.batch",
    "base -- comment",
    "base /* comment */",
    "base - -- 1\n 2",
    "pg_sleep(10) * base",
    "version()",
    "base + (select 1)",
    "cast(base as int)",
    "base::int",
    "'x' || base",
    '"base"',
    "base.cost",
    "landing.batch.batch_seq",
    "current_user",
    "current_date",
    "q in (1, 2)",
    "case when s = 1 then base else cost end",
    "exists (select 1)",
    "base is null",
    "array[1, 2]",
    "$1",
    ":name",
    "@x",
    "{{ base }}",
    "{% raw %}",
    "base ^ 99",
    "base ** 9",
    "1e309",
    "9" * 13,
    "0x1F",
    "base\\g",
    "base`",
    "base\x00",
    "BASE",
    "ｂase",
    "base as cost",
    "base, cost",
    "distinct base",
    "all(base)",
    "base over (q)",
    "interval",
    "row(base)",
    "coalesce(base, 0)",
    "least(base, cost)",
    "base union select 1",
    "not not not not (s = 1)",
    "- - - base",
    "+base",
    "*",
    "a_name_that_is_not_declared",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_compile__hostile_formula_is_refused(text: str) -> None:
    with pytest.raises(FormulaError):
        compile_formula(text, KNOWN, CNY_PER_MWH)


@pytest.mark.parametrize(
    "text",
    [
        "(" * (DEEPEST + 1) + "base" + ")" * (DEEPEST + 1),
        "pos(" * 500 + "base" + ")" * 500,
        "-(" * 900 + "base" + ")" * 900,
        "+".join(["base"] * MOST_WORDS),
        "base" + " " * LONGEST,
        "max(base / s, " * 20 + "base" + ")" * 20,
    ],
)
def test_compile__huge_formula_is_refused(text: str) -> None:
    with pytest.raises(FormulaError):
        compile_formula(text, KNOWN, CNY_PER_MWH)


def test_compile__longest_honest_sum_is_read() -> None:
    text = " + ".join(["base"] * (MOST_WORDS // 2))
    assert compile_formula(text, KNOWN, CNY_PER_MWH).text == text


@given(st.text(max_size=60))
def test_parse__any_text_is_read_or_refused(text: str) -> None:
    _read_or_refuse(text)


WORDS = [*NAMES, "min", "if", "round", "not", "and", "select", "from", "case", "1", "0.5", ".", ",", "(", ")"]
WORDS += ["+", "-", "*", "/", "<", "=", "<>", "--", "/*", "'", ";", "::", "in", "is", "null", "as", "[", "%"]


@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
def test_parse__any_words_are_read_or_refused(text: str) -> None:
    _read_or_refuse(text)


def _read_or_refuse(text: str) -> None:
    try:
        formula = compile_formula(text, UNITS, NUMBER)
    except FormulaError as error:
        places = (error.line, error.column)
        assert min(places) >= 1
    else:
        assert set(formula.names) <= set(NAMES)
        assert not set(formula.sql) & set("';:$[]%\\`")


@given(trees())
def test_parse__reads_its_own_text_back(tree: Node) -> None:
    text = text_of(tree)
    again = parse(text, NAMES)
    assert again == tree
    assert text_of(again) == text


PRICES = st.decimals(min_value=0, max_value=1500, places=3, allow_nan=False)


@given(PRICES, PRICES, st.decimals(min_value=0, max_value=1, places=2, allow_nan=False))
def test_guarantee_share__is_continuous_where_the_saving_reaches_the_guarantee(
    base: Decimal, guaranteed: Decimal, share: Decimal
) -> None:
    """At base - cost = g the price is base - g; a step of 0.001 beyond moves it by at most that step."""
    tree = parse("base - (g + s * pos(base - cost - g))", ["base", "cost", "g", "s"])

    def price(saving: Decimal) -> Fraction:
        given = {"base": base, "cost": base - saving, "g": guaranteed, "s": share}
        value = evaluate(tree, {name: Fraction(number) for name, number in given.items()})
        assert isinstance(value, Fraction)
        return value

    step = Decimal("0.001")
    assert price(guaranteed) == Fraction(base - guaranteed)
    assert abs(price(guaranteed + step) - price(guaranteed)) <= Fraction(step)
    assert price(guaranteed - step) == price(guaranteed)


@pytest.mark.parametrize(
    "name", sorted({*INPUTS, *(p.name for kind in kinds().values() for p in kind.parameters)})
)
def test_parse__every_name_of_ours_is_readable(name: str) -> None:
    assert text_of(parse(f"{name} + {name}", [name])) == f"{name} + {name}"


@given(trees(), inputs())
def test_interpreter__gives_a_number_or_none(tree: Node, values: dict[str, Decimal]) -> None:
    result = evaluate(tree, {name: Fraction(value) for name, value in values.items()})
    assert result is None or isinstance(result, Fraction)
