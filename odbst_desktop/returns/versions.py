"""Returns and the versions of their form: which one answers belong to, moving a draft on."""

from __future__ import annotations

import json

from sqlmodel import Session

from odbst_desktop.errors import StateError
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.versions import Moved, moved_answers
from odbst_desktop.form_library.definitions import form_for, keep_definition
from odbst_desktop.returns.drafting import Return, ReturnId, return_form_in_use
from odbst_desktop.returns.records import ReturnRow
from odbst_desktop.vault.vault import Vault


def form_of_return(session: Session, found: Return) -> Form:
    """Return the form that a return was filled in under."""
    return form_for(session, return_form_in_use(session), found.form_version)


def form_of_row(session: Session, row: ReturnRow) -> Form:
    """Return the form that a return's row was filled in under."""
    return form_for(session, return_form_in_use(session), row.form_version)


def move_return(vault: Vault, made: ReturnId) -> Moved:
    """Move a draft to the version in use; what has no place there is named in what comes back.

    Raises:
        StateError: it is signed; nothing was changed.

    """
    with vault.changing("return moved to another version", f"return/{made}") as session:
        row = session.get_one(ReturnRow, made)
        if row.state != "draft":
            raise StateError("This return is signed and cannot be changed. Nothing was changed.")
        new = return_form_in_use(session, row.year, row.term)
        old = form_for(session, new, row.form_version)
        moved = moved_answers(old, new, json.loads(row.answers))
        provenance = json.loads(row.provenance)
        row.answers = json.dumps(dict(moved.answers), ensure_ascii=False)
        row.provenance = json.dumps({n: provenance.get(n, "typed") for n in moved.answers})
        row.form_version = new.version
        keep_definition(session, new, at=vault.now())
        session.add(row)
    return moved
