"""Explain a figure of the return: how it came about, from what, by which rules, who sees it."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from odbst_desktop.analysis.explaining import Explanation, Part
from odbst_desktop.errors import InputError
from odbst_desktop.form_engine.definition import Form, Question
from odbst_desktop.form_engine.expressions import REFERENCE, references
from odbst_desktop.form_library.definitions import form_for
from odbst_desktop.form_library.guidance import guidance_words
from odbst_desktop.reports.form_paper import answer_words
from odbst_desktop.returns.changed_figures import CHANGED
from odbst_desktop.returns.drafting import (
    Return,
    ReturnId,
    counted_now,
    previous_answers,
    read_return,
    return_form_in_use,
    term_of_return,
)
from odbst_desktop.returns.inputs import inputs_of
from odbst_desktop.returns.sources import is_typed, source_words
from odbst_desktop.school.typed_dates import show_date, show_moment
from odbst_desktop.vault.vault import Vault

_SHOWN_TO = {
    "small": "The ESL sees the true figure. In anything for the LGB, Trustees or the public, 1 to "
    "4 is shown as “1–4”, and others that would give it away are covered too.",
    "esl_only": "Only the ESL sees this figure. It is left out of anything for the LGB, Trustees "
    "or the public.",
}
_MOST_NAMES = 4
_SHOWN_AS_IT_IS = "Shown as it is to the ESL, the LGB and Trustees."


def explain_answer(vault: Vault, made: ReturnId, field: str) -> Explanation:
    """Return what is to be said of one answer of a return.

    Raises:
        InputError: the form does not ask it.

    """
    found = read_return(vault, made)
    with vault.reading() as session:
        form = form_for(session, return_form_in_use(session), found.form_version)
        question = form.question(field)
        if question is None:
            raise InputError("This version of the return does not ask that.")
        source = str(question.extras.get("source", ""))
        parts = _parts(session, found, question, source)
        counted = counted_now(session, found, form, vault.today()).get(field)
        previous = previous_answers(session, found.year, found.term).get(field)
    said = (_formula(found, form, question, source), _remark(found, question, counted, previous))
    guidance = guidance_words(question)
    return Explanation(
        title=question.label,
        figure=_with_unit(question, found.answers.get(field)),
        formula=" ".join(words for words in said if words),
        parts=parts,
        rules=(*_rules(form, field), *((guidance,) if guidance else ())),
        history=_history(found, field),
        shown_to=(_SHOWN_TO.get(str(question.extras.get("suppress", "")), _SHOWN_AS_IT_IS),),
    )


def _parts(session: Session, found: Return, question: Question, source: str) -> tuple[Part, ...]:
    sheet = found.sheet
    if question.name in sheet.get("figures", {}):
        amount = _with_unit(question, sheet["figures"][question.name])
        return (Part(sheet["on"], f"“{sheet['name']}”, {sheet['rows']} pupils", amount),)
    inputs = inputs_of(session, source, term_of_return(session, found))
    return tuple(Part(show_date(i.on) if i.on else "", i.words, i.amount) for i in inputs)


def _with_unit(question: Question, value: Any) -> str:
    said, unit = answer_words(question, value), str(question.extras.get("unit", ""))
    is_figure = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{said} {unit}".strip() if is_figure else said


def _formula(found: Return, form: Form, question: Question, source: str) -> str:
    how = found.provenance.get(question.name, "")
    if question.calculation:
        return f"Reckoned from other answers: {_in_labels(form, question.calculation)}"
    from_what = source_words(source)
    if question.name in found.sheet.get("figures", {}):
        from_what = (
            f"the Bromcom sheet “{found.sheet['name']}”; its rows were counted and forgotten"
        )
        start = "Counted from" if how == "counted" else "Typed over what was counted from"
        return f"{start} {from_what}."
    if is_typed(source):
        return f"Typed here from {from_what}; the vault does not count it."
    return {
        "counted": f"Counted from {from_what}.",
        "carried": f"Carried from {source_words('previous.')}, to be checked.",
        "changed": f"Typed over what {from_what} give.",
        "typed": f"Typed here; the vault could count it from {from_what}.",
    }.get(how, f"Not answered yet. It is counted from {from_what}.")


def _rules(form: Form, field: str) -> tuple[str, ...]:
    looked_at = ((rule, references(rule.left) | references(rule.right)) for rule in form.rules)
    return tuple(
        # A sum of many figures is better told by its sentence than by all their names.
        rule.message if len(names) > _MOST_NAMES
        else f"{_in_labels(form, rule.left)} {rule.operator} {_in_labels(form, rule.right)}"
        for rule, names in looked_at
        if field in names
    )  # fmt: skip


def _in_labels(form: Form, expression: str) -> str:
    """Return an expression with the questions' labels in place of their names."""

    def label(piece: Any) -> str:
        question = form.question(piece[1])
        return f"“{question.label}”" if question is not None else piece[1]

    return REFERENCE.sub(label, expression)


def _history(found: Return, field: str) -> tuple[str, ...]:
    if field not in found.touched:
        return ()
    who, at = found.touched[field]
    how = "changed it" if found.provenance.get(field) == "changed" else "typed it"
    return (f"{who} {how} on {show_moment(at)}.",)


def _remark(found: Return, question: Question, counted: Any, previous: Any) -> str:
    said = []
    if counted is not None and counted != found.answers.get(question.name):
        said.append(f"The records give {answer_words(question, counted)} now.")
    if reason := found.explanations.get(CHANGED + question.name):
        said.append(f"Why it differs: {reason}")
    if previous is not None:
        said.append(f"Last term’s return said {answer_words(question, previous)}.")
    return " ".join(said)
