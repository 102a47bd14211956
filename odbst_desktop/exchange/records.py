"""The tables of the exchange."""

from __future__ import annotations

from sqlmodel import Field, Session, SQLModel

from odbst_desktop.exchange.keys import SealingKey


class OwnSealingKeyRow(SQLModel, table=True):
    """The vault's private sealing key, as hex; protected by the vault's encryption."""

    __tablename__ = "exchange_own_sealing_key"

    id: int = Field(default=1, primary_key=True)
    private: str


class SigningKeyRow(SQLModel, table=True):
    """Somebody's signing key: pending until its fingerprint is confirmed, active, or revoked."""

    __tablename__ = "exchange_signing_key"

    keyid: str = Field(primary_key=True)
    public_key: str
    person: str
    role: str
    urn: int | None = None
    status: str
    since: str
    package: str | None = None


class SealingKeyRow(SQLModel, table=True):
    """A vault that packages may be sealed to; ``package`` is the enrolment that brought it.

    A vault enrolled for several schools has a row for each: after the first, ``KEYID/URN``.
    """

    __tablename__ = "exchange_sealing_key"

    keyid: str = Field(primary_key=True)
    public_key: str
    urn: int | None = None
    owner: str
    status: str
    package: str | None = None


class PackageRow(SQLModel, table=True):
    """A package sent or received: its open form, so that it can be shown again."""

    __tablename__ = "exchange_package"

    payload_sha256: str = Field(primary_key=True)
    kind: str = Field(index=True)
    urn: int | None = Field(default=None, index=True)
    issuer: str
    series: str = Field(index=True)
    revision: int
    direction: str
    verdict: str
    at: str
    content: bytes


def write_sealing_key(session: Session, key: SealingKey) -> None:
    """Store the vault's own sealing key."""
    session.merge(OwnSealingKeyRow(id=1, private=key.private.hex()))


def read_sealing_key(session: Session) -> SealingKey:
    """Return the vault's own sealing key."""
    return SealingKey(bytes.fromhex(session.get_one(OwnSealingKeyRow, 1).private))
