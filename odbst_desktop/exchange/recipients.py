"""Whose vault is whose: where a person signs, so that a package can be sealed to that person."""

from __future__ import annotations

from sqlmodel import Session, select

from odbst_desktop.exchange.bodies import Enrolment
from odbst_desktop.exchange.envelope import strict_base64
from odbst_desktop.exchange.keys import sealing_keyid
from odbst_desktop.exchange.records import SealingKeyRow, SigningKeyRow
from odbst_desktop.exchange.register import SCHOOL_VAULT, SealTo, sealing_keys

_OWNER_OF_ROLE = {"dsl": SCHOOL_VAULT, "headteacher": SCHOOL_VAULT, "governor": "governor"}


def owner_of_enrolment(session: Session, body: Enrolment) -> str:
    """Return under which name the vault of an enrolment goes on the register.

    The first vault of a school with a DSL is the school's; each other vault, be it a governor's or
    the headteacher's own laptop, is that of the person who enrolled first.
    """
    if body.profile == SCHOOL_VAULT and any(person.role == "dsl" for person in body.people):
        others = session.exec(
            select(SealingKeyRow)
            .where(SealingKeyRow.urn == body.urn)
            .where(SealingKeyRow.owner == SCHOOL_VAULT)
            .where(SealingKeyRow.status != "revoked")
        ).all()
        own = sealing_keyid(strict_base64(body.sealing_key))
        if all(other.keyid == own for other in others):
            return SCHOOL_VAULT
    return body.people[0].person


def vault_of_signer(session: Session, keyid: str) -> SealTo | None:
    """Return the vault in which the owner of a signing key opens packages, if the register says.

    The trust knows which keys enrolled together; a school goes by the owner's name on the card,
    then by the role.
    """
    signer = session.get(SigningKeyRow, keyid)
    if signer is None or signer.status != "active":
        return None
    known = [key for key in sealing_keys(session) if key.urn == signer.urn]
    brought = select(SealingKeyRow).where(SealingKeyRow.package == signer.package)
    together = {row.public_key for row in session.exec(brought)} if signer.package else set()
    owner = _OWNER_OF_ROLE.get(signer.role, "")
    for fitting in (
        [key for key in known if key.text in together],
        [key for key in known if key.owner == signer.person],
        [key for key in known if key.owner == owner],
    ):
        if len(fitting) == 1:
            return fitting[0]
    return None


def vaults_of_school(session: Session, urn: int) -> tuple[SealTo, ...]:
    """Return every vault of a school's people on the register, the school's own first."""
    known = [key for key in sealing_keys(session) if key.urn == urn]
    return tuple(sorted(known, key=lambda key: (key.owner != SCHOOL_VAULT, key.owner)))
