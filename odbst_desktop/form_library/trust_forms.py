"""The forms the trust writes itself: imported, looked at, marked for the next focus pack."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import NewType

from sqlmodel import Session, col, select

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.reading import FormReading, shipped_forms
from odbst_desktop.form_engine.versions import QuestionChange, question_changes, version_key
from odbst_desktop.form_library.definitions import definition_by_hash, keep_definition
from odbst_desktop.form_library.records import DefinitionRow, TrustFormRow
from odbst_desktop.vault.vault import Vault

TrustFormId = NewType("TrustFormId", str)
"""A random UUID of a form the trust imported."""

STATES = {
    "draft": "Imported only",
    "marked": "In the next pack",
    "published": "Published",
    "withdrawn": "Withdrawn",
}


@dataclass(frozen=True, slots=True)
class TrustForm:
    """A form the trust imported; ``source`` is the name of its file."""

    id: TrustFormId
    form_id: str
    version: str
    title: str
    sha256: str
    source: str
    state: str
    imported_at: str
    imported_by: str
    from_term: str = ""

    @property
    def state_words(self) -> str:
        """Return the state as it is shown."""
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A form beside the version in use, None if there is no form of its id yet."""

    form: Form
    in_use: Form | None
    changes: tuple[QuestionChange, ...]


def import_form(vault: Vault, reading: FormReading) -> TrustForm:
    """Keep a form that was read, as a draft for nobody yet.

    Raises:
        InputError: it cannot be used, or this version is there already with other content;
            nothing was kept.

    """
    form = reading.form
    if form is None or not reading.is_usable:
        raise InputError(
            f"“{reading.origin}” was not kept: {len(reading.faults) + len(reading.unsupported)} "
            "parts of it cannot be used. Mend them in Excel, save it, and import it again."
        )
    made = str(uuid.uuid4())
    with vault.changing("form imported", f"form/{made}") as session:
        _refuse_same_version(session, form)
        digest = keep_definition(session, form, at=vault.now())
        row = TrustFormRow(
            id=made, sha256=digest, source=reading.origin, imported_at=vault.now(),
            imported_by=vault.user.name,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return _trust_form(row, session.get_one(DefinitionRow, digest))


def trust_forms(session: Session) -> tuple[TrustForm, ...]:
    """Return the forms the trust imported, newest first."""
    rows = session.exec(
        select(TrustFormRow, DefinitionRow)
        .where(TrustFormRow.sha256 == DefinitionRow.sha256)
        .order_by(col(TrustFormRow.imported_at).desc(), DefinitionRow.form_id)
    ).all()
    return tuple(_trust_form(row, definition) for row, definition in rows)


def forms_to_publish(session: Session) -> tuple[Form, ...]:
    """Return the forms that go into the next focus pack."""
    marked = (form for form in trust_forms(session) if form.state == "marked")
    found = (definition_by_hash(session, form.sha256) for form in marked)
    return tuple(form for form in found if form is not None)


def mark_form(vault: Vault, form: TrustFormId, *, is_marked: bool) -> None:
    """Mark a form for the next focus pack, or take the mark back.

    Raises:
        StateError: it is published or withdrawn already.

    """
    what = "form marked" if is_marked else "form unmarked"
    with vault.changing(what, f"form/{form}") as session:
        row = _in_states(session, form, "draft", "marked")
        row.state, row.marked_at = ("marked", vault.now()) if is_marked else ("draft", None)
        session.add(row)


def mark_published(session: Session, forms: tuple[TrustFormId, ...]) -> None:
    """Note that forms went out in a focus pack; raises StateError if one was not marked."""
    for form in forms:
        row = _in_states(session, form, "marked")
        row.state = "published"
        session.add(row)


def withdraw_form(vault: Vault, form: TrustFormId) -> None:
    """Withdraw a form: it is offered no more; answers given under it stay readable."""
    with vault.changing("form withdrawn", f"form/{form}") as session:
        row = _in_states(session, form, "draft", "marked", "published")
        row.state = "withdrawn"
        session.add(row)


def form_in_use(session: Session, form_id: str, *, but: str = "", in_term: str = "") -> Form | None:
    """Return the newest version in use of a form: published by the trust, else shipped.

    ``but`` is the hash of a form that does not count: the one that is compared. With ``in_term``
    (``2026-27/2``) what was published for a later term does not count.
    """
    shipped = [form for form in shipped_forms() if form.form_id == form_id]
    published = (
        definition_by_hash(session, form.sha256)
        for form in trust_forms(session)
        if form.form_id == form_id
        and form.state == "published"
        and (not in_term or form.from_term <= in_term)
    )
    known = [*shipped, *(form for form in published if form is not None)]
    others = [form for form in known if form.sha256 != but]
    return max(others, key=lambda form: version_key(form.version), default=None)


def forms_in_use(session: Session) -> tuple[Form, ...]:
    """Return the newest version in use of each form that a trust can write itself, by title.

    A form with a list that only a vault knows, such as its people, belongs to the program.
    """
    ids = {form.form_id for form in shipped_forms()}
    ids |= {form.form_id for form in trust_forms(session) if form.state == "published"}
    found = [form for form in (form_in_use(session, name) for name in ids) if form is not None]
    own = (form for form in found
           if all(q.choices for q in form.every_question() if q.list_name))  # fmt: skip
    return tuple(sorted(own, key=lambda form: form.title))


def compared_with_use(session: Session, form: Form) -> Comparison:
    """Return what a form adds, removes and changes against the version in use."""
    in_use = form_in_use(session, form.form_id, but=form.sha256)
    changes = question_changes(in_use, form) if in_use is not None else ()
    return Comparison(form, in_use, changes)


def _refuse_same_version(session: Session, form: Form) -> None:
    in_use = form_in_use(session, form.form_id)
    held = [known for known in trust_forms(session)
            if (known.form_id, known.version) == (form.form_id, form.version)]  # fmt: skip
    if any(known.sha256 == form.sha256 and known.state != "withdrawn" for known in held):
        raise InputError(f"“{form.title}”, version {form.version}, is here already.")
    is_taken = any(known.state in {"marked", "published"} for known in held)
    if is_taken or (in_use is not None and in_use.version == form.version):
        raise InputError(
            f"There is another version {form.version} of “{form.title}” already. Give this one a "
            "new version on the sheet “settings”, so that answers can tell which they were given "
            "under. Nothing was kept."
        )


def _in_states(session: Session, form: TrustFormId, *states: str) -> TrustFormRow:
    row = session.get_one(TrustFormRow, form)
    if row.state not in states:
        raise StateError(
            f"This form is in the state “{STATES[row.state]}”, so that cannot be done. Nothing was "
            "changed."
        )
    return row


def _trust_form(row: TrustFormRow, definition: DefinitionRow) -> TrustForm:
    return TrustForm(
        TrustFormId(row.id), definition.form_id, definition.version, definition.title, row.sha256,
        row.source, row.state, row.imported_at, row.imported_by, row.from_term,
    )  # fmt: skip
