"""The table of termly returns."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import Field, SQLModel


class ReturnRow(SQLModel, table=True):
    """A school's term: a draft, signed by the first, signed by both, or sent.

    ``answers``, ``provenance`` and ``explanations`` are JSON; ``envelope`` is the open package.
    ``set_aside`` is what was signed before a change took the signatures away, until it is signed
    anew; ``touched`` is JSON: who typed or changed an answer last, and when, by question;
    ``sheet`` is JSON: what was counted from a Bromcom sheet; ``reason`` says why a later revision
    was made.
    """

    __tablename__ = "returns_return"

    id: str = Field(primary_key=True)
    year: str = Field(index=True)
    term: str
    form_version: str
    revision: int = 1
    supersedes: str | None = None
    answers: str
    provenance: str
    explanations: str = "{}"
    state: str = "draft"
    envelope: bytes | None = None
    prepared_at: str
    reason: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    set_aside: bytes | None = None
    exported_at: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    touched: str = Field(default="{}", sa_column_kwargs={"server_default": text("'{}'")})
    sheet: str = Field(default="{}", sa_column_kwargs={"server_default": text("'{}'")})
