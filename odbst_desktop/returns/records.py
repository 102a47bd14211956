"""The table of termly returns."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class ReturnRow(SQLModel, table=True):
    """A school's term: a draft, signed by the first, signed by both, or sent.

    ``answers``, ``provenance`` and ``explanations`` are JSON; ``envelope`` is the open package.
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
