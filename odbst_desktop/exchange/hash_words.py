"""A package's hash as words that two people can read to each other over the telephone."""

from __future__ import annotations

from functools import cache

from odbst_desktop.shipped import shipped_yaml

WORDS_SHOWN = 8
"""Eight words are 64 bits: enough to tell which package a paper belongs to, and no signature."""


def hash_words(digest: str, count: int = WORDS_SHOWN) -> str:
    """Return the first bytes of a SHA-256 in hex as words, e.g. “acorn river coral …”."""
    return " ".join(_words()[byte] for byte in bytes.fromhex(digest)[:count])


@cache
def _words() -> tuple[str, ...]:
    return tuple(str(shipped_yaml("resources/hash_words.yaml")["words"]).split())
