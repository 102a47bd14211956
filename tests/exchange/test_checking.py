"""Every code of the package format's section 7, by packages made from the page alone."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.exchange.checking import Held, check_package
from odbst_desktop.exchange.envelope import Envelope, parse_envelope
from odbst_desktop.exchange.errors import PackageError, StrictJsonError, WeakKeyError
from odbst_desktop.exchange.keys import (
    KeyId,
    SealingKey,
    fingerprint,
    refuse_weak_signing_key,
    sealing_keyid,
)
from odbst_desktop.exchange.payload import Issuer, Signer
from odbst_desktop.exchange.sealing import open_sealed, parse_sealed, seal
from odbst_desktop.exchange.strict_json import parse_strict_json
from odbst_desktop.exchange.writing import Attachment, new_envelope, package_file_name

Make = Callable[[Any], bytes]


def code_of(data: bytes, desk: Any) -> str:
    try:
        return check_package(data, desk).verdict
    except PackageError as refused:
        return refused.code


def test_a_sound_return_is_accepted(maker: Any) -> None:
    checked = check_package(maker.whole(), maker.desk)
    assert checked.verdict == "accepted"
    assert checked.payload.body["answers"] == {"pupils_on_roll": 210}
    assert checked.series == "termly-return 123456 2026-27 autumn"


def raw(maker: Any, text: str) -> bytes:
    """A truly signed payload whose text is given."""
    return bytes(maker.sealed(maker.opened(text.encode())))


def twice(m: Any) -> bytes:
    envelope = m.envelope(m.payload(), m.dsl, m.head)
    envelope["signatures"].append(envelope["signatures"][0])
    return bytes(m.sealed(json.dumps(envelope).encode()))


def swapped(m: Any) -> bytes:
    envelope = m.envelope(m.payload(), m.dsl, m.head)
    first, second = envelope["signatures"]
    first["sig"], second["sig"] = second["sig"], first["sig"]
    return bytes(m.sealed(json.dumps(envelope).encode()))


def altered(m: Any) -> bytes:
    envelope = m.envelope(m.payload(), m.dsl, m.head)
    other = m.envelope(m.payload(body=m.body(answers={"pupils_on_roll": 211})), m.dsl, m.head)
    return bytes(m.sealed(json.dumps(envelope | {"payload": other["payload"]}).encode()))


def with_text(m: Any, old: str, new: str) -> bytes:
    text = json.dumps(m.payload())
    assert old in text
    return raw(m, text.replace(old, new, 1))


def envelope_text(m: Any, change: Callable[[str], str]) -> bytes:
    text = json.dumps(m.envelope(m.payload(), m.dsl, m.head))
    return bytes(m.sealed(change(text).encode("utf-8", "surrogatepass")))


def stranger(m: Any) -> Any:
    return type(m.dsl)("Ann Other", "headteacher", 123456)


MARKS = b'{}[]",:0129eE-+truefalsn\\ \x00\xff'

HOSTILE: dict[str, tuple[str, Make]] = {
    "too large": ("too-large", lambda m: b"{" + bytes(26_214_400)),
    "empty": ("not-a-package", lambda m: b""),
    "a PDF": ("not-a-package", lambda m: b"%PDF-1.4"),
    "an array": ("not-a-package", lambda m: b"[]"),
    "byte-order mark": ("not-a-package", lambda m: b"\xef\xbb\xbf" + m.opened(m.payload())),
    "sealed, no header": ("malformed", lambda m: b"ODBSTSEAL1\n"),
    "sealed, header of 4 GB": ("malformed", lambda m: b"ODBSTSEAL1\n\xff\xff\xff\xff{}"),
    "sealed, other suite": ("malformed", lambda m: m.sealed(b"{}", suite="X25519,NONE,NONE")),
    "sealed to another": (
        "sealed-to-another",
        lambda m: m.sealed(m.opened(m.payload()), to=SealingKey.generate()),
    ),
    "re-sealed under this name to another": (
        "cannot-open",
        lambda m: m.sealed(
            m.opened(m.payload()), to=SealingKey.generate(), recipient=m.desk.sealing_key.keyid
        ),
    ),
    "cut ciphertext": ("cannot-open", lambda m: m.whole()[:-1]),
    "trailing byte after ciphertext": ("cannot-open", lambda m: m.whole() + b"\0"),
    "inside is no JSON": ("malformed", lambda m: m.sealed(b"hello")),
    "trailing bytes in the envelope": ("malformed", lambda m: envelope_text(m, lambda t: t + "x")),
    "envelope with a member more": (
        "malformed",
        lambda m: envelope_text(m, lambda t: t[:-1] + ', "x": 1}'),
    ),
    "envelope with a member twice": (
        "malformed",
        lambda m: envelope_text(m, lambda t: t[:-1] + ', "signatures": []}'),
    ),
    "base64 without padding": (
        "malformed",
        lambda m: envelope_text(m, lambda t: t.replace('=="', '"')),
    ),
    "base64 with a line break": (
        "malformed",
        lambda m: envelope_text(m, lambda t: t.replace('"sig": "', '"sig": "\\n')),
    ),
    "no signature": ("malformed", lambda m: m.sealed(json.dumps(m.envelope(m.payload())).encode())),
    "a signature twice": ("malformed", twice),
    "other kind": ("unknown-kind", lambda m: m.sealed(m.opened(m.payload(), kind="gossip"))),
    "other version": ("unknown-kind", lambda m: m.sealed(m.opened(m.payload(), version="2"))),
    "signer unknown": ("unknown-signer", lambda m: m.whole(m.dsl, stranger(m))),
    "swapped signatures": ("bad-signature", swapped),
    "altered payload": ("bad-signature", altered),
    "payload is a list": ("malformed", lambda m: raw(m, "[]")),
    "NaN": ("malformed", lambda m: with_text(m, "210", "NaN")),
    "Infinity": ("malformed", lambda m: with_text(m, "210", "-Infinity")),
    "a number that overflows": ("malformed", lambda m: with_text(m, "210", "1e999")),
    "an integer beyond 2^53": ("malformed", lambda m: with_text(m, "210", "9007199254740993")),
    "a number of a million digits": ("malformed", lambda m: with_text(m, "210", "9" * 10**6)),
    "deep nesting": ("malformed", lambda m: with_text(m, "210", "[" * 9999 + "]" * 9999)),
    "lone surrogate": ("malformed", lambda m: with_text(m, "Oakfield", "\\ud800")),
    "repeated member": (
        "malformed",
        lambda m: with_text(m, '"revision": 1', '"revision": 1, "revision": 1'),
    ),
    "revision 1.0": ("malformed", lambda m: with_text(m, '"revision": 1', '"revision": 1.0')),
    "revision true": ("malformed", lambda m: with_text(m, '"revision": 1', '"revision": true')),
    "revision 0": ("malformed", lambda m: m.whole(revision=0)),
    "id of another version": (
        "malformed",
        lambda m: m.whole(id="7f1d3c3e-4b7a-1c5d-9e2f-0a1b2c3d4e5f"),
    ),
    "moment without zone": ("malformed", lambda m: m.whole(issued_at="2026-11-24T09:00:00")),
    "moment that is none": ("malformed", lambda m: m.whole(issued_at="2026-02-30T09:00:00Z")),
    "school without URN": (
        "malformed",
        lambda m: m.whole(issuer={"type": "school", "urn": None, "name": "Oakfield"}),
    ),
    "kind other than its type": (
        "malformed",
        lambda m: m.sealed(m.opened(m.payload(kind="receipt"), kind="termly-return")),
    ),
    "member missing": (
        "malformed",
        lambda m: raw(m, json.dumps({k: v for k, v in m.payload().items() if k != "documents"})),
    ),
    "sealed kind sent open": ("malformed", lambda m: m.opened(m.payload())),
    "path as document name": (
        "malformed",
        lambda m: m.whole(documents=[m.document(name="../return.pdf")]),
    ),
    "document name ending in a line break": (
        "malformed",
        lambda m: m.whole(documents=[m.document(name="return.pdf\n")]),
    ),
    "two documents of one name": (
        "malformed",
        lambda m: m.whole(documents=[m.document(), m.document(name="RETURN.pdf")]),
    ),
    "a program as document": (
        "malformed",
        lambda m: m.whole(documents=[m.document(media_type="application/x-msdownload")]),
    ),
    "for another vault": ("for-another", lambda m: m.whole(audience=SealingKey.generate().keyid)),
    "signer under another name": (
        "signer-mismatch",
        lambda m: m.whole(signers=[{**m.dsl.listed(), "person": "Ruth Ellerу"}, m.head.listed()]),
    ),
    "signer in another role": (
        "signer-mismatch",
        lambda m: m.whole(signers=[{**m.dsl.listed(), "role": "chair"}, m.head.listed()]),
    ),
    "of another school": (
        "signer-mismatch",
        lambda m: m.whole(issuer={"type": "school", "urn": 654321, "name": "Oakfield"}),
    ),
    "signed by one who is not listed": (
        "signer-mismatch",
        lambda m: m.whole(signers=[m.dsl.listed()]),
    ),
    "second signature missing": ("missing-signature", lambda m: m.whole(m.dsl)),
    "headteacher not asked to sign": (
        "missing-signature",
        lambda m: m.sealed(m.opened(m.payload(signers=[m.dsl.listed()]), m.dsl)),
    ),
    "future clock": ("issued-in-future", lambda m: m.whole(issued_at="2026-11-25T12:00:01Z")),
    "document of other size": (
        "document-damaged",
        lambda m: m.whole(documents=[m.document(size=3)]),
    ),
    "document of other hash": (
        "document-damaged",
        lambda m: m.whole(documents=[m.document(sha256="0" * 64)]),
    ),
    "unknown form": (
        "unknown-form",
        lambda m: m.whole(body=m.body(form={"id": "other", "version": "1", "sha256": "0" * 64})),
    ),
    "body with a member more": ("invalid-answers", lambda m: m.whole(body=m.body(x=1))),
    "a term that is none": ("invalid-answers", lambda m: m.whole(body=m.body(term="winter"))),
    "a second revision first": (
        "out-of-sequence",
        lambda m: m.whole(revision=2, supersedes="0" * 64),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_with_its_code(name: str, maker: Any) -> None:
    code, make = HOSTILE[name]
    assert code_of(make(maker), maker.desk) == code


def test_there_are_forty_hostile_files_and_more() -> None:
    assert len(HOSTILE) >= 40


def test_revoked_key_is_refused_whatever_date_the_file_claims(maker: Any) -> None:
    maker.desk.add(maker.head, is_revoked=True)
    assert code_of(maker.whole(issued_at="2020-01-01T00:00:00Z"), maker.desk) == "revoked-signer"


def test_the_same_payload_twice_is_harmless_and_said(maker: Any) -> None:
    data = maker.whole()
    maker.desk.received.add(check_package(data, maker.desk).payload_sha256)
    assert code_of(data, maker.desk) == "already-received"


def test_only_the_next_revision_follows_and_a_fork_is_refused(maker: Any) -> None:
    first = check_package(maker.whole(), maker.desk)
    maker.desk.held[first.series] = Held(1, first.payload_sha256)
    second = check_package(maker.whole(revision=2, supersedes=first.payload_sha256), maker.desk)
    maker.desk.held[first.series] = Held(2, second.payload_sha256)
    fork = maker.whole(
        revision=2,
        supersedes=first.payload_sha256,
        body=maker.body(answers={"pupils_on_roll": 209}),
    )
    assert code_of(fork, maker.desk) == "out-of-sequence"
    assert code_of(maker.whole(), maker.desk) == "out-of-sequence"


def test_enrolment_waits_for_a_person_and_needs_every_key_to_sign(maker: Any) -> None:
    maker.desk.register.clear()
    whole = maker.sealed(maker.opened(maker.enrolment()))
    assert code_of(whole, maker.desk) == "pending"
    partly = maker.sealed(maker.opened(maker.enrolment(), maker.dsl))
    assert code_of(partly, maker.desk) == "missing-signature"
    bare = maker.enrolment(people=[maker.dsl.enrolled()])
    assert code_of(maker.sealed(maker.opened(bare)), maker.desk) == "unknown-signer"


def test_enrolment_of_a_key_of_small_order_is_refused(maker: Any) -> None:
    weak = {**maker.dsl.enrolled(), "public_key": base64.b64encode(bytes(32)).decode()}
    payload = maker.enrolment(people=[weak, maker.head.enrolled()])
    assert code_of(maker.sealed(maker.opened(payload)), maker.desk) == "malformed"


def test_first_card_waits_and_later_ones_need_the_confirmed_key(maker: Any) -> None:
    maker.desk.trusts = False
    maker.desk.register.clear()
    assert code_of(maker.opened(maker.card(), maker.esl), maker.desk) == "pending"
    maker.desk.trusts = True
    assert code_of(maker.opened(maker.card(), maker.esl), maker.desk) == "unknown-signer"
    maker.desk.add(maker.esl)
    assert code_of(maker.opened(maker.card(2), maker.esl), maker.desk) == "accepted"
    maker.desk.held["trust-card"] = Held(2, "0" * 64)
    assert code_of(maker.opened(maker.card(2), maker.esl), maker.desk) == "out-of-sequence"
    assert code_of(maker.opened(maker.card(3), maker.esl), maker.desk) == "accepted"


def test_second_signer_may_open_to_sign_what_is_meant_for_the_trust(maker: Any) -> None:
    trust = SealingKey.generate()
    data = maker.sealed(maker.opened(maker.payload(audience=trust.keyid), maker.dsl))
    assert code_of(data, maker.desk) == "for-another"
    maker.desk.own_keyids = frozenset({KeyId(maker.head.keyid)})
    assert code_of(data, maker.desk) == "pending"


def test_demonstration_and_real_never_mix(maker: Any) -> None:
    shown = maker.whole(issuer={"type": "school", "urn": 123456, "name": "DEMONSTRATION Oakfield"})
    with pytest.raises(PackageError, match="demonstration file") as refused:
        check_package(shown, maker.desk)
    assert refused.value.code == "unknown-signer"
    maker.desk.is_demonstration = True
    assert code_of(shown, maker.desk) == "accepted"
    assert code_of(maker.whole(), maker.desk) == "unknown-signer"


def test_truncation_and_bit_flips_are_never_accepted(maker: Any) -> None:
    for whole in (maker.whole(), maker.opened(maker.card(), maker.esl)):
        for length in range(0, len(whole), 7):
            assert code_of(whole[:length], maker.desk) not in {"accepted", "pending"}
        random_places = random.Random(7)
        for _ in range(1500):
            place, bit = random_places.randrange(len(whole)), random_places.randrange(8)
            flipped = bytearray(whole)
            flipped[place] ^= 1 << bit
            assert code_of(bytes(flipped), maker.desk) not in {"accepted", "pending"}


def test_truly_signed_but_mutated_payloads_never_pass_the_verifier_with_an_exception(
    maker: Any,
) -> None:
    places = random.Random(11)
    text = json.dumps(maker.payload(documents=[maker.document()])).encode()
    for _ in range(600):
        data = bytearray(text)
        for _ in range(places.randrange(1, 4)):
            data[places.randrange(len(data))] = places.choice(
                b'{}[]",:0129eE-+truefalsn\\ \x00\xff'
            )
        code = code_of(maker.sealed(maker.opened(bytes(data))), maker.desk)
        assert code != "internal"


def test_own_writer_is_read_by_hand_and_accepted(maker: Any) -> None:
    envelope = new_envelope(
        "termly-return",
        issued_at="2026-11-24T09:00:00Z",
        audience=maker.desk.sealing_key.keyid,
        issuer=Issuer(type="school", urn=123456, name="Oakfield"),
        signers=[Signer(**maker.dsl.listed()), Signer(**maker.head.listed())],
        body=maker.body(),
        attachments=[Attachment("return.pdf", "application/pdf", b"%PDF")],
    )
    signed = envelope.signed_with(maker.dsl.key).signed_with(maker.head.key)
    data = seal(signed.to_bytes(), maker.desk.sealing_key.public)
    assert code_of(data, maker.desk) == "accepted"
    length = int.from_bytes(data[11:15])
    header = json.loads(data[15 : 15 + length])
    assert header["recipient"] == hashlib.sha256(maker.desk.sealing_key.public).hexdigest()
    opened = json.loads(open_sealed(parse_sealed(data), maker.desk.sealing_key))
    assert json.loads(base64.b64decode(opened["payload"]))["body"] == maker.body()


def test_dsse_specification_vector() -> None:
    envelope = Envelope("http://example.com/HelloWorld", b"hello world")
    assert envelope.signed_bytes() == (b"DSSEv1 29 http://example.com/HelloWorld 11 hello world")


def test_envelope_reads_back(maker: Any) -> None:
    envelope = Envelope("a", b"b").signed_with(maker.dsl.key)
    assert parse_envelope(envelope.to_bytes()) == envelope


def test_fingerprint_is_as_the_page_says() -> None:
    public = bytes(range(32))
    digest = hashlib.sha256(
        b"odbst-fingerprint-v1\0" + public + b"\0dsl\x00123456\0" + "Zoë Ash".encode()
    ).digest()
    groups = [f"{int.from_bytes(digest[i : i + 5]) % 100000:05d}" for i in range(0, 30, 5)]
    assert fingerprint(public, "dsl", 123456, "Zoe\u0308 Ash") == " ".join(groups)


@pytest.mark.parametrize(
    "public",
    [
        bytes(32),
        b"\1" + bytes(31),
        b"\xff" * 32,
        (2**255 - 19).to_bytes(32, "little"),
        (2**255 - 20).to_bytes(32, "little"),
        bytes(31) + b"\x80",
        bytes(31),
    ],
)
def test_weak_signing_keys_are_refused(public: bytes) -> None:
    with pytest.raises(WeakKeyError):
        refuse_weak_signing_key(public)


def test_sound_signing_keys_are_not_refused() -> None:
    for _ in range(200):
        refuse_weak_signing_key(Ed25519PrivateKey.generate().public_key().public_bytes_raw())


def test_sealing_key_is_rebuilt_from_its_bytes() -> None:
    key = SealingKey.generate()
    again = SealingKey(key.private)
    assert len(key.public) == 1216
    assert again.keyid == sealing_keyid(key.public)
    assert open_sealed(parse_sealed(seal(b"{}", key.public)), again) == b"{}"


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(value=json_values)
def test_strict_json_reads_what_json_writes(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False)
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return
    assert parse_strict_json(data) == value


@given(data=st.binary(max_size=200))
def test_strict_json_fails_in_one_way(data: bytes) -> None:
    with contextlib.suppress(StrictJsonError):
        parse_strict_json(data)


def test_file_name_is_lower_case_ascii() -> None:
    name = package_file_name("St Mary’s, Béla Road", "2026-27", "autumn", "termly-return", 2)
    assert name == "st-marys-bela-road-2026-27-autumn-termly-return-r2.odbst"
