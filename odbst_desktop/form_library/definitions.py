"""Definitions kept in the vault, so that old answers stay readable under their old words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlmodel import Session, col, select

from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.reading import form_from, shipped_forms
from odbst_desktop.form_engine.versions import version_key
from odbst_desktop.form_library.records import DefinitionRow
from odbst_desktop.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A definition as the vault keeps it, read when its questions are first looked at."""

    title: str
    version: str
    text: str

    @property
    def form(self) -> Form:
        """Return the form; the same text gives the same form."""
        return _read(self.text, f"{self.title}, version {self.version}")


def keep_definition(session: Session, form: Form, *, at: str) -> str:
    """Keep a form's definition if the vault has it not yet; return its hash.

    Call it where answers to the form are begun or received. ``at`` is the moment, RFC 3339.
    """
    digest = form.sha256
    if session.get(DefinitionRow, digest) is None:
        session.add(
            DefinitionRow(
                sha256=digest, form_id=form.form_id, version=form.version, title=form.title,
                definition=json.dumps(form.raw, ensure_ascii=False, sort_keys=True), kept_at=at,
            )
        )  # fmt: skip
        session.flush()
    return digest


def keep_shipped(vault: Vault) -> int:
    """Keep every form that this edition of the program brings; return how many were new.

    So a later edition still finds the words under which today's answers were given.
    """
    with vault.reading() as session:
        known = set(session.exec(select(DefinitionRow.sha256)).all())
    fresh = [form for form in shipped_forms() if form.sha256 not in known]
    if fresh:
        with vault.changing("forms kept", "forms/shipped") as session:
            for form in fresh:
                keep_definition(session, form, at=vault.now())
    return len(fresh)


def definition_of(session: Session, form_id: str, version: str) -> Form | None:
    """Return the form of an id and version as it was kept first, None if it never was."""
    row = session.exec(
        select(DefinitionRow)
        .where(DefinitionRow.form_id == form_id, DefinitionRow.version == version)
        .order_by(col(DefinitionRow.kept_at))
    ).first()
    return None if row is None else _form(row)


def definition_by_hash(session: Session, sha256: str) -> Form | None:
    """Return the form of a hash, None if it was never kept."""
    row = session.get(DefinitionRow, sha256)
    return None if row is None else _form(row)


def form_for(session: Session, current: Form, version: str) -> Form:
    """Return the form that answers of a version were given to.

    ``current`` is the form in use; it stands in where an older version was never kept.
    """
    if version == current.version:
        return current
    return definition_of(session, current.form_id, version) or current


def kept_forms(
    session: Session, form_ids: Iterable[str] | None = None
) -> Mapping[tuple[str, str], KeptForm]:
    """Return the definitions of some forms or all, by id and version, as each was kept first."""
    query = select(DefinitionRow).order_by(col(DefinitionRow.kept_at).desc())
    if form_ids is not None:
        query = query.where(col(DefinitionRow.form_id).in_(set(form_ids)))
    rows = session.exec(query).all()
    return {
        (row.form_id, row.version): KeptForm(row.title, row.version, row.definition) for row in rows
    }


def versions_kept(session: Session, form_id: str) -> tuple[Form, ...]:
    """Return every version of a form that the vault has, oldest first."""
    rows = session.exec(select(DefinitionRow).where(DefinitionRow.form_id == form_id)).all()
    return tuple(sorted(map(_form, rows), key=lambda form: version_key(form.version)))


def definitions(session: Session) -> tuple[Form, ...]:
    """Return every definition the vault has, by id and version."""
    forms = map(_form, session.exec(select(DefinitionRow)).all())
    return tuple(sorted(forms, key=lambda form: (form.form_id, version_key(form.version))))


def _form(row: DefinitionRow) -> Form:
    return KeptForm(row.title, row.version, row.definition).form


@lru_cache(maxsize=64)
def _read(text: str, origin: str) -> Form:
    # A definition never changes, and a form that was read keeps its plan of what follows from what.
    return form_from(json.loads(text), origin)
