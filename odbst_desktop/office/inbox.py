"""Check packages that arrive, and file those that are true."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session

from odbst_desktop.errors import InputError, OdbstError
from odbst_desktop.exchange import register
from odbst_desktop.exchange.bodies import (
    Enrolment,
    FocusPack,
    MonitoringVisit,
    Receipt,
    TrustCard,
)
from odbst_desktop.exchange.checking import MOST_BYTES, CheckedPackage, check_alone, check_package
from odbst_desktop.exchange.errors import PackageError
from odbst_desktop.exchange.payload import SELF_SIGNED_KINDS
from odbst_desktop.exchange.recipients import owner_of_enrolment
from odbst_desktop.exchange.register import KnownKey
from odbst_desktop.files import read_whole
from odbst_desktop.monitoring.received import keep_received
from odbst_desktop.office.desk import VaultDesk
from odbst_desktop.office.packs import Moment, take_pack
from odbst_desktop.returns.other_laptop import is_draft
from odbst_desktop.returns.travelling import keep_to_sign, note_answered, take_signatures
from odbst_desktop.school.owner import Profile, read_owner
from odbst_desktop.school.schools import AUTHORITIES, School, write_school
from odbst_desktop.vault.vault import Vault

PACKAGE_KINDS = {"trust-card": "Trust card", "focus-pack": "Focus pack", "enrolment": "Enrolment",
                 "termly-return": "Termly return", "monitoring-visit": "Monitoring visit",
                 "receipt": "Receipt"}  # fmt: skip
VERDICT_SIGNS = {"accepted": "✓ Accepted", "pending": "◔ Pending",
                 "duplicate": "– Received before", "rejected": "✗ Refused"}  # fmt: skip


_MOST_FILES = 100_000

_DRAFT = (
    "This is no package but the draft of a return from another laptop. Open the return on the tab "
    "Termly return and compare the two there. Nothing was changed."
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a file: accepted, pending, duplicate or rejected."""

    file: str
    verdict: str
    code: str
    message: str
    kind: str | None = None
    id: str | None = None

    @property
    def is_refused(self) -> bool:
        """Say whether the file was refused."""
        return self.verdict == "rejected"


def verify_file(vault: Vault, path: Path) -> Verdict:
    """Check a file and change nothing."""
    return _judged(vault, path, VaultDesk(vault), is_stored=False)


def verify_files(vault: Vault, paths: Iterable[Path]) -> Iterator[Verdict]:
    """Check files one by one, give each verdict and change nothing."""
    desk = VaultDesk(vault)
    for path in paths:
        yield _judged(vault, path, desk, is_stored=False)


def import_file(vault: Vault, path: Path) -> Verdict:
    """Check a file and store it whole, or not at all."""
    return _judged(vault, path, VaultDesk(vault), is_stored=True)


def import_files(vault: Vault, paths: Iterable[Path]) -> Iterator[Verdict]:
    """Check files one by one and give each verdict; each is stored whole, or not at all.

    One file is in memory at a time; whoever stops asking leaves the rest untouched.
    """
    desk = VaultDesk(vault)
    for path in paths:
        yield _judged(vault, path, desk, is_stored=True)


def package_files(chosen: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files to check: those chosen, and in folders those whose name ends in .odbst.

    Links are not followed out of a folder.

    Raises:
        InputError: there are more than a trust could ever receive.

    """
    found: dict[Path, None] = {}
    for path in chosen:
        inside = path.is_dir() and not path.is_symlink()
        for each in packages_inside(path) if inside else (path,):
            found[each] = None
            if len(found) > _MOST_FILES:
                raise InputError(
                    f"There are more than {_MOST_FILES:,} packages in that folder. Choose fewer at "
                    "a time; nothing was checked."
                )
    return tuple(found)


def packages_inside(folder: Path) -> Iterator[Path]:
    """Give the files below a folder whose name ends in .odbst, in the order of their paths."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if path.suffix.casefold() == ".odbst" and not path.is_symlink():
                yield path


def inspect_file(vault: Vault, path: Path) -> dict[str, Any]:
    """Return a checked package's payload without its documents' data; raises PackageError."""
    payload = check_alone(_read(path), VaultDesk(vault)).payload.model_dump()
    for document in payload["documents"]:
        del document["data"]
    return payload


def approve(vault: Vault, keyid: str, typed_fingerprint: str) -> tuple[KnownKey, ...]:
    """Confirm a pending key by the fingerprint that was read over the telephone.

    Returns the older keys of the same person that count still, to be revoked if they are replaced.

    Raises:
        InputError: no such key waits, or the fingerprint differs; nothing was changed.

    """
    with vault.changing("key confirmed", f"key/{keyid[:16]}") as session:
        digest = register.approve_key(session, keyid, typed_fingerprint)
        session.flush()
        older = register.older_keys(session, keyid)
        waiting = register.find_package(session, digest)
        body = waiting.body() if waiting and waiting.kind == "trust-card" else None
        if waiting is not None and isinstance(body, TrustCard):
            _apply_card(session, body, waiting.payload().signers[0].person)
        return older


REVOKED_BECAUSE = {"lost": "the laptop is lost", "left": "the person has left",
                   "replaced": "a newer key takes its place",
                   "known": "somebody may know the passphrase"}  # fmt: skip
"""Why a key is revoked; the history keeps it."""


def revoke(vault: Vault, keyid: str, because: str = "replaced") -> None:
    """Revoke a key; raises InputError if the register does not have it."""
    what = f"key revoked: {REVOKED_BECAUSE[because]}"
    with vault.changing(what, f"key/{keyid[:16]}") as session:
        register.revoke_key(session, keyid, vault.now())


def refuse(vault: Vault, keyid: str) -> None:
    """Take away a key that waits and what came with it; raises InputError if none waits."""
    with vault.changing("key refused", f"key/{keyid[:16]}") as session:
        register.refuse_key(session, keyid)


def _judged(vault: Vault, path: Path, desk: VaultDesk, *, is_stored: bool) -> Verdict:
    try:
        checked = check_package(_read(path), desk)
        comes_back = desk.is_own_unfinished(checked.payload_sha256)
        if is_stored:
            _keep(vault, checked, desk)
    except PackageError as fault:
        if fault.code == "already-received":
            known = check_alone(_read(path), desk).payload
            return Verdict(path.name, "duplicate", fault.code, fault.sentence, known.kind, known.id)
        said = fault.sentence
        if fault.code == "unknown-kind" and is_draft(vault, _read(path)):
            said = _DRAFT
        return Verdict(path.name, "rejected", fault.code, said)
    except OdbstError as fault:
        return Verdict(path.name, "rejected", fault.code, fault.sentence)
    payload = checked.payload
    words = _message(checked, comes_back=comes_back, where=_where_to_sign(vault))
    return Verdict(path.name, checked.verdict, "ok", words, payload.kind, payload.id)


def _message(checked: CheckedPackage, *, comes_back: bool, where: str) -> str:
    kind = PACKAGE_KINDS[checked.payload.kind]
    sender = checked.payload.issuer.name
    if _waits_for_a_signature(checked):
        return (
            f"{kind} from {sender}: it waits for a signature of somebody here. Open it on the tab "
            f"{where}, look at it, and sign or put it away."
        )
    if comes_back:
        return f"{kind}: it came back with every signature. It is countersigned."
    if checked.verdict == "accepted":
        return f"{kind} from {sender}: every check passed."
    return (
        f"{kind} from {sender}: true in itself. Ring the sender, let them read you the "
        "fingerprint, and confirm it before it counts."
    )


def _where_to_sign(vault: Vault) -> str:
    with vault.reading() as session:
        is_school = read_owner(session).profile is Profile.SCHOOL
    return "Termly return" if is_school else "Returns to sign"


def _waits_for_a_signature(checked: CheckedPackage) -> bool:
    """Say whether a package came to be signed here, not to be kept."""
    return checked.verdict == "pending" and checked.payload.kind not in SELF_SIGNED_KINDS


def _keep(vault: Vault, checked: CheckedPackage, desk: VaultDesk) -> None:
    if _waits_for_a_signature(checked):
        with vault.changing("return to sign received", f"package/{checked.payload.id}") as session:
            keep_to_sign(session, checked, vault.now())
    elif desk.is_own_unfinished(checked.payload_sha256):
        with vault.changing("signatures received", f"package/{checked.payload.id}") as session:
            take_signatures(session, checked, vault.now())
    else:
        _store(vault, checked)
        desk.note_stored(checked)
        return
    desk.look_again()


def _read(path: Path) -> bytes:
    return read_whole(path, at_most_bytes=MOST_BYTES)


def _store(vault: Vault, checked: CheckedPackage) -> None:
    payload = checked.payload
    with vault.changing(f"{payload.kind} received", f"package/{payload.id}") as session:
        body, at = checked.body, vault.now()
        revision = body.version if isinstance(body, TrustCard) else payload.revision
        register.store_package(
            session, payload, checked.envelope, digest=checked.payload_sha256,
            series=checked.series, revision=revision, direction="received",
            verdict=checked.verdict, at=at,
        )  # fmt: skip
        if checked.verdict == "pending":
            owner = owner_of_enrolment(session, body) if isinstance(body, Enrolment) else "trust"
            register.add_pending(session, checked, at, owner=owner)
        elif isinstance(body, TrustCard):
            _apply_card(session, body, payload.signers[0].person)
        elif isinstance(body, FocusPack):
            take_pack(session, checked, body, Moment(vault.today(), at))
        elif isinstance(body, Receipt):
            note_answered(session, body.of)
        elif isinstance(body, MonitoringVisit) and payload.issuer.urn is not None:
            _keep_visit(session, checked, body, vault.today())


def _keep_visit(
    session: Session, checked: CheckedPackage, body: MonitoringVisit, today: date
) -> None:
    """Keep a visit at the school, where its actions join the list, or at the trust."""
    payload, profile = checked.payload, read_owner(session).profile
    keep_received(
        session, urn=payload.issuer.urn or 0, form=body.form.model_dump(), answers=body.answers,
        visited_on=date.fromisoformat(body.visited_on), governor=payload.signers[0].person,
        received_on=today, signed_at=payload.issued_at, payload_sha256=checked.payload_sha256,
        revision=payload.revision, supersedes=payload.supersedes,
        with_actions=profile is Profile.SCHOOL,
    )  # fmt: skip


def _apply_card(session: Session, card: TrustCard, esl_person: str) -> None:
    register.apply_card(session, card, esl_person)
    for school in card.schools:
        authority = school.authority if school.authority in AUTHORITIES else "other"
        write_school(session, School(school.urn, school.name, authority, school.phase, school.hub))
