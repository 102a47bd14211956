"""What is half typed of an entry, so that a lock or a cut of the power loses nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from odbst_desktop.compliance.records import DraftRow
from odbst_desktop.vault.vault import Vault


def keep_draft(vault: Vault, name: str, typed: Mapping[str, Any]) -> None:
    """Keep what is typed of an entry; it counts for nothing until it is said."""
    with vault.changing("register draft kept", f"compliance/{name}") as session:
        text = json.dumps(dict(typed), ensure_ascii=False)
        session.merge(DraftRow(item=name, typed=text, typed_at=vault.now()))


def give_up_draft(vault: Vault, name: str) -> None:
    """Forget what was half typed of an entry."""
    with vault.changing("register draft given up", f"compliance/{name}") as session:
        drop_draft(session, name)


def read_draft(session: Session, name: str) -> dict[str, Any]:
    """Return what was half typed of an entry; empty if nothing was."""
    row = session.get(DraftRow, name)
    return dict(json.loads(row.typed)) if row is not None else {}


def drop_draft(session: Session, name: str) -> None:
    """Forget a draft within a transaction."""
    row = session.get(DraftRow, name)
    if row is not None:
        session.delete(row)
