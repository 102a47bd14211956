"""What an open vault knows when a package arrives: the desk of the package checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from odbst_desktop.errors import InputError
from odbst_desktop.exchange import register
from odbst_desktop.exchange.bodies import (
    Body,
    FocusPack,
    FormReference,
    MonitoringVisit,
    TermlyReturn,
)
from odbst_desktop.exchange.checking import CheckedPackage, Held, RegisteredKey
from odbst_desktop.exchange.errors import PackageError
from odbst_desktop.exchange.keys import KeyId, SealingKey, signing_keyid
from odbst_desktop.exchange.package_list import digests
from odbst_desktop.exchange.payload import SELF_SIGNED_KINDS
from odbst_desktop.exchange.records import read_sealing_key
from odbst_desktop.form_engine.answers import check_types, evaluate
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_library.definitions import kept_forms
from odbst_desktop.monitoring.checklists import visit_form
from odbst_desktop.office.packs import refuse_unusable
from odbst_desktop.returns.drafting import return_form_of
from odbst_desktop.returns.travelling import unfinished_payloads
from odbst_desktop.school.owner import Profile, read_owner
from odbst_desktop.school.posts import urn_of_user
from odbst_desktop.vault.vault import Vault


class VaultDesk:
    """Answers the checks from the vault's tables as they stood when it was made.

    Whoever stores a package says so with ``note_stored``, so that one desk serves many files.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.look_again()

    def look_again(self) -> None:
        """Read the vault's tables anew."""
        vault = self._vault
        users = vault.users()
        with vault.reading() as session:
            owner = read_owner(session)
            self._sealing_key = read_sealing_key(session)
            self._is_demonstration = owner.is_demonstration
            self._is_trust = owner.profile is Profile.TRUST
            self._registered = register.registered(session)
            self._required = register.required_signers(session)
            self._kept = kept_forms(session)
            self._newest = register.newest_of_series(session)
            self._received = digests(session)
            self._unfinished = unfinished_payloads(session)
            self._has_card = register.newest_card(session) is not None
            self._own = {
                signing_keyid(u.public_key): RegisteredKey(
                    u.public_key, u.name, u.role, urn_of_user(session, u.id)
                )
                for u in users
            }

    @property
    def sealing_key(self) -> SealingKey:
        """Return the vault's own sealing key."""
        return self._sealing_key

    @property
    def own_keyids(self) -> frozenset[KeyId]:
        """Return the signing keys of the vault's users."""
        return frozenset(self._own)

    @property
    def keys(self) -> Mapping[KeyId, RegisteredKey]:
        """Return every key that the checks know."""
        return {**self._own, **self._registered}

    @property
    def is_demonstration(self) -> bool:
        """Say whether the vault is one of the demonstration."""
        return self._is_demonstration

    @property
    def required_signers(self) -> Mapping[str, Sequence[Sequence[str]]]:
        """Return for each kind the lists of roles, one of each of which must sign."""
        return self._required

    def note_stored(self, checked: CheckedPackage) -> None:
        """Know from now on that a package was stored."""
        if checked.payload.kind in SELF_SIGNED_KINDS:
            self.look_again()  # the register may have changed with it
            return
        self._received.add(checked.payload_sha256)
        self._newest[checked.series] = Held(checked.payload.revision, checked.payload_sha256)

    def moment_now(self) -> datetime:
        """Return this clock's moment."""
        return self._vault.clock()

    def registered_key(self, keyid: KeyId) -> RegisteredKey | None:
        """Return what the register says of a key; the vault's own keys are known."""
        return self._registered.get(keyid) or self._own.get(keyid)

    def knows_a_trust(self) -> bool:
        """Say whether a trust card was confirmed, or the vault is the trust's."""
        return self._has_card or self._is_trust

    def refuse_answers(self, body: Body) -> None:
        """Raise ``PackageError`` where the form is unknown or its rules are broken."""
        if isinstance(body, TermlyReturn):
            with self._vault.reading() as session:
                form = return_form_of(session, body.form.sha256)
            _refuse(body.form, form, body.answers, self.moment_now())
        elif isinstance(body, MonitoringVisit):
            _refuse(body.form, self._checklist(body.form), body.answers, self.moment_now())
        elif isinstance(body, FocusPack):
            with self._vault.reading() as session:
                refuse_unusable(session, body)

    def _checklist(self, said: FormReference) -> Form:
        """Return the checklist a visit was answered under: any version that was ever in use."""
        with suppress(InputError):
            shipped = visit_form(said.id)
            if shipped.version == said.version:
                return shipped
        kept = self._kept.get((said.id, said.version))
        if kept is None:
            raise PackageError("unknown-form")
        return kept.form

    def was_received(self, payload_sha256: str) -> bool:
        """Say whether this very payload was stored before."""
        return payload_sha256 in self._received

    def newest_held(self, series: str) -> Held | None:
        """Return the newest package held of a series."""
        return self._newest.get(series)

    def is_own_unfinished(self, payload_sha256: str) -> bool:
        """Say whether a return of this vault waits for signatures on this payload."""
        return payload_sha256 in self._unfinished


def _refuse(said: FormReference, form: Form, answers: dict[str, Any], now: datetime) -> None:
    if (said.id, said.version, said.sha256) != (form.form_id, form.version, form.sha256):
        raise PackageError("unknown-form")
    wrong = check_types(form, answers) or evaluate(form, answers, today=now.date()).errors()
    if wrong:
        raise PackageError("invalid-answers", wrong[0].field)
