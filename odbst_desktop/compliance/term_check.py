"""The walk through the list once a term: what is asked, how far it is, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from odbst_desktop.compliance.register import Evidence, Standing, State
from odbst_desktop.compliance.rounds import Round
from odbst_desktop.school.typed_dates import show_date

_GRAVITY = (State.MISSING, State.PARTLY, State.LAPSED, State.UNSAID, State.IN_PLACE, State.NIL)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many entries of a term's round are answered, of how many."""

    done: int
    asked: int

    @property
    def words(self) -> str:
        """Return e.g. “12 of 44 answered”."""
        return f"{self.done} of {self.asked} answered"


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing of an entry in a term; ``has_action`` where it is in the list of actions."""

    standing: Standing
    words: str
    is_to_answer: bool
    has_action: bool


def is_answered(now: Standing, term: Round) -> bool:
    """Say whether an entry was answered in this round."""
    return now.answer is not None and now.answer.said_on >= term.since


def is_to_answer(now: Standing, term: Round) -> bool:
    """Say whether an entry is asked in this round and not answered yet.

    A policy and a term's duty are asked each term; a year's duty when it lapses before the
    term ends, or is not in place.
    """
    if is_answered(now, term):
        return False
    if now.item.renews != "year" or not now.state.is_well:
        return True
    return now.next_on is None or now.next_on <= term.until


def to_answer(known: Sequence[Standing], term: Round) -> tuple[Standing, ...]:
    """Return what is still to be answered in this round, in the order of the list."""
    return tuple(now for now in known if is_to_answer(now, term))


def progress(known: Sequence[Standing], term: Round) -> Progress:
    """Return how far the round is."""
    done = sum(is_answered(now, term) for now in known)
    return Progress(done, done + len(to_answer(known, term)))


def gaps(
    known: Sequence[Standing],
    term: Round,
    evidence: Mapping[str, Evidence],
    with_action: frozenset[str],
) -> tuple[Gap, ...]:
    """Return what is missing for a term, what is not in place first."""
    found = []
    for now in known:
        asked = is_to_answer(now, term)
        against = evidence.get(now.item.id)
        disagrees = against is not None and against.agrees is False
        if asked or not now.state.is_well or disagrees or now.is_due_soon:
            words = _words(now, against.words if against and disagrees else "")
            found.append(Gap(now, words, asked, now.item.id in with_action))
    return tuple(sorted(found, key=lambda gap: _GRAVITY.index(gap.standing.state)))


def _words(now: Standing, against: str) -> str:
    parts = [want.rstrip(".") for want in now.wants if want]
    if against:
        parts.append(f"the vault knows otherwise: {against.rstrip('.')}")
    if now.is_due_soon and now.next_on:
        what = "its review is" if now.item.is_policy else "it is"
        parts.append(f"{what} due on {show_date(now.next_on)}")
    if not parts:
        last = now.answer.said_on if now.answer else None
        parts.append(f"to confirm this term{f'; last on {show_date(last)}' if last else ''}")
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}."
