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
from odbst_desktop.form_engine.versions import break_between, comparability
from odbst_desktop.form_library.definitions import (
    definition_by_hash,
    form_for,
    keep_definition,
)
from odbst_desktop.form_library.trust_forms import form_in_use
from odbst_desktop.returns.changed_figures import changed_problems
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

_MOVING = frozenset({"prepared_on"})


@dataclass(frozen=True, slots=True)
class Return:
    """A school's term; ``provenance`` says of each answer counted, carried, typed or changed."""

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
    touched: Mapping[str, tuple[str, str]] = field(default_factory=dict)
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
    """Return the form of the termly return that ships with the program."""
    return shipped_form("return/termly_return")


def return_form_in_use(session: Session, year: str = "", term: str = "") -> Form:
    """Return the newest form of the return: the trust's from a focus pack, else the shipped one.

    With a term, what the trust published for a later term does not count yet.
    """
    in_term = f"{year}/{TERMS.index(term) + 1}" if year and term in TERMS else ""
    return form_in_use(session, return_form().form_id, in_term=in_term) or return_form()


def return_form_of(session: Session, sha256: str) -> Form:
    """Return the version of the return's form that has a hash; the one in use if none has."""
    if sha256 == return_form().sha256:
        return return_form()
    kept = definition_by_hash(session, sha256)
    known = kept is not None and kept.form_id == return_form().form_id
    return kept if kept is not None and known else return_form_in_use(session)


def open_return(vault: Vault, year: str, term_name: str) -> ReturnId:
    """Return the newest return of a term; begin it, filled in, if there is none.

    Raises:
        InputError: there is no such term, or its dates are not known.

    """
    with vault.reading() as session:
        term = _term(session, year, term_name)
        held = [r for r in returns(session) if (r.year, r.term) == (year, term_name)]
        if held:
            return held[0].id
        form = return_form_in_use(session, year, term_name)
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


def counted_now(session: Session, found: Return, form: Form, today: date) -> dict[str, Any]:
    """Return what the records of the term and a sheet taken in give now, by question.

    What was carried from last term was looked at and stays; the day of the draft moves by itself.
    """
    previous = previous_answers(session, found.year, found.term)
    values = counted_values(session, form, _term(session, found.year, found.term), today, previous)
    counted = {n: v for n, (v, how) in values.items() if how == "counted" and n not in _MOVING}
    return {**counted, **found.sheet.get("figures", {})}


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
        form = form_for(session, return_form_in_use(session), row.form_version)
        wrong = check_types(form, answers)
        if wrong:
            raise InputError(f"“{wrong[0].field}” was not saved. {wrong[0].message}")
        before, provenance = json.loads(row.answers), json.loads(row.provenance)
        touched = json.loads(row.touched)
        for name, value in answers.items():
            if before.get(name) != value:
                was = provenance.get(name, "typed")
                provenance[name] = "typed" if was == "typed" else "changed"
                touched[name] = [vault.user.name, vault.now()]
        given = {name: value for name, value in answers.items() if not is_blank(value)}
        row.answers = _json(given)
        row.provenance = _json({n: how for n, how in provenance.items() if n in given})
        row.explanations = _json({r: w.strip() for r, w in explanations.items() if w.strip()})
        row.touched = _json({n: by for n, by in touched.items() if n in given})
        session.add(row)


def judge(vault: Vault, made: ReturnId) -> FormState:
    """Return what is missing, wrong or to be explained in a return as it is saved."""
    found = read_return(vault, made)
    with vault.reading() as session:
        previous = previous_answers(session, found.year, found.term)
        names = [person.name for person in people(session)]
        form = form_for(session, return_form_in_use(session), found.form_version)
        asked = query_problems(session, found.supersedes)
        counted = counted_now(session, found, form, vault.today())
    state = evaluate(form, found.answers, previous=previous, today=vault.today())
    private = privacy_problems(form, found.answers, names)
    changed = changed_problems(form, found.answers, found.provenance, counted)
    return replace(state, problems=(*state.problems, *private, *asked, *changed))


def refuse_unready(vault: Vault, made: ReturnId) -> None:
    """Refuse a return that cannot be signed yet.

    Raises:
        InputError: with the first thing to mend or to explain, and how many more there are.

    """
    state, found = judge(vault, made), read_return(vault, made)
    with vault.reading() as session:
        form = return_form_in_use(session, found.year, found.term)
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
    """Return the answers of the newest return of an earlier term, under today's names.

    What meant something else then is left out, see ``broken_since``; empty if there is none.
    """
    before = _return_before(session, year, term)
    new = return_form_in_use(session)
    if before is None or before.form_version == new.version:
        return before.answers if before else {}
    old = form_for(session, new, before.form_version)
    found = {}
    for question in new.questions():
        same = comparability(old, new, question.name)
        if same.verdict != "no" and len(same.old_names) == 1:
            found[question.name] = before.answers.get(same.old_names[0])
    return {name: value for name, value in found.items() if value is not None}


def broken_since(session: Session, year: str, term: str) -> Mapping[str, str]:
    """Return why figures do not compare with those of the return before, by question."""
    before = _return_before(session, year, term)
    new = return_form_in_use(session)
    if before is None or before.form_version == new.version:
        return {}
    old = form_for(session, new, before.form_version)
    found = ((q.name, break_between(old, new, q.name)) for q in new.questions() if q.is_asked)
    return {name: why for name, why in found if why}


def _return_before(session: Session, year: str, term: str) -> Return | None:
    earlier = [
        r for r in returns(session)
        if (r.year, TERMS.index(r.term)) < (year, TERMS.index(term)) and r.state != "draft"
    ]  # fmt: skip
    return earlier[0] if earlier else None


def term_of_return(session: Session, found: Return) -> Term:
    """Return the term of a return with its dates."""
    return _term(session, found.year, found.term)


def _words(what: str, sentences: list[str]) -> str:
    more = f" There are {len(sentences) - 1} more to {what}." if len(sentences) > 1 else ""
    return f"The return cannot be signed yet. {sentences[0]}{more}"


def _term(session: Session, year: str, name: str) -> Term:
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
        {name: (who, at) for name, (who, at) in json.loads(row.touched).items()},
        json.loads(row.sheet),
    )  # fmt: skip
