"""Turns the rows of a survey into questions, groups and repeats."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from odbst_desktop.form_engine.columns import (
    KNOWN_APPEARANCES,
    LEFT_OUT_TYPES,
    OURS,
    STAMP_TYPES,
    SURVEY,
    UNSUPPORTED_COLUMNS,
    UNSUPPORTED_TYPES,
    TypeCell,
    read_parameters,
    read_type,
    translated,
)
from odbst_desktop.form_engine.definition import (
    OTHER,
    QUESTION_TYPES,
    Choice,
    Group,
    Item,
    Question,
    Repeat,
)
from odbst_desktop.form_engine.origin import Findings

_NAME = re.compile(r"[^\W\d][\w.\-]{0,127}")
_LEFT_OUT = "left_out"
"""What a trust writes as `odbst:core` of a question or a section that it does not ask."""

_TRUE, _FALSE = frozenset({"yes", "true", "true()"}), frozenset({"no", "false", "false()", ""})
_BARE = frozenset({"note", "calculate"})
_TEXT_COLUMNS = ("label", "hint", "guidance_hint", "required_message", "constraint_message",
                 "default", "appearance")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the survey that was read: its number, its cells, the meaning of its type."""

    number: int
    cells: Mapping[str, Any]
    translations: Mapping[str, Mapping[str, str]]
    type: TypeCell

    def text(self, column: str) -> str:
        """Return a cell as text."""
        return cell_text(self.cells.get(column))

    @property
    def name(self) -> str:
        """Return the name of what the row defines."""
        return self.text("name").strip()


class SurveyRows:
    """Reads rows into items; ``places`` says in which rows each name stands."""

    def __init__(
        self, findings: Findings, lists: Mapping[str, tuple[Choice, ...]], language: str
    ) -> None:
        self._findings, self._lists, self._language = findings, lists, language
        self.places: dict[str, list[int]] = {}
        self._rows: list[Row] = []
        self._at = 0

    def items(self, survey: list[Mapping[str, Any]]) -> tuple[Item, ...]:
        """Return what the rows of a survey define."""
        for number, content in enumerate(survey, start=1):
            read = translated(content, self._language)
            if cell_text(read.row.get("disabled")).lower() in _TRUE:
                continue
            type_text = cell_text(read.row.get("type"))
            row = Row(number, read.row, read.translations, read_type(type_text))
            if not type_text:
                self._findings.wrong("a question with no type", number, "type")
                continue
            self._rows.append(row)
        items = self._inside("")
        while self._at < len(self._rows):
            row = self._rows[self._at]
            self._findings.wrong("an end without a beginning", row.number, "type")
            self._at += 1
            items = (*items, *self._inside(""))
        return items

    def _inside(self, what: str, begun: int = 0) -> tuple[Item, ...]:
        items: list[Item] = []
        while self._at < len(self._rows):
            row = self._rows[self._at]
            if row.type.kind.startswith("end_"):
                if not what:
                    return tuple(items)
                self._at += 1
                if row.type.kind != f"end_{what}":
                    self._findings.wrong(f"{row.type.kind} closes a {what}", row.number, "type")
                return tuple(items)
            self._at += 1
            items += self._item(row)
        if what:
            self._findings.wrong(f"a {what} is not closed", begun, "type")
        return tuple(items)

    def _item(self, row: Row) -> list[Item]:
        kind = row.type.kind
        if kind == "begin_loop":
            self._findings.not_supported("a loop is not supported", row.number, "type")
            kind = "begin_group"
        if kind in {"begin_group", "begin_repeat"}:
            self._check(row)
            return [self._container(row, kind.removeprefix("begin_"))]
        if kind in LEFT_OUT_TYPES or kind.startswith("uri:"):
            words = f"“{kind}” is left out: what ODK notes of a device is not recorded here"
            self._findings.notice(words, row.number, "type")
            return []
        if kind in STAMP_TYPES or kind == "hidden":
            return [self._stamp(row)]
        if kind in UNSUPPORTED_TYPES:
            words = f"“{kind}”, {UNSUPPORTED_TYPES[kind]}, is not supported"
            self._findings.not_supported(words, row.number, "type")
            return [self._placeholder(row, kind)]
        return self._question(row)

    def _container(self, row: Row, what: str) -> Item:
        inner = self._inside("loop" if row.type.kind == "begin_loop" else what, row.number)
        relevant = self._findings.expression(row.text("relevant"), row.number, "relevant")
        if row.cells.get(f"{OURS}core") == _LEFT_OUT:
            relevant = "false()"
        parts = (row.name, row.text("label"), row.text("hint"), relevant)
        if what == "group":
            appearance = row.text("appearance")
            items = _side_by_side(inner) if "table-list" in appearance.split() else inner
            return Group(*parts, items, appearance)
        count = self._findings.expression(row.text("repeat_count"), row.number, "repeat_count")
        if any(isinstance(item, Repeat) for item in _every(inner)):
            words = "a repeat within a repeat is not supported"
            self._findings.not_supported(words, row.number, "type")
        return Repeat(*parts, _flat(inner), count)

    def _stamp(self, row: Row) -> Question:
        self._check(row)
        calculation = STAMP_TYPES.get(row.type.kind) or row.text("calculation")
        if not calculation and row.text("default"):
            calculation = _literal(row.text("default"))
        text = self._findings.expression(calculation, row.number, "calculation")
        return Question(row.name, "calculate", row.text("label"), calculation=text)

    def _placeholder(self, row: Row, kind: str) -> Question:
        self._check(row)
        label = f"{row.text('label') or row.name} ({UNSUPPORTED_TYPES[kind]}: not supported)"
        return Question(row.name, "note", label, extras={"unsupported": kind})

    def _question(self, row: Row) -> list[Item]:
        kind, parameters = row.type.kind, read_parameters(row.text("parameters"))
        if kind == "image":
            kind, parameters = "file", {**parameters, "accept": "image"}
        if kind not in QUESTION_TYPES:
            words = f"“{row.text('type')}” is not a type of question"
            self._findings.wrong(words, row.number, "type")
            kind = "note"
        self._check(row)
        self._check_words(row, kind)
        choices = self._choices(row, kind)
        if row.type.has_other:
            choices = (*choices, Choice(OTHER, "Other"))
        extras = {
            column.removeprefix(OURS): True if value == "true()" else value
            for column, value in row.cells.items()
            if column.startswith(OURS)
        }
        expressions = {
            column: self._findings.expression(_truth(row.text(column)), row.number, column)
            for column in ("required", "relevant", "constraint", "calculation", "choice_filter")
        }
        if extras.get("core") == _LEFT_OUT:
            expressions["relevant"] = "false()"
        question = Question(
            name=row.name, type=kind, choices=choices, list_name=row.type.list_name,
            extras=extras, parameters=parameters, translations=row.translations,
            is_read_only=row.text("read_only").lower() in _TRUE,
            **expressions, **{column: row.text(column) for column in _TEXT_COLUMNS},
        )  # fmt: skip
        if kind == "range":
            self._check_range(row, parameters)
        if kind == "calculate" and not question.calculation and not question.default:
            self._findings.wrong("a calculate without a calculation", row.number, "calculation")
        return [question, *self._other(row, question)]

    def _other(self, row: Row, question: Question) -> list[Question]:
        if not row.type.has_other:
            return []
        if question.choice_filter:
            words = "or_other and choice_filter do not go together"
            self._findings.wrong(words, row.number, "choice_filter")
        name = f"{row.name}_{OTHER}"
        self._take_name(name, row.number)
        relevant = f"selected(${{{row.name}}}, '{OTHER}')"
        if question.relevant:
            relevant = f"({question.relevant}) and {relevant}"
        return [Question(name, "text", "Specify other.", relevant=relevant)]

    def _choices(self, row: Row, kind: str) -> tuple[Choice, ...]:
        name = row.type.list_name
        if kind not in {"select_one", "select_multiple", "rank"}:
            return ()
        if name.startswith("${"):
            words = "choices from the rows of a repeat are not supported"
            self._findings.not_supported(words, row.number, "type")
        elif name.startswith("file ") and name not in self._lists:
            words = f"the file “{row.type.file}” does not lie beside the form, or is no CSV file"
            self._findings.not_supported(words, row.number, "type")
        elif name not in self._lists:
            self._findings.wrong(f"there is no list “{name}”", row.number, "type")
        choices = self._lists.get(name, ())
        if kind != "select_one":
            for choice in choices:
                if " " in choice.name:
                    words = f"the choice “{choice.name}” has a space: several cannot be kept apart"
                    self._findings.wrong(words, row.number, "type")
        return choices

    def _check(self, row: Row) -> None:
        if not row.name and row.type.kind == "note":
            # As pyxform does: a note needs no name of its own.
            row.cells["name"] = f"generated_note_name_{row.number}"  # type: ignore[index]
        if not _NAME.fullmatch(row.name):
            words = f"“{row.name}” is not a name (a letter first, then letters, digits, _, -, .)"
            self._findings.wrong(words, row.number, "name")
        self._take_name(row.name, row.number)
        for column, value in row.cells.items():
            if column in SURVEY or column.startswith(OURS) or value in (None, ""):
                continue
            if column in UNSUPPORTED_COLUMNS:
                words = f"{UNSUPPORTED_COLUMNS[column]} is not supported"
                self._findings.not_supported(words, row.number, column)
            elif self._findings.origin.is_workbook:
                continue  # extra columns of a workbook are its writer's own
            else:
                self._findings.wrong(f"there is no column “{column}”", row.number)
        self._check_appearance(row)
        if "${last-saved#" in row.text("default"):
            words = "“last-saved” is not supported; use previous('name')"
            self._findings.not_supported(words, row.number, "default")

    def _take_name(self, name: str, number: int) -> None:
        if name and name in self.places:
            words = f"the name “{name}” is used twice (first in row {self._row(name)})"
            self._findings.wrong(words, number, "name")
        self.places.setdefault(name, []).append(number)

    def _row(self, name: str) -> int:
        return self._findings.origin.fault("", self.places[name][0]).row

    def _check_words(self, row: Row, kind: str) -> None:
        if kind == "calculate" or row.text("label") or row.text("hint"):
            return
        if row.text("guidance_hint") and kind not in _BARE:
            return
        if not any(row.text(column) for column in UNSUPPORTED_COLUMNS):
            self._findings.wrong("it has neither a label nor a hint", row.number, "label")

    def _check_appearance(self, row: Row) -> None:
        appearance = row.text("appearance")
        if re.match(r"ex:|intent", appearance):
            self._findings.not_supported("an external app is not supported", row.number,
                                         "appearance")  # fmt: skip
            return
        for word in appearance.split():
            if word not in KNOWN_APPEARANCES:
                self._findings.notice(f"the appearance “{word}” has no effect here", row.number,
                                      "appearance")  # fmt: skip

    def _check_range(self, row: Row, parameters: Mapping[str, str]) -> None:
        try:
            numbers = [float(parameters[key]) for key in ("start", "end", "step")
                       if key in parameters]  # fmt: skip
        except ValueError:
            numbers = [float("nan")]
        if any(number != number for number in numbers) or parameters.get("step") == "0":  # noqa: PLR0124
            words = "a range needs numbers for start, end and step"
            self._findings.wrong(words, row.number, "parameters")


def cell_text(value: Any) -> str:
    """Return a cell as text: a whole number without its point, a truth as ODK writes it."""
    if value is True:
        return "true()"
    if value is None or value is False:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _truth(text: str) -> str:
    lowered = text.lower()
    return "true()" if lowered in _TRUE else "" if lowered in _FALSE else text


def _literal(text: str) -> str:
    return f"'{text}'" if "'" not in text else f'"{text}"'


def _side_by_side(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return a table-list's questions with their choices side by side, one under the other."""
    return tuple(
        replace(item, appearance=f"{item.appearance} horizontal".strip())
        if isinstance(item, Question) and item.type == "select_one" else item
        for item in items
    )  # fmt: skip


def _every(items: tuple[Item, ...]) -> list[Item]:
    found: list[Item] = []
    for item in items:
        found += [item, *(_every(item.items) if isinstance(item, Group) else ())]
    return found


def _flat(items: tuple[Item, ...], relevant: str = "", heading: str = "") -> tuple[Question, ...]:
    """Return the questions of a repeat in one row; a group's relevance goes over to them."""
    found: list[Question] = []
    for item in items:
        both = " and ".join(f"({text})" for text in (relevant, item.relevant) if text)
        if isinstance(item, Group):
            found += _flat(item.items, both, item.label)
        elif isinstance(item, Question):
            found.append(replace(item, relevant=both if relevant else item.relevant,
                                 heading=heading))  # fmt: skip
            heading = ""
    return tuple(found)
