"""What a vault knows, copied out, so that packages are checked where the vault is not open."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from odbst_desktop.exchange.bodies import Body, FormReference, TermlyReturn
from odbst_desktop.exchange.checking import Held, RegisteredKey
from odbst_desktop.exchange.errors import PackageError
from odbst_desktop.exchange.keys import KeyId, SealingKey
from odbst_desktop.form_engine.answers import check_types, evaluate
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.reading import form_from


@dataclass(frozen=True)
class DeskCopy:
    """A desk for the checks, as one vault's stood at one moment; it travels between processes.

    It holds the vault's private sealing key: it is handed on in memory and never written to a
    file. ``definitions`` are the return's forms by version, as text. It knows nothing of what was
    received, so it serves ``check_alone``.
    """

    private: bytes
    is_demonstration: bool
    required_signers: Mapping[str, Sequence[Sequence[str]]]
    registered: Mapping[KeyId, RegisteredKey]
    definitions: Mapping[tuple[str, str], str]
    moment: datetime
    own_keyids: frozenset[KeyId] = frozenset()

    @property
    def sealing_key(self) -> SealingKey:
        """Return the vault's own sealing key."""
        return _key(self.private)

    def moment_now(self) -> datetime:
        """Return the moment of the copy."""
        return self.moment

    def registered_key(self, keyid: KeyId) -> RegisteredKey | None:
        """Return what the register says of a key."""
        return self.registered.get(keyid)

    def knows_a_trust(self) -> bool:
        """Say that no card of a strange trust is a first one here."""
        return True

    def form(self, said: FormReference) -> Form:
        """Return the form that answers were given to; raises ``PackageError`` if it is unknown."""
        text = self.definitions.get((said.id, said.version))
        form = None if text is None else _form(text, f"{said.id}, version {said.version}")
        if form is None or form.sha256 != said.sha256:
            raise PackageError("unknown-form")
        return form

    def refuse_answers(self, body: Body) -> None:
        """Raise ``PackageError`` where a return's form is unknown or its rules are broken.

        Other kinds are not collated, so what they answer is not judged here.
        """
        if isinstance(body, TermlyReturn):
            form, today = self.form(body.form), self.moment.date()
            wrong = check_types(form, body.answers)
            wrong = wrong or evaluate(form, body.answers, today=today).errors()
            if wrong:
                raise PackageError("invalid-answers", wrong[0].field)

    def was_received(self, payload_sha256: str) -> bool:
        """Say that nothing was received."""
        del payload_sha256
        return False

    def newest_held(self, series: str) -> Held | None:
        """Return that nothing is held."""
        del series
        return None

    def is_own_unfinished(self, payload_sha256: str) -> bool:
        """Say that nothing waits for signatures."""
        del payload_sha256
        return False


@lru_cache(maxsize=4)
def _key(private: bytes) -> SealingKey:
    return SealingKey(private)  # what follows from it is derived once, and cannot travel


@lru_cache(maxsize=64)
def _form(text: str, origin: str) -> Form:
    return form_from(json.loads(text), origin)
