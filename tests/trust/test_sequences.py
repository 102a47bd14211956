"""Whose turn it is, where revisions come in no order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from odbst_desktop.exchange.checking import Held
from odbst_desktop.trust.sequences import Sent, Turn, turns


def a_revision(place: int, number: int, *, of: str = "a", series: str = "s") -> Sent:
    before = None if number == 1 else f"{of}{number - 1}"
    return Sent(place, series, number, f"{of}{number}", before, f"2026-11-{number:02d}T09:00:00Z")


@given(st.integers(1, 6), st.randoms(use_true_random=False))
def test_only_the_newest_of_a_whole_series_counts_in_whatever_order_it_comes(
    count: int, chance: object
) -> None:
    sent = [a_revision(n, n) for n in range(1, count + 1)]
    expected = dict.fromkeys(range(1, count), Turn.SUPERSEDED) | {count: Turn.CURRENT}
    chance.shuffle(sent)  # type: ignore[attr-defined]
    assert turns(sent, {}) == expected


def test_a_revision_after_a_gap_is_out_of_sequence_and_the_one_before_counts() -> None:
    found = turns([a_revision(0, 1), a_revision(1, 3)], {})
    assert found == {0: Turn.CURRENT, 1: Turn.OUT_OF_SEQUENCE}


def test_a_series_goes_on_from_what_the_vault_holds() -> None:
    held = {"s": Held(2, "a2")}
    assert turns([a_revision(0, 3)], held) == {0: Turn.CURRENT}
    assert turns([a_revision(0, 2)], held) == {0: Turn.CURRENT}
    assert turns([a_revision(0, 4)], held) == {0: Turn.OUT_OF_SEQUENCE}


def test_of_two_revisions_2_the_vaults_own_is_taken_or_else_the_one_signed_first() -> None:
    first = Sent(1, "s", 2, "x", "a1", "2026-11-02T09:00:00Z")
    later = Sent(2, "s", 2, "y", "a1", "2026-11-03T09:00:00Z")
    sent = [a_revision(0, 1), first, later]
    assert turns(sent, {})[1] is turns(reversed(sent), {})[1] is Turn.CURRENT
    assert turns(sent, {})[2] is Turn.OUT_OF_SEQUENCE
    held = {"s": Held(2, "y")}
    assert (turns(sent, held)[1], turns(sent, held)[2]) == (Turn.OUT_OF_SEQUENCE, Turn.CURRENT)


def test_the_same_payload_twice_is_harmless_and_series_do_not_mix() -> None:
    sent = [a_revision(0, 1), a_revision(1, 1), a_revision(2, 1, of="b", series="t")]
    assert turns(sent, {}) == {0: Turn.CURRENT, 1: Turn.DUPLICATE, 2: Turn.CURRENT}
