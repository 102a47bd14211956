"""Certificates kept in the vault beside the record they prove."""

from __future__ import annotations

from sqlmodel import Session

from odbst_desktop.errors import InputError
from odbst_desktop.training.recording import RecordId
from odbst_desktop.training.records import TrainingRow
from odbst_desktop.vault.documents import Document, find_document, keep_document, read_document

_KINDS = frozenset({"application/pdf", "image/png", "image/jpeg"})


def attach_certificate(
    session: Session, record: RecordId, name: str, data: bytes, *, at: str
) -> Document:
    """Keep a certificate as PDF or picture with a record; one that was there is kept as well.

    Raises:
        InputError: it is neither a PDF nor a picture, too large, or not what its name says.

    """
    row = session.get_one(TrainingRow, record)
    kept = keep_document(session, name, data, at=at)
    if kept.media_type not in _KINDS:
        raise InputError(
            f"“{kept.name}” is a table and no certificate. Choose a PDF or a picture; nothing was "
            "kept."
        )
    row.certificate = kept.id
    session.add(row)
    session.flush()
    return kept


def certificate_of(session: Session, record: RecordId) -> tuple[Document, bytes] | None:
    """Return a record's certificate with its bytes, None if it has none."""
    name = session.get_one(TrainingRow, record).certificate
    found = find_document(session, name) if name else None
    return (found, read_document(session, name)) if found else None
