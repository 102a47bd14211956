"""Prepare a return: begin it filled in, save it, judge it, explain what it asks about."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NewType

from sqlmodel import Session, col, select

from odbst_desktop.errors import InputError
from odbst_desktop.form_engine.answers import (
    FormState,
    check_types,
    evaluate,
    is_blank,
    problem_words,
)
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.reading import shipped_form
from odbst_desktop.form_library.definitions import form_for, keep_definition
from odbst_desktop.form_library.trust_forms import form_in_use
from odbst_desktop.returns.moved import (
    Moved,
    changed_problems,
    live_provenance,
    moved_figures,
    sheet_or_counted,
)
from odbst_desktop.returns.privacy import privacy_problems
from odbst_desktop.returns.queries import query_problems
from odbst_desktop.returns.records import ReturnRow
from odbst_desktop.returns.set_aside import row_to_change
from odbst_desktop.returns.sources import counted_values
from odbst_desktop.school.calendar import TERMS, Term, academic_year
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.people import people
from odbst_desktop.school.schools import DEFAULT_AUTHORITY, find_school
from odbst_desktop.vault.vault import Vault

ReturnId = NewType("ReturnId", str)
"""A random UUID of a return."""

_STATES = {"draft": "○ Draft", "half_signed": "◐ Signed by the DSL",
           "signed": "● Countersigned", "sent": "↗ Exported"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Return:
    """A school's term; ``provenance`` says of each answer counted, carried, typed or changed.

    ``sheet`` is what was counted from a Bromcom sheet, with its name, rows and day.
    """

    id: ReturnId
    year: str
    term: str
    revision: int
    supersedes: str | None
    answers: Mapping[str, Any]
    provenance: Mapping[str, str]
    explanations: Mapping[str, str]
    state: str
    envelope: bytes | None
    form_version: str
    reason: str = ""
    exported_at: str = ""
    set_aside: bytes | None = None
    sheet: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Return e.g. “Autumn term 2026-27”."""
        return f"{self.term.capitalize()} term {self.year}"

    @property
    def state_words(self) -> str:
        """Return the state as it is shown."""
        return _STATES[self.state]


def return_form() -> Form:
    """Return the form of the termly return."""
    return shipped_form("return/termly_return")


def form_now(session: Session) -> Form:
    """Return the form that a new return is filled in under: the trust's version, else ours.

    A trust that publishes its own version chooses with it which optional questions it asks.
    """
    return form_in_use(session, return_form().form_id) or return_form()


def figures_now(session: Session, found: Return, today: date) -> dict[str, tuple[Any, str]]:
    """Return each figure as it would be counted now, with ``counted`` or ``carried``."""
    form = form_for(session, return_form(), found.form_version)
    previous = previous_answers(session, found.year, found.term)
    known = counted_values(session, form, term_of(session, found.year, found.term), today, previous)
    return sheet_or_counted(known, found.sheet.get("figures", {}))


def what_moved(vault: Vault, made: ReturnId) -> tuple[Moved, ...]:
    """Return what the records give otherwise since a draft was counted; nothing once it is sent."""
    found = read_return(vault, made)
    if found.state == "sent":
        return ()
    with vault.reading() as session:
        form = form_for(session, return_form(), found.form_version)
        counted = figures_now(session, found, vault.today())
    return moved_figures(form, found.answers, found.provenance, counted)


def open_return(vault: Vault, year: str, term_name: str) -> ReturnId:
    """Return the newest return of a term; begin it, filled in, if there is none.

    Raises:
        InputError: there is no such term, or its dates are not known.

    """
    with vault.reading() as session:
        term, form = term_of(session, year, term_name), form_now(session)
        held = [r for r in returns(session) if (r.year, r.term) == (year, term_name)]
        if held:
            return held[0].id
        values = counted_values(
            session, form, term, vault.today(), previous_answers(session, year, term_name)
        )
    made = ReturnId(str(uuid.uuid4()))
    with vault.changing("return begun", f"return/{made}") as session:
        keep_definition(session, form, at=vault.now())
        session.add(
            ReturnRow(
                id=made, year=year, term=term_name, form_version=form.version,
                answers=_json({name: value for name, (value, _) in values.items()}),
                provenance=_json({name: how for name, (_, how) in values.items()}),
                prepared_at=vault.now(),
            )
        )  # fmt: skip
    return made


def count_again(vault: Vault, made: ReturnId) -> int:
    """Bring counted figures up to date; what was typed or changed stays. Return how many moved."""
    with vault.changing("return counted again", f"return/{made}") as session:
        row = row_to_change(session, made)
        values = figures_now(session, _return(row), vault.today())
        answers, provenance = json.loads(row.answers), json.loads(row.provenance)
        moved = 0
        for name, (value, how) in values.items():
            if provenance.get(name, how) in {"counted", "carried"} and answers.get(name) != value:
                answers[name], provenance[name] = value, how
                moved += 1
        row.answers, row.provenance = _json(answers), _json(provenance)
        session.add(row)
    return moved


def save_return(
    vault: Vault, made: ReturnId, answers: Mapping[str, Any], explanations: Mapping[str, str]
) -> None:
    """Keep answers and explanations; what differs from what was counted is marked changed.

    Raises:
        InputError: an answer is of the wrong type; nothing was changed.
        StateError: it was exported.

    """
    with vault.changing("return saved", f"return/{made}") as session:
        row = row_to_change(session, made, answers, explanations)
        wrong = check_types(form_for(session, return_form(), row.form_version), answers)
        if wrong:
            raise InputError(f"“{wrong[0].field}” was not saved. {wrong[0].message}")
        before, provenance = json.loads(row.answers), json.loads(row.provenance)
        provenance = live_provenance(answers, before, provenance)
        given = {name: value for name, value in answers.items() if not is_blank(value)}
        row.answers = _json(given)
        row.provenance = _json({n: how for n, how in provenance.items() if n in given})
        row.explanations = _json({r: w.strip() for r, w in explanations.items() if w.strip()})
        session.add(row)


def judge(vault: Vault, made: ReturnId) -> FormState:
    """Return what is missing, wrong or to be explained in a return as it is saved."""
    found = read_return(vault, made)
    with vault.reading() as session:
        previous = previous_answers(session, found.year, found.term)
        names = [person.name for person in people(session)]
        form = form_for(session, return_form(), found.form_version)
        asked = query_problems(session, found.supersedes)
        counted = figures_now(session, found, vault.today())
    state = evaluate(form, found.answers, previous=previous, today=vault.today())
    private = privacy_problems(form, found.answers, names)
    changed = changed_problems(form, found.answers, counted, found.provenance)
    return replace(state, problems=(*state.problems, *changed, *private, *asked))


def refuse_unready(vault: Vault, made: ReturnId) -> None:
    """Refuse a return that cannot be signed yet.

    Raises:
        InputError: with the first thing to mend or to explain, and how many more there are.

    """
    state, found = judge(vault, made), read_return(vault, made)
    with vault.reading() as session:
        form = form_now(session)
    if found.form_version != form.version:
        raise InputError(
            f"This return was begun under version {found.form_version} of the form, and the trust "
            f"uses version {form.version} now. Move it there first: it says what changed."
        )
    errors = [problem_words(form, problem) for problem in state.errors()]
    open_warnings = [w.message for w in state.warnings() if w.rule not in found.explanations]
    if errors:
        raise InputError(_words("mend", errors))
    if open_warnings:
        raise InputError(_words("explain", open_warnings))


def returns(session: Session) -> tuple[Return, ...]:
    """Return every return, the newest term first."""
    rows = session.exec(select(ReturnRow).order_by(col(ReturnRow.revision).desc())).all()
    found = [_return(row) for row in rows]
    return tuple(sorted(found, key=lambda r: (r.year, TERMS.index(r.term)), reverse=True))


def read_return(vault: Vault, made: ReturnId) -> Return:
    """Return one return."""
    with vault.reading() as session:
        return _return(session.get_one(ReturnRow, made))


def previous_answers(session: Session, year: str, term: str) -> Mapping[str, Any]:
    """Return the answers of the newest return of an earlier term; empty if there is none."""
    earlier = [
        r for r in returns(session)
        if (r.year, TERMS.index(r.term)) < (year, TERMS.index(term)) and r.state != "draft"
    ]  # fmt: skip
    return earlier[0].answers if earlier else {}


def _words(what: str, sentences: list[str]) -> str:
    more = f" There are {len(sentences) - 1} more to {what}." if len(sentences) > 1 else ""
    return f"The return cannot be signed yet. {sentences[0]}{more}"


def term_of(session: Session, year: str, name: str) -> Term:
    """Return a term of this school.

    Raises:
        InputError: there is no such term, or its dates are not known.

    """
    school = find_school(session, read_owner(session).urn)
    known = academic_year(year, school.authority if school else DEFAULT_AUTHORITY)
    for term in known.terms:
        if term.name == name:
            return term
    raise InputError(f"“{name}” is not a term. Choose autumn, spring or summer.")


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _return(row: ReturnRow) -> Return:
    return Return(
        ReturnId(row.id), row.year, row.term, row.revision, row.supersedes,
        json.loads(row.answers), json.loads(row.provenance), json.loads(row.explanations),
        row.state, row.envelope, row.form_version, row.reason, row.exported_at, row.set_aside,
        json.loads(row.sheet),
    )  # fmt: skip
