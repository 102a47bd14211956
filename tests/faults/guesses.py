"""Wrong passphrases and altered slots: none opens."""

from __future__ import annotations

import random
from dataclasses import replace

from odbst_desktop.vault import key_slots
from odbst_desktop.vault.errors import DamagedVaultError
from odbst_desktop.vault.key_file import KEYS, parse_key_file
from odbst_desktop.vault.key_slots import Slot
from tests.faults.vaults import PASSPHRASE, a_vault


def passphrases(times: int) -> bool:
    """Try wrong passphrases near the right one against a slot of floor cost."""
    chance, opened = random.Random(7), 0
    with a_vault() as folder:
        whole = parse_key_file((folder / KEYS).read_bytes())
        slot = next(s for s in whole.slots if s.kind == "passphrase")
        for _ in range(times):
            opened += key_slots.open_slot(whole.vault, slot, _near(chance)) is not None
    print(f"passphrases: {times} wrong ones, opened: {opened}")
    return not opened


def _near(chance: random.Random) -> bytes:
    """Return a passphrase that differs in one letter, two letters swapped, or a letter's case."""
    while True:
        letters = list(PASSPHRASE)
        place = chance.randrange(len(letters) - 1)
        kind = chance.randrange(4)
        if kind == 0:
            letters[place] = chr(chance.randrange(32, 127))
        elif kind == 1:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        elif kind == 2:
            letters[place] = letters[place].upper()
        else:
            letters.insert(place, chr(chance.randrange(32, 127)))
        typed = "".join(letters)
        if typed != PASSPHRASE:
            return typed.encode()


def slots(times: int) -> bool:
    """Alter one thing of a slot at a time: the right passphrase does not open it any more."""
    chance, opened, refused = random.Random(8), 0, 0
    with a_vault() as folder:
        whole = parse_key_file((folder / KEYS).read_bytes())
        slot = next(s for s in whole.slots if s.kind == "passphrase")
        for _ in range(times):
            altered = _altered(slot, chance)
            try:
                opened += key_slots.open_slot(whole.vault, altered, PASSPHRASE.encode()) is not None
            except DamagedVaultError:
                refused += 1
    print(f"slots: {times} altered, opened: {opened}, refused before deriving: {refused}")
    return not opened


def _altered(slot: Slot, chance: random.Random) -> Slot:
    wrapped = slot.wrapped

    def flipped(text: str) -> str:
        place = chance.randrange(len(text))
        other = chance.choice([c for c in "0123456789abcdef" if c != text[place]])
        return text[:place] + other + text[place + 1 :]

    changes = (
        lambda: replace(slot, id=slot.id[:-1] + "x"),
        lambda: replace(slot, user=slot.user[:-1] + "x"),
        lambda: replace(slot, kind="keyring"),
        lambda: replace(slot, public=flipped(slot.public)),
        lambda: replace(slot, sealed=flipped(slot.sealed)),
        lambda: replace(slot, public="", sealed=""),
        lambda: replace(slot, wrapped=replace(wrapped, salt=flipped(wrapped.salt))),
        lambda: replace(slot, wrapped=replace(wrapped, nonce=flipped(wrapped.nonce))),
        lambda: replace(slot, wrapped=replace(wrapped, ciphertext=flipped(wrapped.ciphertext))),
        lambda: _at_cost(slot, memory_kib=chance.choice([1, 1024, 65_535, 65_537, 2**21])),
        lambda: _at_cost(slot, passes=chance.choice([1, 2, 4, 11])),
        lambda: _at_cost(slot, lanes=chance.choice([1, 2, 3, 9])),
    )
    return chance.choice(changes)()


def _at_cost(slot: Slot, **changes: int) -> Slot:
    cost = replace(slot.wrapped.cost, **changes)
    return replace(slot, wrapped=replace(slot.wrapped, cost=cost))
