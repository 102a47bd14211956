"""Read a form's definition from YAML, a workbook or plain values; every fault has its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

import yaml

from odbst_desktop.files import read_whole
from odbst_desktop.form_engine.columns import SURVEY, TRANSLATED, plain_rows, translated
from odbst_desktop.form_engine.csv_tables import tables_beside
from odbst_desktop.form_engine.definition import Change, Choice, Form, Rule, Severity
from odbst_desktop.form_engine.definition_checks import check_form
from odbst_desktop.form_engine.errors import Fault, FormDefinitionError
from odbst_desktop.form_engine.origin import Findings, Origin
from odbst_desktop.form_engine.survey_rows import SurveyRows, cell_text
from odbst_desktop.shipped import shipped_file

OPERATORS = ("=", "!=", "<", "<=", ">", ">=")
CHANGE_KINDS = ("renamed", "split", "merged", "retired", "redefined")
MOST_FORM_BYTES = 2_000_000
MOST_ROWS = 10_000
_MEMBERS = frozenset(
    {"form_id", "version", "title", "settings", "choices", "survey", "rules", "changes", "tables"}
)


@dataclass(frozen=True, slots=True)
class FormReading:
    """A definition as it was read: ``form`` is there, as a preview, unless something is faulty."""

    origin: str
    form: Form | None
    faults: tuple[Fault, ...]
    unsupported: tuple[Fault, ...]
    notices: tuple[Fault, ...]

    @property
    def is_usable(self) -> bool:
        """Say whether the form can be filled in."""
        return self.form is not None and not self.unsupported


@cache
def shipped_form(name: str) -> Form:
    """Return a form that ships with the program, named within ``forms/`` without its ending."""
    return load_form(shipped_file(f"forms/{name}.yaml"))


@cache
def shipped_forms() -> tuple[Form, ...]:
    """Return every form that ships with the program; other data beside them are left out."""
    found = []
    for path in sorted(shipped_file("forms").rglob("*.yaml")):
        data = read_whole(path, at_most_bytes=MOST_FORM_BYTES)
        if b"form_id:" in data and b"survey:" in data:
            name = path.relative_to(shipped_file("forms")).with_suffix("").as_posix()
            found.append(shipped_form(name))
    return tuple(found)


def load_form(path: Path) -> Form:
    """Read a form from a YAML file or a workbook.

    Raises:
        FormDefinitionError: it is no form, a faulty one, or one with parts that are not supported.
        FileReadError: the file cannot be read.

    """
    return _usable(read_form(path))


def read_form(path: Path) -> FormReading:
    """Read a form with everything that is to be said of it.

    Raises:
        FormDefinitionError: the file holds no form at all.
        FileReadError: the file cannot be read.

    """
    if path.suffix.lower() in {".xlsx", ".xlsm", ".xls", ".ods", ".csv"}:
        from odbst_desktop.form_engine.workbook import read_workbook  # noqa: PLC0415 - when needed

        content, findings = read_workbook(path)
        return _reading(content, findings)
    data = read_whole(path, at_most_bytes=MOST_FORM_BYTES)
    if len(data) > MOST_FORM_BYTES:
        raise FormDefinitionError(path.name, ("it is larger than 2 MB",))
    return _reading(_yaml(data, path.name), Findings(Origin(path.name, path.parent)))


def form_from(content: Any, origin: str) -> Form:
    """Return the form of a definition as plain values; raises FormDefinitionError."""
    return _usable(reading_of(content, origin))


def reading_of(content: Any, origin: str) -> FormReading:
    """Return the reading of a definition as plain values; raises FormDefinitionError."""
    return _reading(content, Findings(Origin(origin)))


def _usable(reading: FormReading) -> Form:
    wrong = (*reading.faults, *reading.unsupported)
    if reading.form is None or wrong:
        raise FormDefinitionError(reading.origin, tuple(fault.words for fault in wrong))
    return reading.form


def _yaml(data: bytes, origin: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        # An alias may stand for a value that grows a thousandfold when it is written out.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(data, Loader=loader)):
            raise FormDefinitionError(origin, ("it uses YAML's aliases (*name): write it out",))
        return yaml.load(data, Loader=loader)  # noqa: S506 - a safe loader, written in C
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as fault:
        raise FormDefinitionError(origin, (f"it is not YAML ({type(fault).__name__})",)) from fault


def _reading(content: Any, findings: Findings) -> FormReading:
    if not isinstance(content, dict) or not set(content) <= _MEMBERS:
        raise FormDefinitionError(findings.origin.name, ("it does not have a form's members",))
    try:
        form = _Reader(content, findings).form()
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as fault:
        words = f"a part has the wrong shape ({fault})"
        findings.faults.append(Fault(words))
        form = None
    return FormReading(
        findings.origin.name, None if findings.faults else form, tuple(findings.faults),
        tuple(findings.unsupported), tuple(findings.notices),
    )  # fmt: skip


class _Reader:
    """Collects faults while it reads, so that all are told at once."""

    def __init__(self, content: dict[str, Any], findings: Findings) -> None:
        self._content, self._findings = content, findings
        settings = content.get("settings") or {}
        self._language = str(settings.get("default_language", ""))

    def form(self) -> Form:
        content = self._content
        survey = content.get("survey") or []
        if len(survey) > MOST_ROWS:
            raise ValueError(f"{len(survey):,} rows; a form has at most {MOST_ROWS:,}")
        tables = tables_beside(content, self._findings)
        lists = {name: self._choices(name, rows) for name, rows in
                 (content.get("choices") or {}).items()}  # fmt: skip
        lists |= {f"file {name}.csv": self._file_list(rows) for name, rows in tables.items()}
        reader = SurveyRows(self._findings, lists, self._language)
        items = reader.items(survey)
        rules = tuple(
            self._rule(number, row) for number, row in enumerate(content.get("rules") or [], 1)
        )
        changes = tuple(
            self._change(number, row) for number, row in enumerate(content.get("changes") or [], 1)
        )
        for member in ("form_id", "version", "title"):
            if not isinstance(content.get(member), str) or not content[member]:
                self._findings.faults.append(Fault(f"{member} has to be text"))
        if self._findings.origin.is_workbook:
            lists_raw = {name: plain_rows(rows, None) for name, rows in content["choices"].items()}
            content = {**content, "survey": plain_rows(survey, SURVEY), "choices": lists_raw}
        raw = json.loads(json.dumps({**content, **({"tables": tables} if tables else {})}))
        form = Form(
            str(content.get("form_id")), str(content.get("version")), str(content.get("title")),
            dict(content.get("settings") or {}), items, rules, raw, changes,
            {**self._as_tables(lists), **tables},
        )  # fmt: skip
        check_form(form, reader.places, self._findings)
        return form

    @staticmethod
    def _as_tables(
        lists: Mapping[str, tuple[Choice, ...]],
    ) -> dict[str, tuple[Mapping[str, str], ...]]:
        return {
            name: tuple({**c.columns, "name": c.name, "label": c.label} for c in choices)
            for name, choices in lists.items()
            if any(choice.columns for choice in choices) or not name.startswith("file ")
        }

    def _choices(self, name: str, rows: list[dict[str, Any]]) -> tuple[Choice, ...]:
        found: list[Choice] = []
        seen: set[str] = set()
        sheet = f"choices/{name}"
        for number, content in enumerate(rows, start=1):
            read = translated(content, self._language)
            value = read.row["name"]
            if not isinstance(value, str) and not self._findings.origin.is_workbook:
                words = f"{name}: “{value}” has to be text without spaces: put quotes"
                self._findings.wrong(words, number, "name", sheet)
            text = cell_text(value)
            if not text:
                self._findings.wrong(f"{name}: a choice without a name", number, "name", sheet)
            elif text in seen and not self._allows_duplicates():
                words = f"{name}: the choice “{text}” is there twice"
                self._findings.wrong(words, number, "name", sheet)
            seen.add(text)
            columns = {
                column: cell_text(cell) for column, cell in read.row.items()
                if column not in {"name", "list_name", *TRANSLATED}
            }  # fmt: skip
            label = cell_text(read.row.get("label")) or text
            found.append(Choice(text, label, columns, read.translations))
        return tuple(found)

    def _allows_duplicates(self) -> bool:
        settings = self._content.get("settings") or {}
        return cell_text(settings.get("allow_choice_duplicates")).lower() in {"yes", "true()"}

    @staticmethod
    def _file_list(rows: tuple[Mapping[str, str], ...]) -> tuple[Choice, ...]:
        return tuple(
            Choice(row["name"], row.get("label", row["name"]),
                   {c: v for c, v in row.items() if c not in {"name", "label"}})
            for row in rows if row.get("name")
        )  # fmt: skip

    def _rule(self, number: int, row: Mapping[str, Any]) -> Rule:
        place = f"rule {row.get('id')}"
        if row["operator"] not in OPERATORS:
            words = f"{place}: “{row['operator']}” is not a comparison"
            self._findings.wrong(words, number, "operator", "rules")
        if row["severity"] not in get_args(Severity):
            words = f"{place}: “{row['severity']}” is not a severity"
            self._findings.wrong(words, number, "severity", "rules")
        left, right, when = (
            self._findings.expression(cell_text(row.get(part, "")), number, part, "rules")
            for part in ("left", "right", "when")
        )
        return Rule(
            str(row["id"]), left, row["operator"], right, cast("Severity", row["severity"]),
            str(row["message"]), when,
        )  # fmt: skip

    def _change(self, number: int, row: Mapping[str, Any]) -> Change:
        kind = str(row["kind"])
        if kind not in CHANGE_KINDS:
            words = f"“{kind}” is not a kind of change ({', '.join(CHANGE_KINDS)})"
            self._findings.wrong(words, number, "kind", "changes")
        old, new = _names(row.get("from")), _names(row.get("to"))
        if not _fits(kind, old, new):
            words = f"a {kind} question does not go from {len(old)} to {len(new)} names"
            self._findings.wrong(words, number, "from", "changes")
        return Change(cell_text(row["since"]), kind, old, new, cell_text(row.get("note")))


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(str(name) for name in value)
    return tuple(cell_text(value).replace(",", " ").split())


def _fits(kind: str, old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    if kind == "split":
        return len(old) == 1 and len(new) > 1
    if kind == "merged":
        return len(old) > 1 and len(new) == 1
    if kind == "renamed":
        return len(old) == 1 and len(new) == 1
    return len(old) == 1 and not new
