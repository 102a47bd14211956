"""ODK's expressions over elementpath's XPath 1 parser: no ``eval``, nothing but the answers.

Numbers are XPath numbers, dates the number of their day, several choices one text with spaces; a
blank is the empty text. Source: the ODK XForms specification's functions, as far as forms need.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

from elementpath import ElementPathError, XPath1Parser, XPathContext, XPathToken

from odbst_desktop.form_engine.errors import ExpressionError

REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_PREVIOUS = re.compile(r"previous\(\s*['\"](\w+)['\"]\s*\)")
_ROOT = ElementTree.Element("form")
_OWN = "own-value"


class OdkParser(XPath1Parser):
    """XPath 1 with ODK's functions."""


method, function = OdkParser.method, OdkParser.function


def _argument(token: XPathToken, context: XPathContext | None, index: int) -> Any:
    return token[index].evaluate(context)


def _variable(context: XPathContext | None, name: str) -> Any:
    return "" if context is None else context.variables.get(name, "")


@method(function("if", nargs=3))
def evaluate_if(self: XPathToken, context: XPathContext | None = None) -> Any:
    """Return the second or third argument."""
    return _argument(self, context, 1 if _argument(self, context, 0) else 2)


@method(function("selected", nargs=2))
def evaluate_selected(self: XPathToken, context: XPathContext | None = None) -> bool:
    """Return whether a choice is among those made."""
    return str(_argument(self, context, 1)) in str(_argument(self, context, 0)).split()


@method(function("count-selected", nargs=1))
def evaluate_count_selected(self: XPathToken, context: XPathContext | None = None) -> float:
    """Return how many choices were made."""
    return float(len(str(_argument(self, context, 0)).split()))


@method(function("count-words", nargs=1))
def evaluate_count_words(self: XPathToken, context: XPathContext | None = None) -> float:
    """Return how many words a text has."""
    return float(len(str(_argument(self, context, 0)).split()))


@method(function("coalesce", nargs=2))
def evaluate_coalesce(self: XPathToken, context: XPathContext | None = None) -> Any:
    """Return the first argument that is not blank."""
    first = _argument(self, context, 0)
    return _argument(self, context, 1) if first == "" else first


@method(function("regex", nargs=2))
def evaluate_regex(self: XPathToken, context: XPathContext | None = None) -> bool:
    """Return whether a whole text matches a pattern."""
    text, pattern = str(_argument(self, context, 0)), str(_argument(self, context, 1))
    return re.fullmatch(pattern, text) is not None


@method(function("sqrt", nargs=1))
def evaluate_sqrt(self: XPathToken, context: XPathContext | None = None) -> float:
    """Return a square root."""
    value = float(_argument(self, context, 0))
    return math.sqrt(value) if value >= 0 else math.nan


@method(function("date", nargs=1))
def evaluate_date(self: XPathToken, context: XPathContext | None = None) -> float:
    """Return the number of a day written 2026-11-24."""
    return day_number(str(_argument(self, context, 0)))


@method(function("today", nargs=0))
def evaluate_today(self: XPathToken, context: XPathContext | None = None) -> Any:
    """Return the number of today."""
    del self
    return _variable(context, "odk-today")


@method(function("previous", nargs=1))
def evaluate_previous(self: XPathToken, context: XPathContext | None = None) -> Any:
    """Return last time's answer to a question."""
    return _variable(context, f"previous-{_argument(self, context, 0)}")


def day_number(text: str) -> float:
    """Return the number of a day written ``2026-11-24``; raises ValueError for anything else."""
    return float(date.fromisoformat(text).toordinal())


@lru_cache(maxsize=4096)
def _parsed(expression: str) -> XPathToken:
    plain = REFERENCE.sub(r"$\1", expression)
    # A lone dot is the answer the expression belongs to.
    plain = re.sub(r"(?<![\w.$)\]'\"])\.(?![\w.])", f"${_OWN}", plain)
    try:
        return OdkParser().parse(plain)
    except ElementPathError as fault:
        raise ExpressionError(str(fault)) from fault


def check_expression(expression: str) -> frozenset[str]:
    """Return the names an expression refers to.

    Raises:
        ExpressionError: it cannot be read.

    """
    _parsed(expression)
    return references(expression)


@lru_cache(maxsize=4096)
def references(expression: str) -> frozenset[str]:
    """Return the names written as ``${name}``."""
    return frozenset(REFERENCE.findall(expression))


@lru_cache(maxsize=4096)
def _operands(expression: str) -> frozenset[str]:
    """Return the variables an expression needs; handing over all of them costs most of the time."""
    before = (f"previous-{name}" for name in _PREVIOUS.findall(expression))
    return references(expression) | frozenset(before)


def value_of(
    expression: str, variables: Mapping[str, Any], *, own: Any = "", today: date | None = None
) -> Any:
    """Return an expression's value, or None where a blank or odd operand leaves it without one."""
    known = {name: variables.get(name, "") for name in _operands(expression)}
    known[_OWN] = own
    if today is not None:
        known["odk-today"] = float(today.toordinal())
    try:
        value = _parsed(expression).evaluate(XPathContext(_ROOT, variables=known))
    except (ElementPathError, ValueError, TypeError, ArithmeticError):
        return None
    return None if isinstance(value, float) and math.isnan(value) else value


def holds(
    expression: str, variables: Mapping[str, Any], *, own: Any = "", today: date | None = None
) -> bool:
    """Say whether an expression is true; without a value it is not."""
    return bool(value_of(expression, variables, own=own, today=today))
