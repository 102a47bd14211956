"""The vault's own tables."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class UserRow(SQLModel, table=True):
    """Somebody with a passphrase and a signing key of their own. Bytes as hex."""

    __tablename__ = "vault_user"

    id: str = Field(primary_key=True)
    name: str
    role: str
    public_key: str
    wrapped_key: str
    added_at: str
    removed_at: str | None = None


class AuditRow(SQLModel, table=True):
    """One link of the audit chain; it holds no content."""

    __tablename__ = "vault_audit"

    sequence: int = Field(primary_key=True)
    at: str
    user: str
    what: str
    record: str
    previous: str
    hash: str


class DocumentRow(SQLModel, table=True):
    """A file kept inside the vault, with its bytes."""

    __tablename__ = "vault_document"

    id: str = Field(primary_key=True)
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    added_at: str
    data: bytes


class SettingRow(SQLModel, table=True):
    """Something a school set for its vault."""

    __tablename__ = "vault_setting"

    name: str = Field(primary_key=True)
    value: str
