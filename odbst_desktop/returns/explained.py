"""Explain a figure of the return: formula, records by date, rules, who changed it, who sees it."""

from __future__ import annotations

from odbst_desktop.analysis.explaining import Explanation, Part
from odbst_desktop.analysis.form_disclosure import rule_of
from odbst_desktop.form_engine.answers import GAPS, is_blank, is_gap
from odbst_desktop.form_engine.definition import Form, Question
from odbst_desktop.form_engine.expressions import references
from odbst_desktop.monitoring.guidance import guidance_words
from odbst_desktop.returns.count_parts import count_parts
from odbst_desktop.returns.drafting import (
    Return,
    ReturnId,
    previous_answers,
    read_return,
    term_of,
)
from odbst_desktop.returns.moved import CHANGED
from odbst_desktop.returns.sources import source_words
from odbst_desktop.returns.versions import form_of_return
from odbst_desktop.vault import audit
from odbst_desktop.vault.vault import Vault

_SEEN = {
    "small": "Governors and trustees see 1 to 4 as “1–4”, and other figures are hidden where "
    "this one could be worked out from them. The ESL gets the true number.",
    "never": "Only the ESL sees this figure. It stands in no paper for governors or trustees.",
    "always": "Everybody who gets the return or a report from it sees this figure as it is.",
}
_HOW = {
    "counted": "Counted from {source}.",
    "carried": "Carried from last term’s return, to be checked: it says how things stand.",
    "typed": "Typed by hand; it is read off {source}.",
    "changed": "Changed by hand. It was counted from {source}.",
    "": "Not given yet. It comes from {source}.",
}
_MOST_CHANGES = 5
_LEFT = "somebody who has no key here any more"


def explain_answer(vault: Vault, made: ReturnId, name: str) -> Explanation:
    """Explain an answer as it is saved."""
    found = read_return(vault, made)
    with vault.reading() as session:
        form = form_of_return(session, found)
        question = next(q for q in form.every_question() if q.name == name)
        source = str(question.extras.get("source", ""))
        term = term_of(session, found.year, found.term)
        parts = count_parts(session, term, source)
        before = previous_answers(session, found.year, found.term).get(name)
        changes = audit.entries_of(session, f"return/{made}")
    names = {str(user.id): user.name for user in vault.users()}
    history = [
        f"{entry.at[:10]} {entry.at[11:16]} UTC: {entry.what}, {names.get(entry.user, _LEFT)}"
        for entry in changes[-_MOST_CHANGES:]
    ]
    if said := found.explanations.get(CHANGED + name):
        history.append(f"Why it was changed: {said}")
    if name in found.sheet.get("figures", {}):
        sheet = found.sheet
        parts = (Part(sheet["on"], f"{sheet['name']}, {sheet['rows']} rows", _shown(
            question, sheet["figures"][name])),)  # fmt: skip
    if before is not None:
        parts = (*parts, Part("", "Last term’s return, to compare", _shown(question, before)))
    return Explanation(
        title=question.label,
        figure=_shown(question, found.answers.get(name)),
        formula=_formula(question, found),
        parts=parts,
        rules=(*_rules(form, name), *_edition(form, question)),
        history=tuple(history),
        shown_to=(_SEEN[rule_of(question)],),
    )


def _formula(question: Question, found: Return) -> str:
    how = found.provenance.get(question.name, "")
    source = source_words(str(question.extras.get("source", "")))
    if question.name in found.sheet.get("figures", {}) and how == "counted":
        source = f"the sheet “{found.sheet['name']}”"
    said = _HOW[how].format(source=source)
    return f"{said} {question.hint}." if question.hint else said


def _rules(form: Form, name: str) -> tuple[str, ...]:
    return tuple(
        f"{rule.id}: {rule.left} {rule.operator} {rule.right} ({rule.severity})".replace(
            "${", ""
        ).replace("}", "")
        for rule in form.rules
        if name in references(rule.left) | references(rule.right)
    )


def _edition(form: Form, question: Question) -> tuple[str, ...]:
    guidance = guidance_words(question)
    asked = f"Asked by “{form.title}”, version {form.version}."
    return (asked, f"Rests on {guidance}.") if guidance else (asked,)


def _shown(question: Question, value: object) -> str:
    if is_blank(value):
        return "not given"
    if is_gap(value) and isinstance(value, dict):
        return f"{GAPS[value['missing']]}: {value['reason']}"
    unit = str(question.extras.get("unit", ""))
    if question.choices and isinstance(value, str):
        return question.label_of(value)
    return f"{value} {unit}" if unit not in {"words", "date", "choice"} else str(value)
