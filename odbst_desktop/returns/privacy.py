"""The privacy check of a return: what may identify somebody has to go, or be explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from odbst_desktop.analysis import form_privacy
from odbst_desktop.form_engine.answers import Problem
from odbst_desktop.form_engine.definition import Form

_ADULTS = frozenset({"headteacher", "dsl_lead", "safeguarding_governor", "school_name", "hub"})


def privacy_problems(
    form: Form, answers: Mapping[str, Any], known_names: Iterable[str]
) -> tuple[Problem, ...]:
    """Return a warning for each text that may identify a child, as ``form_privacy`` does."""
    return form_privacy.privacy_problems(form, answers, known_names, _ADULTS)
