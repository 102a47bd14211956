"""ODK's expressions over elementpath's XPath 1 parser: no ``eval``, nothing but the answers.

The parser is elementpath's; what operators and functions do is ODK's, from ``compiling`` and
``odk_functions``. ``${name}`` is a question's answer: inside a repeat that of the same row, outside
it the answers of all rows. Paths (``../name``, ``/form/group/name``) come to the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from elementpath import ElementPathError

from odbst_desktop.form_engine.compiling import (
    NAME,
    OdkParser,
    Scope,
    Work,
    list_context,
    list_tree,
    work_of,
)
from odbst_desktop.form_engine.errors import ExpressionError, UnsupportedFunctionError
from odbst_desktop.form_engine.odk_functions import ABSENT_FUNCTIONS
from odbst_desktop.form_engine.odk_values import Clock, Day, Moment, truth_of
from odbst_desktop.form_engine.patterns import pattern_fault

__all__ = [
    "REFERENCE", "Expression", "Scope", "holds_in", "parse_expression", "plain_value",
    "references", "rows_that_hold", "value_in",
]  # fmt: skip
LONGEST_EXPRESSION = 6_000
_DEEPEST = 40
REFERENCE = re.compile(r"\$\{\s*(" + NAME + r")\s*\}")
_PREVIOUS = re.compile(r"previous\(\s*['\"]([\w.\-]+)['\"]\s*\)")
_PATTERN = re.compile(r"regex\([^'\"]*,\s*(?:'([^']*)'|\"([^\"]*)\")\s*\)")
_PIECES = re.compile(
    r"""(?P<text>"[^"]*"|'[^']*')"""
    rf"|\$\{{\s*(?P<name>{NAME})\s*\}}"
    rf"|(?<![\w\])/])(?:current\(\)/)?(?:\.\./)+(?:{NAME}/)*(?P<near>{NAME})(?![\w(])"
    rf"|(?<![\w\])/])/(?:{NAME}/)+(?P<far>{NAME})(?![\w(])"
    r"|(?P<row>\bposition\(\s*(?:current\(\)/)?\.\.\s*\))"
    r"|(?P<label>\bjr:choice-name\b)"
    r"|(?P<own>(?:current\(\)/)?(?<![\w.$)\]'\"/])\.(?![\w./]))"
)


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was read; ``references`` are the questions it looks at."""

    text: str
    work: Work
    references: frozenset[str]
    previous: frozenset[str]


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
        work = work_of(OdkParser().parse(plain))
    except (ElementPathError, RecursionError, ValueError, TypeError) as fault:
        raise ExpressionError(f"“{text[:80]}” cannot be read ({_short(fault)})") from fault
    return Expression(text, work, frozenset(names), frozenset(_PREVIOUS.findall(text)))


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
    try:
        value = parse_expression(text).work(scope, None)
    except (ElementPathError, ValueError, TypeError, ArithmeticError, LookupError, RecursionError):
        return None
    return None if isinstance(value, float) and not math.isfinite(value) else value


def rows_that_hold(
    text: str, rows: tuple[Mapping[str, str], ...], scope: Scope
) -> tuple[bool, ...]:
    """Say of each row of a list whether a choice filter is true of it; its columns are names."""
    work = parse_expression(text).work
    found = []
    for item in list_tree(rows).children[0].children:
        try:
            found.append(truth_of(work(scope, list_context(scope, item))))
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
