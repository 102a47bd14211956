"""What is missing in a visit, and what has to be explained before it is signed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from odbst_desktop.analysis.form_privacy import privacy_problems
from odbst_desktop.analysis.privacy import find_identifiers
from odbst_desktop.form_engine.answers import Problem, evaluate, problem_words
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.monitoring.checklists import checked_questions, filled_in_form, short_words
from odbst_desktop.monitoring.pupil_voice import LEAST_CHILDREN, voice, voice_faults
from odbst_desktop.monitoring.sample import SAMPLE_SIZE, sample_faults, sample_is_as_drawn
from odbst_desktop.monitoring.staff_voice import STAFF, staff_faults

_REFERENCE = re.compile(r"\b[A-Z]{1,4}[-/]?\d{3,}\b")
LEFT_OUT = "[left out]"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a visit lacks: errors have to be mended, warnings explained."""

    form: Form
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]

    def error_words(self) -> tuple[str, ...]:
        """Return each error with the question it is about."""
        return tuple(visit_problem_words(self.form, problem) for problem in self.errors)


def judge_answers(
    form: Form, answers: Mapping[str, Any], *, today: date, known_names: Iterable[str] = ()
) -> Judgement:
    """Judge a visit's answers: the form's rules, the sample, the voices, and the privacy check."""
    asked = filled_in_form(form)
    state = evaluate(asked, answers, today=today)
    errors = list(state.errors())
    repeats = {repeat.name for repeat in form.repeats()}
    for repeat, faults in (
        ("sampled_rows", sample_faults(answers)),
        (STAFF, staff_faults(answers.get(STAFF) or [])),
        ("groups", voice_faults(answers)),
    ):
        if repeat in repeats:
            errors += [Problem(repeat, None, "error", repeat, words) for words in faults]
    warnings = [*state.warnings(), *_own_warnings(repeats, answers)]
    warnings += _references(asked, answers)
    # A reference is told as one, not taken for somebody's initial.
    plain = {n: _REFERENCE.sub("it", v) if isinstance(v, str) else v for n, v in answers.items()}
    warnings += privacy_problems(asked, plain, known_names)
    return Judgement(form, tuple(errors), tuple(warnings))


def without_identifiers(text: str, known_names: Iterable[str] = ()) -> str:
    """Return a text for a paper that leaves the school: no references, numbers or addresses.

    Likely names were taken out or explained before the visit was signed, so they stand.
    """
    for finding in reversed(find_identifiers(text, known_names)):
        if finding.why != "may be a name":
            text = text[: finding.start] + LEFT_OUT + text[finding.end :]
    return _REFERENCE.sub(LEFT_OUT, text)


def _own_warnings(repeats: set[str], answers: Mapping[str, Any]) -> list[Problem]:
    found = []
    if "groups" in repeats and voice(answers).children < LEAST_CHILDREN:
        found.append(
            ("groups", f"Fewer than {LEAST_CHILDREN} children were asked, so no share is "
                       "reported. Say why so few.")
        )  # fmt: skip
    rows = answers.get("sampled_rows") or []
    if "sampled_rows" in repeats and rows:
        if len(rows) < min(SAMPLE_SIZE, int(answers.get("entries_total") or 0)):
            found.append(("sampled_rows", "Fewer rows were traced than were drawn. Say why."))
        elif not sample_is_as_drawn(answers):
            found.append(
                ("sampled_rows", "The rows traced are not those that the seed draws. Say how they "
                                 "were chosen.")
            )  # fmt: skip
    return [Problem(field, None, "warning", f"own.{field}", words) for field, words in found]


def _references(form: Form, answers: Mapping[str, Any]) -> list[Problem]:
    """Return a warning for each text with what looks like a CPOMS reference."""
    found = []
    for question in form.questions():
        value = answers.get(question.name)
        is_text = question.type == "text" and isinstance(value, str)
        match = _REFERENCE.search(str(value)) if is_text else None
        if match and question.name != "sample_seed":
            words = (
                f"{question.label}: “{match[0]}” looks like a CPOMS reference. Governors monitor "
                "systems, never cases: take it out, or say what it is."
            )
            found.append(
                Problem(question.name, None, "warning", f"reference.{question.name}", words)
            )
    return found


def visit_problem_words(form: Form, problem: Problem) -> str:
    """Return a problem of a visit with the question it is about, in a few words."""
    for question in checked_questions(form):
        if problem.field == question.name and problem.rule == "required":
            return f"“{short_words(question)}” is not answered yet."
    if problem.rule == "required" and "is not answered yet" not in problem.message:
        return problem.message
    return problem_words(form, problem)
