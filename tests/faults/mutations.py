"""Packages mutated by the ten thousand: none is accepted, and none gets past the verifier."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from odbst_desktop.exchange.checking import Held, check_package
from odbst_desktop.exchange.errors import PackageError
from odbst_desktop.exchange.sealing import SEAL
from tests.exchange.making import Maker, make_maker

_MARKS = b'{}[]",:0129eE-+.truefalsn\\ \x00\xff\xc3\xed\xa0'
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**53, 2**63, 1e308, 0.5, "", "x" * 300, "\u202e", "\x00", "../a",
    [], {}, [[[]]], {"a": 1}, "2026-13-40", "9" * 5000,
)  # fmt: skip
Check = Callable[[bytes], str]


def mutations(times: int) -> bool:
    """Mutate a file, its ciphertext, its envelope and its truly signed payload, a quarter each.

    The sound return was received before, so that what a mutation leaves unchanged is a duplicate
    and what it makes of it has no place in the sequence: nothing may be accepted.
    """
    maker, chance = make_maker(), random.Random(20261125)
    codes: Counter[str] = Counter()
    accepted, slowest = 0, 0.0
    for data in _mutated(maker, chance, times):
        began = time.perf_counter()
        code = verdict(data, maker)
        slowest = max(slowest, time.perf_counter() - began)
        codes[code] += 1
        accepted += code in {"accepted", "pending", "internal"}
    said = ", ".join(f"{code} {count:,}" for code, count in codes.most_common())
    print(f"mutations: {times:,}, accepted or past the verifier: {accepted}, slowest check "
          f"{1000 * slowest:.0f} ms; {said}")  # fmt: skip
    return not accepted and slowest < 1


def bits(times: int) -> bool:
    """Flip bits of a small sealed and a small open package and cut them, at every place or fewer.

    ``times`` is the step: 1 for every bit and every byte, 7 for every seventh.
    """
    maker, tried, accepted = make_maker(), 0, 0
    for whole in (maker.whole(), maker.opened(maker.card(), maker.esl)):
        for place in range(0, 8 * len(whole), times):
            flipped = bytearray(whole)
            flipped[place // 8] ^= 1 << place % 8
            accepted += verdict(bytes(flipped), maker) in {"accepted", "pending", "internal"}
            tried += 1
        for length in range(0, len(whole), times):
            accepted += verdict(whole[:length], maker) in {"accepted", "pending", "internal"}
            tried += 1
    print(f"bits: {tried:,} flips and cuts, accepted or past the verifier: {accepted}")
    return not accepted


def verdict(data: bytes, maker: Maker) -> str:
    """Return the verdict of a check, or the code of its refusal."""
    try:
        return check_package(data, maker.desk).verdict
    except PackageError as refused:
        return refused.code


def _mutated(maker: Maker, chance: random.Random, times: int) -> Iterator[bytes]:
    payload = maker.payload(documents=[maker.document()])
    sound = maker.sealed(maker.opened(payload))
    first = check_package(sound, maker.desk)
    maker.desk.received.add(first.payload_sha256)
    maker.desk.held[first.series] = Held(1, first.payload_sha256)
    envelope = maker.envelope(payload, maker.dsl, maker.head)
    header = len(SEAL) + 4 + int.from_bytes(sound[11:15])
    card = maker.opened(maker.card(), maker.esl)
    for turn in range(times):
        part = turn % 4
        if part == 0:
            yield _bytes_changed(chance.choice((sound, card)), chance)
        elif part == 1:
            yield sound[:header] + _bytes_changed(sound[header:], chance)
        elif part == 2:
            yield maker.sealed(_text_changed(envelope, chance))
        else:
            yield maker.sealed(maker.opened(_text_changed(payload, chance)))


def _bytes_changed(data: bytes, chance: random.Random) -> bytes:
    """Flip, replace, cut out, double, insert or cut off."""
    whole = bytearray(data)
    for _ in range(chance.randrange(1, 4)):
        place = chance.randrange(len(whole)) if whole else 0
        length = chance.choice((1, 2, 7, 64))
        kind = chance.randrange(6)
        if kind == 0 and whole:
            whole[place] ^= 1 << chance.randrange(8)
        elif kind == 1 and whole:
            whole[place] = chance.choice(_MARKS)
        elif kind == 2:
            del whole[place : place + length]
        elif kind == 3:
            whole[place:place] = whole[place : place + length]
        elif kind == 4:
            whole[place:place] = chance.randbytes(length)
        else:
            del whole[place or 1 :]
    return bytes(whole) if bytes(whole) != data else data[:-1]


def _text_changed(value: dict[str, Any], chance: random.Random) -> bytes:
    """Change a value's text as bytes, or one of its members by name, and spell it."""
    if chance.randrange(2):
        return _bytes_changed(json.dumps(value).encode(), chance)
    copy = json.loads(json.dumps(value))
    _member_changed(copy, chance)
    return json.dumps(copy).encode()


def _member_changed(value: Any, chance: random.Random) -> None:
    """Walk to a member at any depth; take it out, double it or give it another value."""
    while True:
        places = list(value) if isinstance(value, dict) else list(range(len(value)))
        place = chance.choice(places)
        inner = value[place]
        if isinstance(inner, dict | list) and inner and chance.randrange(3):
            value = inner
            continue
        break
    kind = chance.randrange(4)
    if kind == 0:
        del value[place]
    elif kind == 1 and isinstance(value, dict):
        value[f"{place}_"] = inner
    elif kind == 1:
        value.append(inner)
    else:
        value[place] = chance.choice(_VALUES)
