"""The tables of the exchange."""

from __future__ import annotations

from sqlmodel import Field, Session, SQLModel

from odbst_desktop.exchange.keys import SealingKey


class OwnSealingKeyRow(SQLModel, table=True):
    """The vault's private sealing key, as hex; protected by the vault's encryption."""

    __tablename__ = "exchange_own_sealing_key"

    id: int = Field(default=1, primary_key=True)
    private: str


def write_sealing_key(session: Session, key: SealingKey) -> None:
    """Store the vault's own sealing key."""
    session.merge(OwnSealingKeyRow(id=1, private=key.private.hex()))


def read_sealing_key(session: Session) -> SealingKey:
    """Return the vault's own sealing key."""
    return SealingKey(bytes.fromhex(session.get_one(OwnSealingKeyRow, 1).private))
