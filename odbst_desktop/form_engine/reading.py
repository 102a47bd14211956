"""Read a form's definition from YAML or JSON; every fault is named with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

import yaml

from odbst_desktop.files import read_whole
from odbst_desktop.form_engine.definition import (
    QUESTION_TYPES,
    Choice,
    Form,
    Group,
    Item,
    Question,
    Repeat,
    Rule,
    Severity,
)
from odbst_desktop.form_engine.errors import ExpressionError, FormDefinitionError
from odbst_desktop.form_engine.expressions import check_expression
from odbst_desktop.shipped import shipped_file

OPERATORS = ("=", "!=", "<", "<=", ">", ">=")
MOST_FORM_BYTES = 2_000_000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_EXPRESSIONS = ("required", "relevant", "constraint", "calculation")
_COLUMNS = frozenset(
    {"type", "name", "label", "hint", "required_message", "constraint_message", "default",
     "appearance", *_EXPRESSIONS}
)  # fmt: skip
_MEMBERS = frozenset({"form_id", "version", "title", "settings", "choices", "survey", "rules"})
_OURS = "odbst:"


@cache
def shipped_form(name: str) -> Form:
    """Return a form that ships with the program, named within ``forms/`` without its ending."""
    return load_form(shipped_file(f"forms/{name}.yaml"))


def load_form(path: Path) -> Form:
    """Read a form from a YAML file.

    Raises:
        FormDefinitionError: it is no form, or a faulty one.
        FileReadError: the file cannot be read.

    """
    data = read_whole(path, at_most_bytes=MOST_FORM_BYTES)
    if len(data) > MOST_FORM_BYTES:
        raise FormDefinitionError(path.name, ("it is larger than 2 MB",))
    try:
        content = yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as fault:
        raise FormDefinitionError(
            path.name, (f"it is not YAML ({type(fault).__name__})",)
        ) from fault
    return form_from(content, path.name)


def form_from(content: Any, origin: str) -> Form:
    """Return the form of a definition as plain values; raises FormDefinitionError."""
    return _Reader(content, origin).form()


class _Reader:
    """Collects faults while it reads, so that all are told at once."""

    def __init__(self, content: Any, origin: str) -> None:
        if not isinstance(content, dict) or not set(content) <= _MEMBERS:
            raise FormDefinitionError(origin, ("it does not have a form's members",))
        self._content: dict[str, Any] = content
        self._origin = origin
        self._faults: list[str] = []
        self._names: set[str] = set()
        self._lists: dict[str, tuple[Choice, ...]] = {}

    def form(self) -> Form:
        try:
            return self._form()
        except FormDefinitionError:
            raise
        except (KeyError, TypeError, AttributeError, ValueError) as fault:
            raise FormDefinitionError(
                self._origin, (*self._faults, f"a part has the wrong shape ({fault})")
            ) from fault

    def _form(self) -> Form:
        content = self._content
        self._lists = {name: self._choices(name, rows) for name, rows in
                       content.get("choices", {}).items()}  # fmt: skip
        rows = list(enumerate(content.get("survey", []), start=1))
        items = self._items(rows, None)
        if rows:
            self._faults.append(f"row {rows[0][0]}: an end without a beginning")
        rules = tuple(self._rule(row) for row in content.get("rules", []))
        for member in ("form_id", "version", "title"):
            if not isinstance(content.get(member), str) or not content[member]:
                self._faults.append(f"{member} has to be text")
        self._check_references(items, rules)
        if self._faults:
            raise FormDefinitionError(self._origin, tuple(self._faults))
        raw = json.loads(json.dumps(content))
        return Form(
            content["form_id"], content["version"], content["title"],
            dict(content.get("settings", {})), items, rules, raw,
        )  # fmt: skip

    def _choices(self, name: str, rows: list[dict[str, Any]]) -> tuple[Choice, ...]:
        for row in rows:
            if not isinstance(row["name"], str) or " " in row["name"]:
                self._faults.append(
                    f"choices {name}: “{row['name']}” has to be text without spaces: put quotes"
                )
        return tuple(Choice(str(row["name"]), str(row["label"])) for row in rows)

    def _items(
        self, rows: list[tuple[int, dict[str, Any]]], inside: str | None
    ) -> tuple[Item, ...]:
        items: list[Item] = []
        while rows:
            number, row = rows[0]
            kind = str(row.get("type", ""))
            if kind.startswith("end_"):
                if inside is None:
                    break
                rows.pop(0)
                if kind != f"end_{inside}":
                    self._faults.append(f"row {number}: {kind} closes a {inside}")
                return tuple(items)
            rows.pop(0)
            items.append(
                self._container(rows, number, row, kind)
                if kind in {"begin_group", "begin_repeat"}
                else self._question(number, row, kind)
            )
        if inside is not None:
            self._faults.append(f"a {inside} is not closed")
        return tuple(items)

    def _container(
        self, rows: list[tuple[int, dict[str, Any]]], number: int, row: dict[str, Any], kind: str
    ) -> Item:
        self._check_row(number, row)
        inner = self._items(rows, kind.removeprefix("begin_"))
        parts = (row["name"], str(row.get("label", "")), str(row.get("hint", "")),
                 str(row.get("relevant", "")))  # fmt: skip
        if kind == "begin_group":
            return Group(*parts, inner)
        if any(not isinstance(item, Question) for item in inner):
            self._faults.append(f"row {number}: a repeat holds questions only")
        return Repeat(*parts, tuple(i for i in inner if isinstance(i, Question)))

    def _question(self, number: int, row: dict[str, Any], kind: str) -> Question:
        self._check_row(number, row)
        kind, _, list_name = kind.partition(" ")
        if kind not in QUESTION_TYPES:
            self._faults.append(f"row {number}: “{kind}” is not a type of question")
        if kind.startswith("select") and list_name not in self._lists:
            self._faults.append(f"row {number}: there is no list “{list_name}”")
        texts = {column: _text(row.get(column, "")) for column in _COLUMNS - {"type", "name"}}
        if texts["required"] in {"yes", "true"}:
            texts["required"] = "true()"
        for column in _EXPRESSIONS:
            self._check(texts[column], f"row {number}, {column}")
        extras = {k.removeprefix(_OURS): v for k, v in row.items() if k.startswith(_OURS)}
        return Question(
            name=row["name"], type=kind, choices=self._lists.get(list_name, ()),
            list_name=list_name, extras=extras, **texts,
        )  # fmt: skip

    def _check_row(self, number: int, row: dict[str, Any]) -> None:
        name = row.get("name")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            self._faults.append(f"row {number}: “{name}” is not a name (small letters, digits, _)")
        elif name in self._names:
            self._faults.append(f"row {number}: the name “{name}” is used twice")
        self._names.add(str(name))
        for column in row:
            if column not in _COLUMNS and not column.startswith(_OURS):
                self._faults.append(f"row {number}: there is no column “{column}”")

    def _rule(self, row: Mapping[str, Any]) -> Rule:
        place = f"rule {row.get('id')}"
        if row["operator"] not in OPERATORS:
            self._faults.append(f"{place}: “{row['operator']}” is not a comparison")
        if row["severity"] not in get_args(Severity):
            self._faults.append(f"{place}: “{row['severity']}” is not a severity")
        for part in ("left", "right", "when"):
            self._check(_text(row.get(part, "")), place)
        return Rule(
            str(row["id"]), _text(row["left"]), row["operator"], _text(row["right"]),
            cast("Severity", row["severity"]), str(row["message"]), _text(row.get("when", "")),
        )  # fmt: skip

    def _check(self, expression: str, place: str) -> None:
        if expression:
            try:
                check_expression(expression)
            except ExpressionError as fault:
                self._faults.append(f"{place}: {fault}")

    def _check_references(self, items: tuple[Item, ...], rules: tuple[Rule, ...]) -> None:
        texts = [(f"rule {r.id}", t) for r in rules for t in (r.left, r.right, r.when)]
        stack: list[Item] = list(items)
        while stack:
            item = stack.pop()
            texts.append((item.name, item.relevant))
            if isinstance(item, Question):
                texts += [(item.name, getattr(item, column)) for column in _EXPRESSIONS]
            else:
                stack += item.items
        for place, expression in texts:
            for name in check_references(expression) - self._names:
                self._faults.append(f"{place}: there is no question “{name}”")


def check_references(expression: str) -> frozenset[str]:
    """Return the names an expression refers to; none if it cannot be read."""
    try:
        return check_expression(expression) if expression else frozenset()
    except ExpressionError:
        return frozenset()


def _text(value: Any) -> str:
    if value is True:
        return "true()"
    return "" if value is None or value is False else str(value)
