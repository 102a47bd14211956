"""Explain a figure of the trust (Ctrl+I): formula, each school's part, rules, readers."""

from __future__ import annotations

from odbst_desktop.analysis.explaining import Explanation, Part
from odbst_desktop.analysis.form_disclosure import rule_of
from odbst_desktop.form_engine.definition import Form, Question
from odbst_desktop.form_engine.expressions import references
from odbst_desktop.form_library.guidance import guidance_words
from odbst_desktop.school.typed_dates import show_date, show_day_of
from odbst_desktop.trust.comparisons import Compared, sentences_of
from odbst_desktop.trust.explorer import answer_words, formula_words
from odbst_desktop.trust.figures import Figure
from odbst_desktop.trust.reading import FieldReading, ReturnReading
from odbst_desktop.trust.table import TrustTable, term_words

_SHOWN_TO = {
    "small": "The ESL sees true figures of every school. In anything that leaves, 1 to 4 is shown "
    "as “1–4”, others that would give it away are covered too, and no school’s figure is shown.",
    "never": "Only the ESL sees this figure. It is left out of everything that leaves.",
    "always": "The trust’s total is shown as it is; a school’s own figure only to the ESL.",
}


def explain_figure(table: TrustTable, compared: Compared, found: Figure) -> Explanation:
    """Return what is to be said of a trust figure of the term that is compared."""
    field, question = found.field, table.form.question(found.field)
    held, rows = table.held[compared.key], table.of(compared.key, field)
    parts = sorted(
        (
            Part(
                show_date(held[urn].first_received_on), table.name(urn),
                answer_words(row, question),
            )
            for urn, row in rows.items()
        ),
        key=lambda part: part.what,
    )  # fmt: skip
    said = [*sentences_of(table, compared, field), found.change.sentence if found.change else ""]
    formula = formula_words(table, compared.key, found)
    return Explanation(
        title=f"{found.label}, {term_words(compared.key)}",
        figure=f"{found.total_words} {found.unit if found.unit != '%' else ''}".strip(),
        formula=" ".join([formula, *(sentence for sentence in said if sentence)]),
        parts=tuple(parts),
        rules=_rules(table.form, field, question),
        shown_to=_shown_to(question),
    )


def explain_field(form: Form, found: ReturnReading, field: FieldReading) -> Explanation:
    """Return what is to be said of one answer of a school's return."""
    question, package = form.question(field.name), found.held.package
    payload = package.payload()
    signed = tuple(
        f"{show_day_of(payload.issued_at)}: {signer.person} signed it as {signer.role}"
        for signer in payload.signers
    )
    note = f" {field.note}." if field.note else ""
    return Explanation(
        title=f"{field.label}, {found.title}",
        figure=field.answer,
        formula=f"{field.provenance} at the school; it came signed, in revision "
        f"{package.revision}, form version {found.held.body.form.version}.{note}",
        parts=(Part("", found.compared_with, field.before or "—"),),
        rules=_rules(form, field.name, question),
        history=signed,
        shown_to=_shown_to(question),
    )


def _rules(form: Form, field: str, question: Question | None) -> tuple[str, ...]:
    found = [
        rule.message
        for rule in form.rules
        if field in references(rule.left) | references(rule.right)
    ]
    edition = guidance_words(question) if question is not None else ""
    return (*found, edition) if edition else tuple(found)


def _shown_to(question: Question | None) -> tuple[str, ...]:
    return () if question is None else (_SHOWN_TO[rule_of(question)],)
