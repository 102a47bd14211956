"""Answer a school's return: send the questions that were written to it, or accept it."""

from __future__ import annotations

from odbst_desktop.errors import InputError
from odbst_desktop.office import outbox
from odbst_desktop.office.outbox import Outgoing, Write, not_written
from odbst_desktop.trust.queries import clear_queries, drafted_queries
from odbst_desktop.vault.vault import Vault


def send_queries(
    vault: Vault, payload_sha256: str, passphrase: str, write: Write = not_written
) -> Outgoing:
    """Return the receipt that asks what was written to the fields of a return.

    If ``write`` cannot write it, nothing is sent and the questions stay.

    Raises:
        InputError: no question is written.
        StateError: the school's vault is not on the register.
        WrongPassphraseError: it is not the ESL's passphrase.

    """
    with vault.reading() as session:
        queries = drafted_queries(session, payload_sha256)
    if not queries:
        raise InputError("No question is written yet. Choose a field and write what to ask first.")
    sent = outbox.receipt(vault, payload_sha256, passphrase, queries, write)
    _clear(vault, payload_sha256)
    return sent


def accept_return(
    vault: Vault, payload_sha256: str, passphrase: str, write: Write = not_written
) -> Outgoing:
    """Return the receipt that accepts a return; raises as ``send_queries``.

    Questions that are written and not sent would be lost, so they have to be sent or taken back.
    """
    with vault.reading() as session:
        queries = drafted_queries(session, payload_sha256)
    if queries:
        raise InputError(
            "There are questions to this return that were not sent. Send them, or take them back, "
            "before you accept it."
        )
    return outbox.receipt(vault, payload_sha256, passphrase, write=write)


def _clear(vault: Vault, payload_sha256: str) -> None:
    with vault.changing("questions sent", f"package/{payload_sha256[:16]}") as session:
        clear_queries(session, payload_sha256)
