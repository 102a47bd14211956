"""A figure that somebody typed over what was counted: they say why, and the reason travels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from odbst_desktop.form_engine.answers import Problem
from odbst_desktop.form_engine.definition import Form

CHANGED = "changed:"
"""Before a question's name: the rule under which the reason travels among the explanations."""


def changed_problems(
    form: Form,
    answers: Mapping[str, Any],
    provenance: Mapping[str, str],
    counted: Mapping[str, Any],
) -> tuple[Problem, ...]:
    """Return what to explain: each figure that says something else than its records.

    ``counted`` is what the records give now, by question. A gap has its reason already.
    """
    found = []
    for question in form.questions():
        name, held = question.name, answers.get(question.name)
        is_typed_over = provenance.get(name) == "changed" and name in counted
        if not is_typed_over or held is None or isinstance(held, dict) or held == counted[name]:
            continue
        words = f"The records give {counted[name]}, and it says {held}. Say why."
        found.append(Problem(name, None, "warning", CHANGED + name, f"{question.label}: {words}"))
    return tuple(found)
