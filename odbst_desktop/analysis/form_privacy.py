"""The privacy check of a form's answers: what may identify somebody has to go, or be explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from odbst_desktop.analysis.privacy import find_identifiers
from odbst_desktop.form_engine.answers import Problem
from odbst_desktop.form_engine.definition import Form


def privacy_problems(
    form: Form,
    answers: Mapping[str, Any],
    known_names: Iterable[str],
    names_of_adults: frozenset[str] = frozenset(),
) -> tuple[Problem, ...]:
    """Return a warning for each text that may identify a child; its rule is ``privacy.FIELD``.

    A warning has to be explained before the form is signed, and the explanation travels with it:
    so a person decides, and says why. ``known_names`` are adults of the school;
    ``names_of_adults`` are the questions that ask for an adult's name.
    """
    names = tuple(known_names)
    found = []
    for field, label, text in _texts(form, answers, names_of_adults):
        identifiers = find_identifiers(text, names)
        if identifiers:
            first = identifiers[0]
            message = (
                f"{label}: “{first.words}” {first.why}. Take it out, or say why it may stand here."
            )
            found.append(Problem(field, None, "warning", f"privacy.{field}", message))
    return tuple(found)


def _texts(
    form: Form, answers: Mapping[str, Any], names_of_adults: frozenset[str]
) -> Iterator[tuple[str, str, str]]:
    for question in form.questions():
        value = answers.get(question.name)
        is_asked = question.type == "text" and question.name not in names_of_adults
        if is_asked and isinstance(value, str):
            yield question.name, question.label, value
    for repeat in form.repeats():
        rows = answers.get(repeat.name) or []
        text = ". ".join(v for row in rows for v in row.values() if isinstance(v, str))
        yield repeat.name, repeat.label, text
