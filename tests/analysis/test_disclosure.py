"""Nothing ever published gives a hidden count back: a solver tries, over tables and terms."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odbst_desktop.analysis.disclosure import (
    NOT_SHOWN,
    SMALL,
    Count,
    Published,
    Relation,
    protect,
    table,
)
from tests.analysis.readers import assert_nothing_given_away


def said_once(words: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: [each] for name, each in words.items()}


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abcde"), st.sampled_from("xyz")), st.integers(0, 12), min_size=1
    )
)
def test_a_table_with_totals_leaves_all_of_1_to_4_possible(
    cells: dict[tuple[str, str], int],
) -> None:
    counts, relations = table(cells)
    found = protect(counts, relations)
    assert not found.exposed
    assert_nothing_given_away(said_once(found.words), relations, {c.name: c.value for c in counts})


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=3, max_size=3))
def test_rows_and_columns_and_their_totals(rows: list[list[int]]) -> None:
    cells = {(f"r{r}", f"c{c}"): v for r, row in enumerate(rows) for c, v in enumerate(row)}
    counts, relations = table(cells)
    sums = [Count(f"r{r}/all", sum(row), cost=200) for r, row in enumerate(rows)]
    across = [
        Relation.of_sum([f"r{r}/c{c}" for c in range(3)], f"r{r}/all") for r in range(len(rows))
    ]
    whole = Count("total/all", sum(map(sum, rows)), cost=300)
    ends = (
        Relation.of_sum([f"r{r}/all" for r in range(3)], "total/all"),
        Relation.of_sum([f"total/c{c}" for c in range(3)], "total/all"),
    )
    everything = (*counts, *sums, whole)
    known = (*relations, *across, *ends)
    found = protect(everything, known)
    assert not found.exposed
    assert_nothing_given_away(said_once(found.words), known, {c.name: c.value for c in everything})


STOCKS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=2, max_size=4
)  # joined and left, term by term


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9), STOCKS, st.lists(st.integers(0, 9), min_size=12, max_size=12))
def test_papers_of_later_terms_give_no_earlier_one_away(
    start: int, moves: list[tuple[int, int]], parts: list[int]
) -> None:
    """Each term's paper is made knowing only the papers before it; then all are put together."""
    published: list[Published] = []
    relations: list[Relation] = []
    at = start
    for term, (joined, left) in enumerate(moves):
        here = {
            "start": at, "joined": joined, "left": min(left, at + joined),
            "end": at + joined - min(left, at + joined), "a": parts[3 * term],
            "b": parts[3 * term + 1], "c": parts[3 * term + 2],
        }  # fmt: skip
        here["all"] = here["a"] + here["b"] + here["c"]
        at = here["end"]
        relations += [
            Relation(((1, f"{term}start"), (1, f"{term}joined"), (-1, f"{term}left"),
                      (-1, f"{term}end"))),
            Relation.of_sum([f"{term}{n}" for n in "abc"], f"{term}all"),
            Relation.of_part(f"{term}joined", f"{term}all"),
        ]  # fmt: skip
        if term:
            relations.append(Relation.of_same(f"{term}start", f"{term - 1}end"))
        counts = [Count(f"{term}{name}", value) for name, value in here.items()]
        found = protect(counts, relations, published)
        assert not found.exposed
        published += [Published(c.name, c.value, found.words[c.name]) for c in counts]
    assert_nothing_given_away(
        {each.name: [each.words] for each in published}, relations,
        {each.name: each.value for each in published},
    )  # fmt: skip


def test_every_small_sum_keeps_its_parts() -> None:
    for values in product(range(7), repeat=3):
        counts = [Count(name, value) for name, value in zip("abc", values, strict=True)]
        counts.append(Count("all", sum(values), cost=200))
        relations = [Relation.of_sum("abc", "all")]
        found = protect(counts, relations)
        assert not found.exposed
        assert_nothing_given_away(
            said_once(found.words), relations, {c.name: c.value for c in counts}
        )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        # One small part: the next smallest goes with it.
        ((3, 9, 20, 32), (SMALL, NOT_SHOWN, "20", "32")),
        # Three small parts of a total that leaves all four numbers to each: it stands.
        ((3, 2, 4, 9), (SMALL, SMALL, SMALL, "9")),
        # “1–4” for the whole would say that no part is 4: it is not shown.
        ((1, 2, 0, 3), (SMALL, SMALL, "0", NOT_SHOWN)),
        ((0, 0, 3, 3), ("0", "0", SMALL, SMALL)),
        ((12, 7, 0, 19), ("12", "7", "0", "19")),
    ],
)
def test_the_cheapest_goes(values: tuple[int, ...], words: tuple[str, ...]) -> None:
    counts = [Count(name, value) for name, value in zip("abc", values, strict=False)]
    counts.append(Count("all", values[-1], cost=200))
    found = protect(counts, [Relation.of_sum("abc", "all")])
    assert tuple(found.words.values()) == words


def test_the_same_paper_again_has_the_same_words() -> None:
    counts = [Count("a", 3), Count("b", 9), Count("all", 12, cost=200)]
    relations = [Relation.of_sum("ab", "all")]
    first = protect(counts, relations)
    published = [Published(c.name, c.value, first.words[c.name]) for c in counts]
    assert protect(counts, relations, published) == first


def test_what_the_next_term_would_give_away_is_not_shown_then() -> None:
    """Last term's end was hidden; this term's start is the same number."""
    relations = [Relation.of_same("start", "last end")]
    published = [Published("last end", 7, NOT_SHOWN), Published("last joined", 2, SMALL)]
    relations.append(Relation(((1, "last joined"), (-1, "last end")), constant=-5))
    found = protect([Count("start", 7)], relations, published)
    assert found.words == {"start": NOT_SHOWN}


def test_what_earlier_papers_gave_away_is_named() -> None:
    """A paper of another program showed the sum and the other part."""
    published = [Published("a", 2, SMALL), Published("b", 9, "9"), Published("all", 11, "11")]
    found = protect([Count("c", 6)], [Relation.of_sum("ab", "all")], published)
    assert found.exposed == ("a",)
    assert found.words == {"c": "6"}


def test_a_figure_for_the_trust_alone_is_never_shown() -> None:
    found = protect([Count("a", 0, "never"), Count("b", 3, "always")], [])
    assert found.words == {"a": NOT_SHOWN, "b": "3"}


def test_a_small_count_that_is_openly_shown_elsewhere_is_named() -> None:
    counts = [Count("children", 3), Count("reports", 3, "always")]
    found = protect(counts, [Relation.of_same("children", "reports")])
    assert found.words == {"children": SMALL, "reports": "3"}
    assert found.exposed == ("children",)


def test_a_relation_that_does_not_hold_misleads_and_is_left_out() -> None:
    found = protect([Count("a", 2), Count("b", 9)], [Relation.of_same("a", "b")])
    assert found.words == {"a": SMALL, "b": "9"}


def test_a_published_number_that_changed_needs_a_name_of_its_own() -> None:
    with pytest.raises(ValueError, match="not counts"):
        protect([Count("a", 6)], [], [Published("a", 5, "5")])
