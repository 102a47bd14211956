"""How hard a passphrase is to guess, said honestly."""

from __future__ import annotations

from dataclasses import dataclass

from odbst_desktop.policies import policies_here

LEAST_LENGTH = 12
LEAST_SCORE = 3
_LONGEST_JUDGED = 100
_WORDS = (
    "Very easy to guess",
    "Easy to guess",
    "Could be guessed",
    "Hard to guess",
    "Very hard to guess",
)


@dataclass(frozen=True, slots=True)
class Strength:
    """A verdict: ``score`` 0 to 4, what to tell the user, and whether it will do."""

    score: int
    words: str
    accepted: bool


def passphrase_strength(passphrase: str, known_words: tuple[str, ...] = ()) -> Strength:
    """Judge a passphrase; ``known_words`` (names typed beside it) count as guessable."""
    if not passphrase:
        return Strength(0, "Type a passphrase: four or five unrelated words are good.", False)
    # Slow to import (its word lists), so only when first asked.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    score = int(zxcvbn(passphrase[:_LONGEST_JUDGED], user_inputs=list(known_words))["score"])
    words = _WORDS[score]
    least = max(policies_here().minimum_passphrase_length or 0, LEAST_LENGTH)
    if len(passphrase) < least:
        return Strength(
            min(score, 2),
            f"{words}, and shorter than {least} characters. Add a word.",
            False,
        )
    if score < LEAST_SCORE:
        return Strength(score, f"{words}. Use four or five unrelated words.", False)
    return Strength(score, f"{words}.", True)
