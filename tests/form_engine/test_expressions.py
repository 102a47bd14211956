"""Expressions against an independent evaluation, and ODK's functions one by one."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.form_engine.errors import ExpressionError, UnsupportedFunctionError
from odbst_desktop.form_engine.expressions import Scope, parse_expression, plain_value, value_in
from odbst_desktop.form_engine.odk_values import day_of
from odbst_desktop.form_engine.patterns import matches, pattern_fault

SCOPE = Scope(
    {
        "a": 4.0, "b": "x y", "d": day_of(date(2026, 11, 24)), "blank": "", "rows": [1.0, 2.0, 3.0],
        "amount": [3.0, "", 5.0], "name": "Oak", "neg": -2.5,
    },
    own=7.0, today=date(2026, 11, 24), now=datetime(2026, 11, 24, 15, 30), row=2,
    columns={"amount": [3.0, "", 5.0]}, previous={"a": 3.0},
    label_of=lambda question, name: f"{question}/{name}",
    tables={
        "fruit": (
            {"name": "a", "label": "Apple", "price": "3"},
            {"name": "b", "label": "Pear", "price": "4"},
        )
    },
)  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("${a} * 2", 8), ("${a}-1", 3), ("-${a}", -4), ("${a} mod 3", 1), ("-7 mod 3", -1),
        ("7 div 2", 3.5), ("${a} div 0", None), ("1 + 2 * 3 - 4 div 2", 5), ("2 - -3", 5),
        ("${blank} + 1", None), ("'' + 1", None), ("${a} > 3 and ${a} < 5", True),
        ("${a} = 4 or ${nothing} = 1", True), ("not(${blank} > 3)", True), ("${blank} > 3", False),
        ("${b} != ''", True), ("${d} = '2026-11-24'", True), ("${d} > '2026-11-23'", True),
        ("'2026-01-02' > '2026-01-01'", True), ("${d} <= today()", True),
        (". > 3 and . < 9", True), (".=7", True), ("(.)+1", 8), ("../a + 1", 5), ("/form/group/a", 4),
        ("if(${a} > 3, 'big', 'small')", "big"), ("if(${blank} > 3, 1, if(${a} = 4, 2, 3))", 2),
        ("once(5)", 7), ("position(..)", 2), ("coalesce(${blank}, 'z')", "z"),
        ("coalesce('', '', 'c')", "c"), ("selected(${b}, 'y')", True), ("selected(${b}, 'z')", False),
        ("selected-at(${b}, 1)", "y"), ("selected-at(${b}, 5)", None), ("count-selected(${b})", 2),
        ("count-words('one two')", 2), ("jr:choice-name(${b}, '${b}')", "b/x, b/y"),
        ("sum(${amount})", 8), ("min(${amount})", 3), ("max(${amount}, 9)", 9), ("max(1, 5, 2)", 5),
        ("count(${rows})", 3), ("count-non-empty(${amount})", 2),
        ("indexed-repeat(${amount}, ${rows}, 3)", 5), ("indexed-repeat(${amount}, ${rows}, 9)", None),
        ("pulldata('fruit', 'label', 'name', 'b')", "Pear"), ("pulldata('no', 'a', 'b', 'c')", None),
        ("instance('fruit')/root/item[name = 'b']/label", "Pear"),
        ("instance('fruit')/root/item[price > 3]/name", "b"),
        ("count(instance('fruit')/root/item)", 2),
        ("string-length('four')", 4), ("concat('on ', ${d}, '!')", "on 2026-11-24!"),
        ("join('-', 'a', 'b')", "a-b"), ("substr('hello', 1, 3)", "el"), ("substr('hello', 2)", "llo"),
        ("substring('12345', 2, 3)", "234"), ("substring('12345', 0, 3)", "12"),
        ("substring-before('a=b', '=')", "a"), ("substring-after('a=b', '=')", "b"),
        ("contains('abc', 'b')", True), ("starts-with('abc', 'ab')", True),
        ("ends-with('abc', 'bc')", True), ("normalize-space('  a   b ')", "a b"),
        ("translate('bar', 'abc', 'AB')", "BAr"), ("translate('aXb', 'X', '')", "ab"),
        ("string(2.50)", "2.5"), ("string(3.0)", "3"), ("number('12.5')", 12.5),
        ("number('x')", None), ("number('1_000')", None), ("number('inf')", None),
        ("int(-2.7)", -2), ("int('4')", 4), ("round(2.5)", 3), ("round(-2.5)", -2),
        ("round(2.345, 2)", 2.35), ("floor(${neg})", -3), ("ceiling(${neg})", -2), ("abs(${neg})", 2.5),
        ("pow(2, 10)", 1024), ("sqrt(16)", 4), ("sqrt(-1)", None), ("log10(1000)", 3), ("exp(0)", 1),
        ("sin(0) + cos(0) + tan(0)", 1), ("atan2(0, 1)", 0), ("round(pi(), 2)", 3.14),
        ("boolean('')", False), ("boolean('false')", True), ("boolean-from-string('true')", True),
        ("boolean-from-string('no')", False), ("true() and not(false())", True),
        ("regex('110323', '^[0-9]{6}$')", True), ("regex('11032', '[0-9]{6}')", False),
        ("date('2026-11-24') + 7 - today()", 7), ("date(today() + 7)", "2026-12-01"),
        ("date('soon')", None), ("date-time('2026-11-24T15:30:00')", "2026-11-24T15:30:00"),
        ("format-date(${d}, '%e %b %Y (%a %d/%m/%y)')", "24 Nov 2026 (Tue 24/11/26)"),
        ("format-date-time(now(), '%H:%M:%S %3')", "15:30:00 000"), ("format-date(${blank}, '%Y')", None),
        ("format-date(${d}, '%Q')", None), ("decimal-date-time('1970-01-02')", 1),
        ("decimal-time('12:00')", 0.5), ("int((today() - date('2000-02-29')) div 365.25)", 26),
        ("previous('a') + 1", 4), ("checklist(1, 2, true(), false())", True),
        ("checklist(2, -1, ${a} = 4, ${a} = 5)", False),
        ("weighted-checklist(3, -1, true(), 2, false(), 5)", False),
        ('"it\'s" = "it\'s"', True), ("string-length(.)", 1),
    ],
)  # fmt: skip
def test_functions(expression: str, value: Any) -> None:
    found = plain_value(value_in(expression, SCOPE))
    if isinstance(value, float):
        assert math.isclose(found, value)
    else:
        assert (found, type(found)) == (value, type(value))


def test_draws_of_lots_differ_and_lie_between_nought_and_one() -> None:
    assert 0 <= value_in("random()", SCOPE) < 1
    assert value_in("uuid()", SCOPE) != value_in("uuid()", SCOPE)


@pytest.mark.parametrize(
    "expression",
    ["${a} =", "a b", "system('x')", "__import__('os')", "${a", "${a b}", "1 +* 2", "if(1, 2)",
     "concat('a'", "(" * 60 + "1" + ")" * 60, "1 + " * 3000 + "1", "regex(., '(a+)+b')",
     "regex(., '[')", "weird(1)", "lambda: 1", "${a}.__class__"],
)  # fmt: skip
def test_what_is_no_expression_is_refused(expression: str) -> None:
    with pytest.raises(ExpressionError):
        parse_expression(expression)


@pytest.mark.parametrize("expression", ["area(${a})", "randomize(${a})", "${last-saved#a} + 1"])
def test_what_is_not_supported_is_named(expression: str) -> None:
    with pytest.raises(UnsupportedFunctionError, match="not supported"):
        parse_expression(expression)


@dataclass(frozen=True)
class Node:
    """An expression as it is written, and its value by an evaluation that shares no code."""

    text: str
    value: Any
    kind: str = field(compare=False, default="number")


def _written(value: float) -> str:
    return f"{value:.3f}" if value >= 0 else f"(0 - {-value:.3f})"


numbers = st.integers(-4000, 4000).map(lambda n: Node(_written(n / 8), n / 8))
answers = st.sampled_from([Node("${a}", 4.0), Node("${neg}", -2.5), Node(".", 7.0)])
texts = st.text(alphabet="abcde xyz0123", max_size=6).map(lambda t: Node(f"'{t}'", t, "text"))


def _reckoned(pair: tuple[Node, str, Node]) -> Node:
    left, sign, right = pair
    a, b = left.value, right.value
    text = f"({left.text} {sign} {right.text})"
    if math.isnan(a) or math.isnan(b):
        return Node(text, math.nan)
    if sign == "div":
        return Node(text, a / b if b else math.nan)
    if sign == "mod":
        return Node(text, math.copysign(abs(a) % abs(b), a) if b else math.nan)
    return Node(text, a + b if sign == "+" else a - b if sign == "-" else a * b)


def _called(pair: tuple[str, Node]) -> Node:
    name, inner = pair
    value = inner.value
    if math.isnan(value):
        return Node(f"{name}({inner.text})", math.nan)
    whole = math.floor(value)
    result = {"floor": whole, "ceiling": whole + (value != whole), "abs": max(value, -value),
              "round": math.floor(value + 0.5), "int": whole if value >= 0 else -math.floor(-value)}[
        name
    ]  # fmt: skip
    return Node(f"{name}({inner.text})", float(result))


def _more(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    signs = st.sampled_from(["+", "-", "*", "div", "mod"])
    names = st.sampled_from(["floor", "ceiling", "abs", "round", "int"])
    return st.tuples(inner, signs, inner).map(_reckoned) | st.tuples(names, inner).map(_called)


reckonings = st.recursive(numbers | answers, _more, max_leaves=8)


@given(reckonings)
def test_reckoning_is_as_python_reckons(node: Node) -> None:
    found = value_in(node.text, SCOPE)
    if math.isnan(node.value) or math.isinf(node.value):
        return  # a part without a value may still be hidden by what follows
    assert math.isclose(found, node.value, rel_tol=1e-9, abs_tol=1e-6)


@given(reckonings, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), numbers)
def test_comparing_is_as_python_compares(left: Node, sign: str, right: Node) -> None:
    if not math.isfinite(left.value) or abs(left.value - right.value) < 1e-6:
        return
    a, b = left.value, right.value
    expected = {"=": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}
    assert value_in(f"{left.text} {sign} {right.text}", SCOPE) is expected[sign]


@given(texts, texts, st.integers(0, 6), st.integers(0, 6))
def test_texts_are_as_python_has_them(one: Node, two: Node, start: int, end: int) -> None:
    a, b = one.text, two.text
    both = one.value + two.value
    assert value_in(f"concat({a}, {b})", SCOPE) == both
    assert value_in(f"string-length(concat({a}, {b}))", SCOPE) == len(both)
    assert value_in(f"contains({a}, {b})", SCOPE) is (two.value in one.value)
    assert value_in(f"{a} = {b}", SCOPE) is (one.value == two.value)
    assert value_in(f"substr({a}, {start}, {end})", SCOPE) == one.value[start:end]
    assert value_in(f"selected({a}, {b})", SCOPE) is (two.value.strip() in one.value.split())


@given(st.lists(st.booleans(), min_size=1, max_size=5), st.sampled_from(["and", "or"]))
def test_truths_are_as_python_has_them(parts: list[bool], word: str) -> None:
    text = f" {word} ".join("true()" if part else "not(1 = 1)" for part in parts)
    assert value_in(text, SCOPE) is (all(parts) if word == "and" else any(parts))


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.integers(-4000, 4000))
def test_days_are_as_python_reckons_them(day: date, more: int) -> None:
    later = date.fromordinal(day.toordinal() + more)
    assert plain_value(value_in(f"date(date('{day}') + {more})", SCOPE)) == later.isoformat()
    assert value_in(f"date('{later}') - date('{day}')", SCOPE) == more
    assert value_in(f"format-date('{later}', '%Y-%m-%d')", SCOPE) == later.isoformat()


@given(st.text(max_size=40))
def test_any_text_is_an_expression_or_a_named_fault(text: str) -> None:
    try:
        parse_expression(text)
    except ExpressionError:
        pass
    else:
        value_in(text, SCOPE)


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+", "(a*)*b", "(a|aa)+", "(.*a){12}x*", "([a-z]+)*!", "((ab)*c*)+", "(a+b?)+", r"(\w+\s?)+",
     "(x+x+)+y", "(a|a?)+", ".*.*.*x", r"\w*\d*\w*!", "[", "(", "a{99999999999}"],
)  # fmt: skip
def test_patterns_that_could_search_for_ever_are_not_used(pattern: str) -> None:
    assert pattern_fault(pattern)
    with pytest.raises(ValueError):  # noqa: PT011 - it has no words, it leaves no value
        matches("a" * 40, pattern)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("^[0-9]{6}$", "110323"), (r"([a-z]+\.)+[a-z]+", "www.school.uk"), ("(ab|cd)+", "abcd"),
        (r"[\w.+-]+@([\w-]+\.)+[a-z]{2,}", "office@oak.sch.uk"), ("(-[0-9]{3})*", "-123-456"),
        ("([A-Z]|[0-9])+", "A1B2"), (r"\+?[0-9 ]{6,15}", "01296 123456"), ("[^!]*[0-9][^!]*", "C1042"),
        ("[A-Z][a-z]+ [A-Z][a-z]+ [a-z]+", "Oak Field school"), ("([0-9]{3}-){2}[0-9]{4}", "123-456-7890"), ("[]a]+", "a]"),
    ],
)  # fmt: skip
def test_patterns_of_everyday_forms_are_used(pattern: str, text: str) -> None:
    assert matches(text, pattern)
    assert not matches(f"{text}!?", pattern)
