"""The tables of definitions and of the trust's own forms."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class DefinitionRow(SQLModel, table=True):
    """A form's definition as JSON, by its own hash: what answers were given under is never lost."""

    __tablename__ = "form_library_definition"

    sha256: str = Field(primary_key=True)
    form_id: str = Field(index=True)
    version: str
    title: str
    definition: str
    kept_at: str


class TrustFormRow(SQLModel, table=True):
    """A form the trust wrote: a draft, to go into the next focus pack, published or withdrawn.

    ``from_term`` is that of the pack that published it, such as ``2026-27/2`` for its spring.
    """

    __tablename__ = "form_library_trust_form"

    id: str = Field(primary_key=True)
    sha256: str = Field(index=True, foreign_key="form_library_definition.sha256")
    source: str
    state: str = "draft"
    imported_at: str
    imported_by: str
    marked_at: str | None = None
    from_term: str = Field(default="", sa_column_kwargs={"server_default": ""})
