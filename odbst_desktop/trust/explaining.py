"""Explain a figure of the trust (Ctrl+I): formula, each school's part, rules, readers."""

from __future__ import annotations

from odbst_desktop.analysis.explaining import Explanation, Part
from odbst_desktop.analysis.form_disclosure import rule_of
from odbst_desktop.form_engine.definition import Form, Question
from odbst_desktop.form_engine.expressions import references
from odbst_desktop.form_library.guidance import guidance_words
from odbst_desktop.school.typed_dates import show_date, show_moment
from odbst_desktop.trust.comparisons import Compared, sentences_of
from odbst_desktop.trust.explorer import answer_words, formula_words
from odbst_desktop.trust.figures import figure
from odbst_desktop.trust.reading import FieldReading, ReturnReading
from odbst_desktop.trust.table import TrustTable, term_words

_SHOWN_TO = {
    "small": "The ESL sees true figures of every school. In anything that leaves, 1 to 4 is shown "
    "as “1–4”, others that would give it away are covered too, and no school’s figure is shown.",
    "never": "Only the ESL sees this figure. It is left out of everything that leaves.",
    "always": "The trust’s total is shown as it is; a school’s own figure only to the ESL.",
}


def explain_figure(table: TrustTable, compared: Compared, field: str) -> Explanation | None:
    """Return what is to be said of a trust figure of a term; None where nobody gave it."""
    found, question = figure(table, compared.key, field), table.form.question(field)
    if found is None or question is None:
        return None
    held, rows = table.held[compared.key], table.of(compared.key, field)
    parts = [
        Part(show_date(held[urn].first_received_on), table.name(urn), answer_words(row, question))
        for urn, row in rows.items()
    ]
    said = [*sentences_of(table, compared, field), found.change.sentence if found.change else ""]
    return Explanation(
        title=f"{found.label}, {term_words(compared.key)}",
        figure=f"{found.total_words} {found.unit if found.unit != '%' else ''}".strip(),
        formula=" ".join(
            words for words in (formula_words(table, compared.key, found), *said) if words
        ),
        parts=tuple(sorted(parts, key=lambda each: each.what)),
        rules=_rules(table.form, field, question),
        shown_to=(_shown_to(question),),
    )


def explain_field(form: Form, found: ReturnReading, field: FieldReading) -> Explanation:
    """Return what is to be said of one answer of a school's return."""
    question = form.question(field.name)
    package = found.held.package
    signed = tuple(
        f"{signer.person} signed it as {signer.role}, {show_moment(package.payload().issued_at)}"
        for signer in package.payload().signers
    )
    notes = field.note or "Nothing was explained or asked."
    return Explanation(
        title=f"{field.label}: {found.title}",
        figure=field.answer,
        formula=f"{field.provenance} at the school; it came signed, in revision "
        f"{package.revision}, form version {found.held.body.form.version}. {notes}",
        parts=(Part("", found.compared_with, field.before or "—"),),
        rules=_rules(form, field.name, question),
        history=signed,
        shown_to=(_shown_to(question),) if question is not None else (),
    )


def _rules(form: Form, field: str, question: Question | None) -> tuple[str, ...]:
    guidance = guidance_words(question) if question is not None else ""
    rules = tuple(
        rule.message
        for rule in form.rules
        if field in references(rule.left) | references(rule.right)
    )
    return (*rules, guidance) if guidance else rules


def _shown_to(question: Question) -> str:
    return _SHOWN_TO[rule_of(question)]
