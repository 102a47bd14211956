"""Files kept inside the vault: certificates, evidence. They are judged by what they hold.

A document never lies on the disk in plain, except when a user asks to open it in another program
(``private_folder``). Nothing in it is ever run.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath, PureWindowsPath
from typing import NewType

from sqlmodel import Session, select

from odbst_desktop.errors import InputError
from odbst_desktop.vault.records import DocumentRow

DocumentId = NewType("DocumentId", str)
"""A random UUID of a document."""

MOST_BYTES = 10_000_000
_LONGEST_NAME = 80
_NOT_FOR_NAMES = re.compile(r"[^A-Za-z0-9 ._-]+")
_PDF_SIGN_WITHIN = 1024


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a document without its bytes. ``sha256`` is 64 hex digits."""

    id: DocumentId
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    added_at: str


@dataclass(frozen=True, slots=True)
class _Kind:
    media_type: str
    words: str
    endings: tuple[str, ...]
    holds: Callable[[bytes], bool]


def _is_text(data: bytes) -> bool:
    if not data.strip() or b"\0" in data:
        return False
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes in Britain.
        return not any(byte < 32 and byte not in b"\t\r\n" for byte in data)
    return True


_KINDS = (
    _Kind("application/pdf", "a PDF", (".pdf",), lambda d: b"%PDF-" in d[:_PDF_SIGN_WITHIN]),
    _Kind("image/png", "a PNG picture", (".png",), lambda d: d.startswith(b"\x89PNG\r\n\x1a\n")),
    _Kind(
        "image/jpeg", "a JPEG picture", (".jpg", ".jpeg"), lambda d: d.startswith(b"\xff\xd8\xff")
    ),
    _Kind("text/csv", "a CSV table", (".csv",), _is_text),
)


def keep_document(session: Session, name: str, data: bytes, *, at: str) -> Document:
    """Keep a file inside the vault; ``at`` is the moment, RFC 3339.

    Raises:
        InputError: it is empty, too large, of another kind, or not what its name says.

    """
    shown = safe_name(name)
    if not data:
        raise InputError(f"“{shown}” is empty. Nothing was kept; choose another file.")
    if len(data) > MOST_BYTES:
        raise InputError(
            f"“{shown}” has {len(data) // 1_000_000} MB; at most {MOST_BYTES // 1_000_000} MB can "
            "be kept. Scan it at a lower resolution, or keep it elsewhere and note where."
        )
    kind = _kind_of(shown, data)
    row = DocumentRow(
        id=str(uuid.uuid4()), name=shown, media_type=kind.media_type, size_bytes=len(data),
        sha256=sha256(data).hexdigest(), added_at=at, data=data,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return _document(row)


def find_document(session: Session, document: str) -> Document | None:
    """Return what is known of a document, None if there is none."""
    row = session.get(DocumentRow, document)
    return None if row is None else _document(row)


def read_document(session: Session, document: str) -> bytes:
    """Return the bytes of a document."""
    return session.exec(select(DocumentRow.data).where(DocumentRow.id == document)).one()


def remove_document(session: Session, document: str) -> None:
    """Remove a document; its bytes are overwritten in the file."""
    session.delete(session.get_one(DocumentRow, document))


def safe_name(name: str) -> str:
    """Return a file's name as the package format allows it: no path, plain letters, at most 80."""
    base = PurePath(PureWindowsPath(name).name).name
    plain = " ".join(_NOT_FOR_NAMES.sub(" ", base).split()).lstrip(" ._-")
    path = PurePath(plain or "document")
    return f"{path.stem[: _LONGEST_NAME - len(path.suffix)]}{path.suffix}"[:_LONGEST_NAME]


def _kind_of(name: str, data: bytes) -> _Kind:
    ending = PurePath(name).suffix.lower()
    said = next((kind for kind in _KINDS if ending in kind.endings), None)
    if said is not None and said.holds(data):
        return said
    # A text is not taken for a table unless its name says so.
    found = next((kind for kind in _KINDS[:-1] if kind.holds(data)), None)
    if said is not None:
        holds = f"it holds {found.words}" if found else "what it holds is something else"
        raise InputError(
            f"“{name}” is named as {said.words}, but {holds}. Nothing was kept; check the file."
        )
    if found is None:
        raise InputError(
            f"“{name}” is neither a PDF, a PNG or JPEG picture nor a CSV table. Nothing was kept; "
            "save or scan it as a PDF first."
        )
    return found


def _document(row: DocumentRow) -> Document:
    return Document(
        DocumentId(row.id), row.name, row.media_type, row.size_bytes, row.sha256, row.added_at
    )
