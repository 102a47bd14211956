"""ODK's expressions over elementpath's XPath 1 parser: no ``eval``, nothing but the answers.

The parser and its evaluation are elementpath's; operators and functions are ODK's, from
``odk_functions``. ``${name}`` is a question's answer: inside a repeat that of the same row, outside
it the answers of all rows. Paths (``../name``, ``/form/group/name``) come to the same.
"""

from __future__ import annotations

import math
import re
from abc import ABCMeta
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

from elementpath import (
    ElementPathError,
    XPath1Parser,
    XPathContext,
    XPathToken,
    get_node_tree,
)

from odbst_desktop.form_engine.errors import ExpressionError, UnsupportedFunctionError
from odbst_desktop.form_engine.odk_functions import ABSENT_FUNCTIONS, ARITHMETIC, PLAIN_FUNCTIONS
from odbst_desktop.form_engine.odk_values import (
    Clock,
    Day,
    Moment,
    compare,
    day_of,
    items_of,
    moment_of,
    number_of,
    text_of,
    truth_of,
)
from odbst_desktop.form_engine.patterns import pattern_fault

LONGEST_EXPRESSION = 6_000
_DEEPEST = 40
_NAME = r"[^\W\d][\w.\-]*"
REFERENCE = re.compile(r"\$\{\s*(" + _NAME + r")\s*\}")
_PREVIOUS = re.compile(r"previous\(\s*['\"]([\w.\-]+)['\"]\s*\)")
_PATTERN = re.compile(r"regex\([^'\"]*,\s*(?:'([^']*)'|\"([^\"]*)\")\s*\)")
_ROOT = ElementTree.Element("form")
_SCOPE = "odbst"
_PIECES = re.compile(
    r"""(?P<text>"[^"]*"|'[^']*')"""
    rf"|\$\{{\s*(?P<name>{_NAME})\s*\}}"
    rf"|(?<![\w\])/])(?:current\(\)/)?(?:\.\./)+(?:{_NAME}/)*(?P<near>{_NAME})(?![\w(])"
    rf"|(?<![\w\])/])/(?:{_NAME}/)+(?P<far>{_NAME})(?![\w(])"
    r"|(?P<row>\bposition\(\s*(?:current\(\)/)?\.\.\s*\))"
    r"|(?P<label>\bjr:choice-name\b)"
    r"|(?P<own>(?:current\(\)/)?(?<![\w.$)\]'\"/])\.(?![\w./]))"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may look at: answers, its own answer, last time's, today, its row.

    ``rows`` counts from 1. ``columns`` gives all rows of a question in a repeat; ``label_of`` the
    words of a choice; ``tables`` the CSV files and lists of the form.
    """

    values: Mapping[str, Any]
    own: Any = ""
    previous: Mapping[str, Any] = field(default_factory=dict)
    today: date | None = None
    now: datetime | None = None
    row: int | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    label_of: Callable[[str, str], str] = lambda _question, name: name
    tables: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    is_strict: bool = False


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was read; ``references`` are the questions it looks at."""

    text: str
    token: XPathToken
    references: frozenset[str]
    previous: frozenset[str]


class OdkParser(XPath1Parser):
    """XPath 1 with ODK's operators and functions; a path may start at a function's list."""

    PATH_STEP_LABELS = ("axis", "kind test", "function")

    def parse(self, source: str) -> XPathToken:
        """Return the root of an expression, without elementpath's trial evaluation."""
        return super(XPath1Parser, self).parse(source)


def _scope(context: XPathContext | None) -> Scope:
    if context is None:  # elementpath evaluates nothing without one here
        raise ValueError
    scope: Scope = context.variables[_SCOPE]  # type: ignore[assignment]  # put there by value_in
    return scope


def _arguments(token: XPathToken, context: XPathContext | None = None) -> list[Any]:
    return [_value(argument.evaluate(context)) for argument in token]


def _value(value: Any) -> Any:
    # elementpath gives whole and exact numbers of their own kinds; nodes come from lists.
    if isinstance(value, (bool, str, float)) or value is None:
        return value
    if isinstance(value, list):
        return [_value(item) for item in value]
    try:
        return float(value)
    except (TypeError, ValueError):
        return text_of(value)


Evaluation = Callable[[XPathToken, XPathContext | None], Any]


def _operator(symbol: str, evaluate: Evaluation) -> None:
    """Give a symbol of XPath 1 our evaluation, and leave elementpath's own parser as it is."""
    base = XPath1Parser.symbol_table[symbol]
    members = {"evaluate": evaluate, "__module__": __name__, "__qualname__": base.__name__}
    OdkParser.symbol_table[symbol] = ABCMeta(base.__name__, (base,), members)


def _function(name: str, least: int, most: int | None, evaluate: Evaluation) -> None:
    OdkParser.symbol_table.pop(name, None)
    nargs = least if least == most else (least, most)
    OdkParser.method(OdkParser.function(name, nargs=nargs))(_named(evaluate))


def _named(evaluate: Evaluation) -> Evaluation:
    # elementpath binds a method by its name.
    evaluate.__name__ = "evaluate_function"
    return evaluate


def _compared(token: XPathToken, context: XPathContext | None = None) -> bool:
    left, right = _arguments(token, context)
    return compare(token.symbol, left, right, is_strict=_scope(context).is_strict)


def _reckoned(token: XPathToken, context: XPathContext | None = None) -> float:
    numbers = [number_of(value) for value in _arguments(token, context)]
    if len(numbers) == 1:
        return -numbers[0] if token.symbol == "-" else numbers[0]
    return ARITHMETIC[token.symbol](*numbers)


def _both(token: XPathToken, context: XPathContext | None = None) -> bool:
    return all(truth_of(_value(part.evaluate(context))) for part in token)


def _either(token: XPathToken, context: XPathContext | None = None) -> bool:
    return any(truth_of(_value(part.evaluate(context))) for part in token)


def _looked_up(token: XPathToken, context: XPathContext | None = None) -> Any:
    return _scope(context).values.get(_variable_name(token), "")


def _variable_name(token: XPathToken) -> str:
    return str(token[0].value).removeprefix("q.")


def _if(token: XPathToken, context: XPathContext | None = None) -> Any:
    chosen = 1 if truth_of(_value(token[0].evaluate(context))) else 2
    return _value(token[chosen].evaluate(context))


def _once(token: XPathToken, context: XPathContext | None = None) -> Any:
    own = _scope(context).own
    return own if text_of(own) != "" else _value(token[0].evaluate(context))


def _today(_token: XPathToken, context: XPathContext | None = None) -> Any:
    today = _scope(context).today
    return "" if today is None else day_of(today)


def _now(token: XPathToken, context: XPathContext | None = None) -> Any:
    now = _scope(context).now
    today = _today(token, context)
    return moment_of(now) if now is not None else "" if today == "" else Moment(today)


def _previous(token: XPathToken, context: XPathContext | None = None) -> Any:
    return _scope(context).previous.get(text_of(_arguments(token, context)[0]), "")


def _own(_token: XPathToken, context: XPathContext | None = None) -> Any:
    return _scope(context).own


def _row_number(_token: XPathToken, context: XPathContext | None = None) -> float:
    row = _scope(context).row
    if row is None:
        raise ValueError
    return float(row)


def _choice_name(token: XPathToken, context: XPathContext | None = None) -> str:
    name, question = (text_of(value) for value in _arguments(token, context))
    return ", ".join(_scope(context).label_of(question, part) for part in name.split())


def _indexed_repeat(token: XPathToken, context: XPathContext | None = None) -> Any:
    # indexed-repeat(${answer}, ${repeat}, number): the answer of one row.
    if token[0].symbol != "$":
        raise ValueError
    column = _scope(context).columns.get(_variable_name(token[0]), [])
    place = number_of(_value(token[2].evaluate(context)))
    return column[int(place) - 1] if 1 <= place <= len(items_of(column)) else ""


def _pulldata(token: XPathToken, context: XPathContext | None = None) -> str:
    table, wanted, key, value = (text_of(part) for part in _arguments(token, context))
    rows = _scope(context).tables.get(table.removesuffix(".csv"), ())
    return next((row.get(wanted, "") for row in rows if row.get(key) == value), "")


def _instance(token: XPathToken, context: XPathContext | None = None) -> list[Any]:
    name = text_of(_arguments(token, context)[0])
    return [_list_tree(_scope(context).tables.get(name, ()))]


def _list_tree(rows: tuple[Mapping[str, str], ...]) -> Any:
    instance = ElementTree.Element("instance")
    root = ElementTree.SubElement(instance, "root")
    for row in rows:
        item = ElementTree.SubElement(root, "item")
        for column, text in row.items():
            if re.fullmatch(_NAME, column):
                ElementTree.SubElement(item, column).text = text
    return get_node_tree(instance)


def _register() -> None:
    for symbol in ("=", "!=", "<", "<=", ">", ">="):
        _operator(symbol, _compared)
    for symbol in ARITHMETIC:
        _operator(symbol, _reckoned)
    _operator("and", _both)
    _operator("or", _either)
    _operator("$", _looked_up)
    for name, (least, most, work) in PLAIN_FUNCTIONS.items():
        _function(name, least, most, _plain(work))
    for name, count, evaluate in (
        ("if", 3, _if), ("once", 1, _once), ("today", 0, _today), ("now", 0, _now),
        ("previous", 1, _previous), ("own-value", 0, _own), ("row-number", 0, _row_number),
        ("choice-name", 2, _choice_name), ("indexed-repeat", 3, _indexed_repeat),
        ("pulldata", 4, _pulldata), ("instance", 1, _instance),
    ):  # fmt: skip
        _function(name, count, count, evaluate)


def _plain(work: Callable[..., Any]) -> Evaluation:
    def evaluate(self: XPathToken, context: XPathContext | None = None) -> Any:
        return work(*_arguments(self, context))

    return evaluate


_register()
OdkParser.tokenizer = OdkParser.create_tokenizer(OdkParser.symbol_table)


@lru_cache(maxsize=16_384)
def parse_expression(text: str) -> Expression:
    """Read an expression.

    Raises:
        UnsupportedFunctionError: it uses a function of ODK that is not supported here.
        ExpressionError: it cannot be read.

    """
    if len(text) > LONGEST_EXPRESSION or _depth(text) > _DEEPEST:
        raise ExpressionError("the expression is too long or too deeply nested")
    if "${last-saved#" in text:
        raise UnsupportedFunctionError("“last-saved” is not supported; use previous('name')")
    for found in _PATTERN.findall(text):
        if fault := pattern_fault(found[0] or found[1]):
            raise ExpressionError(fault)
    names: set[str] = set()
    plain = _PIECES.sub(lambda piece: _translated(piece, names), text)
    if "${" in plain:
        raise ExpressionError(f"“{text[:80]}” has a reference that is not ${{name}}")
    for name in re.findall(r"([a-z][\w\-]*)\(", _without_texts(plain)):
        if name in ABSENT_FUNCTIONS:
            raise UnsupportedFunctionError(f"the function “{name}” is not supported")
    try:
        token = OdkParser().parse(plain)
    except (ElementPathError, RecursionError, ValueError, TypeError) as fault:
        raise ExpressionError(f"“{text[:80]}” cannot be read ({_short(fault)})") from fault
    return Expression(text, token, frozenset(names), frozenset(_PREVIOUS.findall(text)))


def _short(fault: Exception) -> str:
    # The parser tells its own code and token; the words after them are for people.
    words = str(fault).replace("q.", "").rpartition("] ")[2]
    return words[:120] or type(fault).__name__


def _without_texts(text: str) -> str:
    return re.sub(r"\"[^\"]*\"|'[^']*'", "''", text)


def _depth(text: str) -> int:
    depth = deepest = 0
    for sign in _without_texts(text):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(sign, 0)
        deepest = max(deepest, depth)
    return deepest


def _translated(piece: re.Match[str], names: set[str]) -> str:
    if text := piece["text"]:
        # jr:choice-name(${x}, '${x}') names its question in a text.
        inner = REFERENCE.fullmatch(text[1:-1])
        return f"'{inner[1]}'" if inner else text
    if piece["row"]:
        return "row-number()"
    if piece["label"]:
        return "choice-name"
    if piece["own"]:
        return " own-value() "
    name = piece["name"] or piece["near"] or piece["far"]
    names.add(name)
    return f" $q.{name} "


def references(text: str) -> frozenset[str]:
    """Return the questions an expression looks at; none if it is blank or cannot be read."""
    try:
        return parse_expression(text).references if text else frozenset()
    except ExpressionError:
        return frozenset()


def value_in(text: str, scope: Scope) -> Any:
    """Return an expression's value, or None where it has none."""
    context = XPathContext(_ROOT)
    context.variables[_SCOPE] = scope  # type: ignore[assignment]  # our tokens look at nothing else
    token = parse_expression(text).token
    try:
        value = _value(token.evaluate(context))
    except (ElementPathError, ValueError, TypeError, ArithmeticError, LookupError, RecursionError):
        return None
    return None if isinstance(value, float) and not math.isfinite(value) else value


def rows_that_hold(
    text: str, rows: tuple[Mapping[str, str], ...], scope: Scope
) -> tuple[bool, ...]:
    """Say of each row of a list whether a choice filter is true of it; its columns are names."""
    token = parse_expression(text).token
    found = []
    for item in _list_tree(rows).children[0].children:
        context = XPathContext(_ROOT, item=item)
        context.variables[_SCOPE] = scope  # type: ignore[assignment]  # as in value_in
        try:
            found.append(truth_of(_value(token.evaluate(context))))
        except (ElementPathError, ValueError, TypeError, ArithmeticError, LookupError):
            found.append(False)
    return tuple(found)


def holds_in(text: str, scope: Scope) -> bool:
    """Say whether an expression is true; without a value it is not."""
    value = value_in(text, scope)
    return value is not None and truth_of(value)


def plain_value(value: Any) -> Any:
    """Return a value as an answer: a whole number, a decimal, or text; None for a blank."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, (Day, Moment, Clock)):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if value == "" else value
