"""The files that carry a return, each with what it holds, for whom, and what to do with it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from odbst_desktop.errors import InputError
from odbst_desktop.exchange.envelope import parse_envelope
from odbst_desktop.exchange.hash_words import hash_words
from odbst_desktop.exchange.payload import Payload
from odbst_desktop.exchange.register import SCHOOL_VAULT, SealTo
from odbst_desktop.exchange.writing import package_file_name
from odbst_desktop.office import outbox
from odbst_desktop.returns.drafting import Return, ReturnId, read_return
from odbst_desktop.returns.other_laptop import draft_for
from odbst_desktop.returns.set_aside import read_payload
from odbst_desktop.returns.signing import awaited_signer
from odbst_desktop.returns.travelling import (
    ToCountersign,
    countersigned_for_school,
    countersigned_for_trust,
    sealed_for_signer,
    signer_words,
    to_countersign,
)
from odbst_desktop.school.owner import read_owner
from odbst_desktop.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class ReadyFile:
    """A sealed file: under which name, for whom, what to do with it, what it holds.

    ``fingerprint`` is the SHA-256 of what was signed, 64 hex digits: the same on every laptop,
    and what the ESL's receipt answers to. A draft is signed by one only and has its file's.
    """

    name: str
    data: bytes
    reader: str
    what_to_do: str
    holds: tuple[str, ...]
    fingerprint: str

    @property
    def fingerprint_words(self) -> str:
        """Return the fingerprint as words to be read out, and in groups of four digits."""
        groups = " ".join(self.fingerprint[at : at + 4] for at in range(0, 64, 4))
        return f"{hash_words(self.fingerprint)}\n{groups}"


def file_for_trust(vault: Vault, made: ReturnId) -> ReadyFile:
    """Return the file a school uploads; raises as ``sealed_return``."""
    sent = outbox.termly_return(vault, made)
    found = read_return(vault, made)
    return _ready(
        sent.name, sent.data, "the Executive Safeguarding Lead",
        "Upload this one file to the folder the Executive Safeguarding Lead gave you. Nothing else "
        "is needed. When the receipt comes back, import it on the tab Packages.",
        found.envelope,
    )  # fmt: skip


def file_for_signer(vault: Vault, made: ReturnId) -> ReadyFile:
    """Return the half-signed return for who signs second; raises as ``sealed_for_signer``."""
    found = read_return(vault, made)
    second = awaited_signer(vault, found)
    data = sealed_for_signer(vault, made)
    return _ready(
        _name(vault, found, "termly-return-to-sign"), data, second.name,
        f"Hand this one file to {second.name}, on a stick or by e-mail: nobody else can open it. "
        f"{second.name} imports it on the tab Packages, looks at it, signs, and sends it to the "
        "Executive Safeguarding Lead. Do not change the return meanwhile.",
        found.envelope,
    )  # fmt: skip


def countersigned_files(vault: Vault, payload_sha256: str) -> tuple[ReadyFile, ReadyFile]:
    """Return a return that was signed here, for the trust and back for the DSL.

    Raises as ``countersigned_for_trust`` and ``countersigned_for_school``.
    """
    held = next((r for r in to_countersign(vault) if r.payload_sha256 == payload_sha256), None)
    if held is None:
        raise InputError("There is no such return to be signed here. Choose one from the list.")
    for_trust = countersigned_for_trust(vault, payload_sha256)
    for_school = countersigned_for_school(vault, payload_sha256)
    return (
        _countersigned(
            held, "termly-return", for_trust, "the Executive Safeguarding Lead",
            "Upload this one file to the folder the Executive Safeguarding Lead gave you.",
        ),
        _countersigned(
            held, "termly-return-signed-for-school", for_school, "the DSL",
            "Hand this file back to the DSL, who imports it on the tab Packages: the school’s "
            "vault then knows that the return is countersigned.",
        ),
    )  # fmt: skip


def draft_file(vault: Vault, made: ReturnId, passphrase: str, to: SealTo) -> ReadyFile:
    """Return a draft for another laptop of the school; raises as ``draft_for``."""
    found = read_return(vault, made)
    data = draft_for(vault, made, passphrase, to)
    reader = "the school’s vault" if to.owner == SCHOOL_VAULT else to.owner
    return ReadyFile(
        _name(vault, found, "termly-return-draft"), data, reader,
        "Carry this file to the other laptop. There, open the return and choose “Compare with "
        "another laptop’s draft”. Nothing changes there until a field is taken.",
        (f"A draft: {found.title.lower()}", f"{len(found.answers)} answers", "No paper"),
        sha256(data).hexdigest(),
    )  # fmt: skip


def _countersigned(
    held: ToCountersign, kind: str, data: bytes, reader: str, what_to_do: str
) -> ReadyFile:
    name = package_file_name(held.school, held.year, held.term, kind, held.revision)
    later = f", revision {held.revision}" if held.revision > 1 else ""
    return ReadyFile(
        name, data, reader, what_to_do,
        (
            f"Termly return of {held.school}, {held.term} term {held.year}{later}",
            f"{len(held.answers)} answers and {len(held.explanations)} explanations",
            f"Signatures: {'; '.join(held.signed_by)}",
            "The paper as a PDF" if held.pdf else "No paper",
        ),
        held.payload_sha256,
    )  # fmt: skip


def _ready(
    name: str, data: bytes, reader: str, what_to_do: str, content: bytes | None
) -> ReadyFile:
    envelope = parse_envelope(content or b"")
    payload = read_payload(envelope)
    return ReadyFile(
        name, data, reader, what_to_do,
        (
            *_counted(payload),
            f"Signatures: {'; '.join(signer_words(envelope))}",
            *(f"Paper: {d.name}, {max(d.size // 1024, 1)} KB" for d in payload.documents),
        ),
        sha256(envelope.payload).hexdigest(),
    )  # fmt: skip


def _counted(payload: Payload) -> tuple[str, str]:
    body = payload.body
    later = f", revision {payload.revision}" if payload.revision > 1 else ""
    return (
        f"Termly return of {payload.issuer.name}, {body['term']} term "
        f"{body['academic_year']}{later}",
        f"{len(body['answers'])} answers and {len(body['explanations'])} explanations",
    )


def _name(vault: Vault, found: Return, kind: str) -> str:
    with vault.reading() as session:
        school = read_owner(session).name
    return package_file_name(school, found.year, found.term, kind, found.revision)
