"""The questions of a term's themes, added to the form of the next return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.reading import form_from
from odbst_desktop.school.calendar import TERMS
from odbst_desktop.trust.terms import TermOf
from odbst_desktop.trust.theme_rules import theme_rule
from odbst_desktop.trust.themes import ChosenTheme

_GROUP = "theme_asked_"
_LIST = "theme_answer"
_CHOICES = [
    {"name": "yes", "label": "Yes"},
    {"name": "partly", "label": "Partly"},
    {"name": "no", "label": "No"},
]


def with_theme_questions(form: Form, chosen: Sequence[ChosenTheme], term: TermOf) -> Form:
    """Return the return's form with the questions of a term's themes, as a version of its own.

    Questions of an earlier term's themes go; everything else stays as it is, so that figures
    compare.
    """
    content: dict[str, Any] = dict(form.raw)
    survey = _without_earlier(content["survey"])
    for each in chosen:
        survey += _asked(each)
    choices = {name: rows for name, rows in content.get("choices", {}).items() if name != _LIST}
    base = ".".join(form.version.split(".")[:2])
    number = f"{int(term.year[:4]) % 100 + 1}{TERMS.index(term.term) + 1}"
    version = f"{base}.{number}"
    if form.version.startswith(version):  # the pack of this term is made anew
        again = form.version.removeprefix(version).strip(".")
        version = f"{version}.{int(again or 1) + 1}"
    made = {**content, "survey": survey, "choices": {**choices, _LIST: _CHOICES},
            "version": version}  # fmt: skip
    return form_from(made, f"{form.title}, version {version}")


def _without_earlier(survey: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    inside = False
    for row in survey:
        inside = inside or str(row.get("name", "")).startswith(_GROUP)
        if not inside:
            kept.append(row)
        if row.get("type") in {"end_group", "end group"}:
            inside = False
    return kept


def _asked(each: ChosenTheme) -> list[dict[str, Any]]:
    """Return a group of questions: one to answer by a key, one in words."""
    rule = theme_rule(each.theme.id)
    if rule is None:
        return []
    name = f"{_GROUP}{each.theme.id}"
    closed, open_ended = rule.questions
    return [
        {"type": "begin_group", "name": name, "label": f"The trust’s theme: {each.theme.title}",
         "hint": each.reason},
        {"type": f"select_one {_LIST}", "name": f"theme_{each.theme.id}_state", "label": closed,
         "appearance": "likert", "odbst:core": "optional"},
        {"type": "text", "name": f"theme_{each.theme.id}_words", "label": open_ended,
         "hint": "A few sentences. No child’s name.", "appearance": "multiline",
         "constraint": "count-words(.) <= 200",
         "constraint_message": "This is longer than 200 words. Shorten it.",
         "odbst:core": "optional"},
        {"type": "end_group", "name": name},
    ]  # fmt: skip
