"""ODK's operators and functions over elementpath's tokens, compiled to plain calls.

elementpath reads an expression; what its tokens mean is ODK's and stands here, once. A token is
compiled to a *work*: a call with a scope and, inside a path, elementpath's context. What has no
meaning of its own here (a path through a list) is left to elementpath, whose tokens call back.
Asking elementpath for every value took some 20 µs each, most of it for a context nobody looks at.
"""

from __future__ import annotations

import re
from abc import ABCMeta
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

from elementpath import XPath1Parser, XPathContext, XPathToken, get_node_tree

from odbst_desktop.form_engine.odk_functions import ARITHMETIC, PLAIN_FUNCTIONS
from odbst_desktop.form_engine.odk_values import (
    Moment,
    compare,
    day_of,
    items_of,
    moment_of,
    number_of,
    text_of,
    truth_of,
)

NAME = r"[^\W\d][\w.\-]*"
_ROOT = ElementTree.Element("form")
_SCOPE = "odbst"
_WORK = "odbst_work"


@dataclass(slots=True)  # not frozen: one is made for each value, and a frozen one costs thrice
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


Work = Callable[[Scope, XPathContext | None], Any]
Maker = Callable[[XPathToken, tuple[Work, ...]], Work]
_MAKERS: dict[str, Maker] = {}


class OdkParser(XPath1Parser):
    """XPath 1 with ODK's operators and functions; a path may start at a function's list."""

    PATH_STEP_LABELS = ("axis", "kind test", "function")

    def parse(self, source: str) -> XPathToken:
        """Return the root of an expression, without elementpath's trial evaluation."""
        return super(XPath1Parser, self).parse(source)


def work_of(token: XPathToken) -> Work:
    """Return what a token does, compiled once."""
    known: Work | None = vars(token).get(_WORK)
    if known is None:
        known = _compiled(token)
        vars(token)[_WORK] = known
    return known


def _compiled(token: XPathToken) -> Work:
    maker = _MAKERS.get(token.symbol)
    if maker is not None:
        return maker(token, tuple(work_of(part) for part in token))
    if token.symbol in {"(string)", "(integer)", "(decimal)", "(float)"}:
        constant = _value(token.value)
        return lambda _scope, _context: constant
    if token.symbol == "(" and len(token) == 1:
        return work_of(token[0])
    return lambda scope, context: _value(token.evaluate(context or list_context(scope)))


def list_context(scope: Scope, item: Any = None) -> XPathContext:
    """Return elementpath's context for a scope, at an item of a list."""
    context = XPathContext(_ROOT, item=item)
    context.variables[_SCOPE] = scope  # type: ignore[assignment]  # our tokens look at nothing else
    return context


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


def _evaluate(token: XPathToken, context: XPathContext | None = None) -> Any:
    """Answer elementpath where one of our tokens stands inside a path of its own."""
    if context is None:  # elementpath evaluates nothing without one here
        raise ValueError
    scope: Scope = context.variables[_SCOPE]  # type: ignore[assignment]  # put there above
    return work_of(token)(scope, context)


# elementpath binds a method by its name.
_evaluate.__name__ = "evaluate_function"


def _operator(symbol: str, maker: Maker) -> None:
    """Give a symbol of XPath 1 our meaning, and leave elementpath's own parser as it is."""
    base = XPath1Parser.symbol_table[symbol]
    members = {"evaluate": _evaluate, "__module__": __name__, "__qualname__": base.__name__}
    OdkParser.symbol_table[symbol] = ABCMeta(base.__name__, (base,), members)
    _MAKERS[symbol] = maker


def _function(name: str, least: int, most: int | None, maker: Maker) -> None:
    OdkParser.symbol_table.pop(name, None)
    nargs = least if least == most else (least, most)
    OdkParser.method(OdkParser.function(name, nargs=nargs))(_evaluate)
    _MAKERS[name] = maker


def _compared(token: XPathToken, parts: tuple[Work, ...]) -> Work:
    sign, (left, right) = token.symbol, parts
    return lambda s, c: compare(sign, left(s, c), right(s, c), is_strict=s.is_strict)


def _reckoned(token: XPathToken, parts: tuple[Work, ...]) -> Work:
    if len(parts) == 1:
        only, sign = parts[0], -1 if token.symbol == "-" else 1
        return lambda s, c: sign * number_of(only(s, c))
    reckon, (left, right) = ARITHMETIC[token.symbol], parts
    return lambda s, c: reckon(number_of(left(s, c)), number_of(right(s, c)))


def _both(_token: XPathToken, parts: tuple[Work, ...]) -> Work:
    left, right = parts
    return lambda s, c: truth_of(left(s, c)) and truth_of(right(s, c))


def _either(_token: XPathToken, parts: tuple[Work, ...]) -> Work:
    left, right = parts
    return lambda s, c: truth_of(left(s, c)) or truth_of(right(s, c))


def _looked_up(token: XPathToken, _parts: tuple[Work, ...]) -> Work:
    name = _variable_name(token)
    return lambda s, _c: s.values.get(name, "")


def _variable_name(token: XPathToken) -> str:
    return str(token[0].value).removeprefix("q.")


def _if(_token: XPathToken, parts: tuple[Work, ...]) -> Work:
    question, then, otherwise = parts
    return lambda s, c: then(s, c) if truth_of(question(s, c)) else otherwise(s, c)


def _once(_token: XPathToken, parts: tuple[Work, ...]) -> Work:
    only = parts[0]
    return lambda s, c: s.own if text_of(s.own) != "" else only(s, c)


def _today_of(scope: Scope) -> Any:
    return "" if scope.today is None else day_of(scope.today)


def _now_of(scope: Scope) -> Any:
    if scope.now is not None:
        return moment_of(scope.now)
    return "" if scope.today is None else Moment(day_of(scope.today))


def _of_scope(ask: Callable[[Scope], Any]) -> Maker:
    return lambda _token, _parts: lambda s, _c: ask(s)


def _row_of(scope: Scope) -> float:
    if scope.row is None:
        raise ValueError
    return float(scope.row)


def _previous(_token: XPathToken, parts: tuple[Work, ...]) -> Work:
    name = parts[0]
    return lambda s, c: s.previous.get(text_of(name(s, c)), "")


def _choice_name(_token: XPathToken, parts: tuple[Work, ...]) -> Work:
    def work(scope: Scope, context: XPathContext | None) -> str:
        name, question = (text_of(part(scope, context)) for part in parts)
        return ", ".join(scope.label_of(question, part) for part in name.split())

    return work


def _indexed_repeat(token: XPathToken, parts: tuple[Work, ...]) -> Work:
    # indexed-repeat(${answer}, ${repeat}, number): the answer of one row.
    def work(scope: Scope, context: XPathContext | None) -> Any:
        if token[0].symbol != "$":
            raise ValueError
        column = scope.columns.get(_variable_name(token[0]), [])
        place = number_of(parts[2](scope, context))
        return column[int(place) - 1] if 1 <= place <= len(items_of(column)) else ""

    return work


def _pulldata(_token: XPathToken, parts: tuple[Work, ...]) -> Work:
    def work(scope: Scope, context: XPathContext | None) -> str:
        table, wanted, key, value = (text_of(part(scope, context)) for part in parts)
        rows = scope.tables.get(table.removesuffix(".csv"), ())
        return next((row.get(wanted, "") for row in rows if row.get(key) == value), "")

    return work


def _instance(_token: XPathToken, parts: tuple[Work, ...]) -> Work:
    name = parts[0]
    return lambda s, c: [list_tree(s.tables.get(text_of(name(s, c)), ()))]


def list_tree(rows: tuple[Mapping[str, str], ...]) -> Any:
    """Return the rows of a list as the nodes a path walks through: ``root/item/column``."""
    instance = ElementTree.Element("instance")
    root = ElementTree.SubElement(instance, "root")
    for row in rows:
        item = ElementTree.SubElement(root, "item")
        for column, text in row.items():
            if re.fullmatch(NAME, column):
                ElementTree.SubElement(item, column).text = text
    return get_node_tree(instance)


def _plain(work: Callable[..., Any]) -> Maker:
    return lambda _token, parts: lambda s, c: work(*[part(s, c) for part in parts])


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
    for name, count, maker in (
        ("if", 3, _if), ("once", 1, _once), ("today", 0, _of_scope(_today_of)),
        ("now", 0, _of_scope(_now_of)), ("previous", 1, _previous),
        ("own-value", 0, _of_scope(lambda scope: scope.own)),
        ("row-number", 0, _of_scope(_row_of)), ("choice-name", 2, _choice_name),
        ("indexed-repeat", 3, _indexed_repeat), ("pulldata", 4, _pulldata),
        ("instance", 1, _instance),
    ):  # fmt: skip
        _function(name, count, count, maker)


_register()
OdkParser.tokenizer = OdkParser.create_tokenizer(OdkParser.symbol_table)
