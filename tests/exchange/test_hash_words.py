"""The words of a hash: one a byte, told apart by four letters, the same for ever."""

from __future__ import annotations

from hashlib import sha256

from odbst_desktop.exchange.hash_words import hash_words


def test_a_hash_has_its_words_for_ever() -> None:
    digest = sha256(b"Oakfield").hexdigest()
    assert hash_words(digest) == hash_words(digest.upper())
    assert len(hash_words(digest).split()) == 8


def test_each_byte_has_a_word_of_its_own() -> None:
    every = [hash_words(f"{byte:02x}") for byte in range(256)]
    assert (every[0], every[255]) == ("acorn", "window")
    assert len({word[:4] for word in every}) == 256
    assert all(word.isalpha() and word.islower() for word in every)
