"""A school's return as the ESL reads it, field by field.

Each answer with where it came from, what was explained, what the form suggests to ask, and what
was asked before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from odbst_desktop.exchange.bodies import field_explained
from odbst_desktop.form_engine.answers import evaluate
from odbst_desktop.form_engine.definition import Form, Question, Rule
from odbst_desktop.form_engine.expressions import references
from odbst_desktop.form_library.definitions import form_for
from odbst_desktop.school.calendar import TERMS
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.trust.collation import TidyRow, tidy_rows
from odbst_desktop.trust.explorer import answer_words
from odbst_desktop.trust.queries import Answered, answered, drafted_queries
from odbst_desktop.trust.returned import Held, returns_held, revision_before
from odbst_desktop.trust.table import TermKey, term_words, verified_of

PROVENANCE = {"counted": "Counted", "typed": "Typed", "carried": "Carried over",
              "changed": "Counted, then changed"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One field of a return; words are blank where there is nothing to say.

    ``name`` is the form's field (that of the whole for a row of a repeat), ``before`` the answer of
    the revision or else of the term before, ``explained`` the school's words, ``to_ask`` what the
    form suggests to ask, ``asked`` the question that was sent, ``draft`` the one not sent yet.
    """

    name: str
    section: str
    label: str
    answer: str
    provenance: str
    before: str
    explained: str
    to_ask: str
    asked: str
    draft: str

    @property
    def is_changed(self) -> bool:
        """Say whether it differs from before."""
        return self.before != self.answer

    @property
    def note(self) -> str:
        """Return what is to be said of it, the most urgent first."""
        parts = [
            f"✎ To be asked: {self.draft}" if self.draft else "",
            f"? Asked: {self.asked}" if self.asked else "",
            f"? Worth asking: {self.to_ask}" if self.to_ask and not self.draft else "",
            f"Explained: {self.explained}" if self.explained else "",
        ]
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class ReturnReading:
    """A return as a whole; ``compared_with`` says what the column “before” holds."""

    held: Held
    school: str
    signers: str
    answer: Answered | None
    compared_with: str
    is_revision: bool
    fields: tuple[FieldReading, ...]

    @property
    def title(self) -> str:
        """Return e.g. “Oakfield, Summer 2025-26”."""
        body = self.held.body
        return f"{self.school}, {term_words((body.academic_year, body.term))}"

    @property
    def lead(self) -> str:
        """Return who signed, when it came and what was said to it."""
        package = self.held.package
        came = show_date(date.fromisoformat(package.at[:10]))
        parts = [f"Signed by {self.signers}", f"received {came}", f"revision {package.revision}"]
        if self.answer is not None:
            on = show_date(date.fromisoformat(self.answer.at[:10]))
            parts.append(f"{self.answer.verdict} on {on}")
        return ", ".join(parts) + "."

    @property
    def drafts(self) -> int:
        """Return how many questions are written and not sent."""
        return sum(bool(field.draft) for field in self.fields)


def read_received(
    session: Session, form: Form, urn: int, key: TermKey, today: date
) -> ReturnReading | None:
    """Return a school's newest return of a term, None if none is held."""
    held = next((h for h in returns_held(session, *key) if h.package.urn == urn), None)
    if held is None:
        return None
    its_form = form_for(session, form, held.body.form.version)
    earlier = revision_before(session, held)
    is_revision = earlier is not None
    if earlier is None:
        earlier = _term_before(session, urn, key)
    digest = held.package.payload_sha256
    said = answered(session)
    # What was asked of the revision before is what this one answers.
    superseded = held.package.payload().supersedes or ""
    asked = dict((said.get(digest) or said.get(superseded) or Answered("", (), "")).queries)
    drafts = dict(drafted_queries(session, digest))
    signers = ", ".join(f"{s.person} ({s.role})" for s in held.package.payload().signers)
    compared = "Revision before" if is_revision else "Return before"
    if earlier is not None and not is_revision:
        compared = term_words((earlier.body.academic_year, earlier.body.term))
    previous = earlier.body.answers if earlier and not is_revision else None
    fields = _fields(
        held, its_form, earlier, asked, drafts, _remarks(its_form, held, previous, today)
    )
    return ReturnReading(
        held, held.package.issuer.removeprefix("DEMONSTRATION").strip(), signers,
        said.get(digest), compared, is_revision, fields,
    )  # fmt: skip


def _term_before(session: Session, urn: int, key: TermKey) -> Held | None:
    """Return the school's newest return of an earlier term, None if it has none."""
    order = (key[0], TERMS.index(key[1]))
    earlier = [
        held for held in returns_held(session)
        if held.package.urn == urn
        and (held.body.academic_year, TERMS.index(held.body.term)) < order
    ]  # fmt: skip
    return max(
        earlier, key=lambda h: (h.body.academic_year, TERMS.index(h.body.term)), default=None
    )


def _fields(
    held: Held, form: Form, earlier: Held | None, asked: Mapping[str, str],
    drafts: Mapping[str, str], remarks: Mapping[str, tuple[str, str]],
) -> tuple[FieldReading, ...]:  # fmt: skip
    questions = {question.name: question for question in form.every_question()}
    before = {
        row.field: answer_words(row, _question(questions, row))
        for row in (tidy_rows(verified_of(earlier), form) if earlier else ())
    }
    rows = {row.field: row for row in tidy_rows(verified_of(held), form)}
    found = []
    for row in rows.values():
        explained, to_ask = remarks.get(row.field, ("", ""))
        name = row.field.split(".")[0]
        found.append(
            FieldReading(
                name, row.section, row.label, answer_words(row, _question(questions, row)),
                PROVENANCE[row.provenance], before.get(row.field, ""), explained, to_ask,
                asked.get(name, ""), drafts.get(name, ""),
            )
        )  # fmt: skip
    return tuple(found)


def _remarks(
    form: Form, held: Held, previous: Mapping[str, Any] | None, today: date
) -> dict[str, tuple[str, str]]:
    """Return for each field what the school explained, and what the form says to ask."""
    explanations = {each.rule: each.text for each in held.body.explanations}
    explained: dict[str, list[str]] = {}
    for rule in form.rules:
        if rule.id in explanations:
            explained.setdefault(_field_of(form, rule), []).append(explanations[rule.id])
    for name, text in explanations.items():
        if field_explained(name):
            explained.setdefault(field_explained(name), []).append(text)
    to_ask: dict[str, list[str]] = {}
    for problem in evaluate(form, held.body.answers, previous=previous, today=today).problems:
        if problem.severity == "question":
            to_ask.setdefault(problem.field, []).append(problem.message)
    return {
        name: (" ".join(explained.get(name, ())), " ".join(to_ask.get(name, ())))
        for name in {*explained, *to_ask}
    }


def _field_of(form: Form, rule: Rule) -> str:
    names = references(rule.left)
    return next((q.name for q in form.questions() if q.name in names), "")


def _question(questions: Mapping[str, Question], row: TidyRow) -> Question | None:
    return questions.get(row.field.split(".")[-1])
