"""What is signed of a visit: its answers, and what the governor said to the questions before."""

from __future__ import annotations

from typing import Any

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.form_engine.answers import Problem, cleaned
from odbst_desktop.monitoring.judgement import Judgement
from odbst_desktop.monitoring.visits import Visit, VisitId, judge_visit, read_visit
from odbst_desktop.vault.vault import Vault


def unexplained(judgement: Judgement, found: Visit) -> tuple[Problem, ...]:
    """Return the questions before signing that nobody has answered yet."""
    return tuple(w for w in judgement.warnings if not found.explanations.get(w.rule, "").strip())


def answers_to_sign(vault: Vault, visit: VisitId) -> dict[str, Any]:
    """Return a closed visit's answers as they are signed, with what was asked and explained.

    Raises:
        StateError: the visit is not closed.
        InputError: something is missing, or the privacy check or a rule asks for a sentence.

    """
    found, judgement = read_visit(vault, visit), judge_visit(vault, visit)
    if found.state != "closed":
        raise StateError("Close the visit first; a visit is signed and sent once.")
    errors, waiting = judgement.error_words(), unexplained(judgement, found)
    if errors or waiting:
        first = errors[0] if errors else waiting[0].message
        raise InputError(f"The visit cannot be signed yet. {first}")
    answers = dict(found.answers)
    if judgement.warnings:
        answers["explained"] = [
            {"explained_about": w.message, "explained_words": found.explanations[w.rule]}
            for w in judgement.warnings
        ]
    if found.amend_reason:
        answers["amended_because"] = found.amend_reason
    return cleaned(found.form, answers)
