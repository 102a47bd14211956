"""The lists as data, and the one way a child may be referred to."""

from __future__ import annotations

import pytest

from odbst_desktop.errors import InputError
from odbst_desktop.school import references


def test_every_id_stands_once_and_every_entry_has_words() -> None:
    for entries in (references.categories(), references.places(), references.time_bands()):
        assert len({entry.id for entry in entries}) == len(entries)
        assert all(entry.label for entry in entries)
    assert all(category.definition for category in references.categories())
    assert {c.group for c in references.categories()} == {
        group for group, _ in references.category_groups()
    }


def test_a_primary_school_starts_with_a_short_list_without_tags() -> None:
    common = [c for c in references.categories() if c.is_common]
    assert 20 <= len(common) <= 40
    assert not any(c.is_tag for c in common)


def test_what_was_not_recorded_can_be_said_of_place_and_time() -> None:
    assert references.places()[-1].id == references.time_bands()[-1].id == "not_recorded"


@pytest.mark.parametrize("typed", ["C1042", " 20-117/3 ", "A1", "1042"])
def test_references_are_taken(typed: str) -> None:
    assert references.check_cpoms_reference(typed) == typed.strip()


@pytest.mark.parametrize("typed", ["", "JS", "Jo Smith", "JoSmith", "J.S.2", "C" * 20 + "1", "C 1"])
def test_what_may_be_a_name_is_refused(typed: str) -> None:
    with pytest.raises(InputError, match="Never type a child"):
        references.check_cpoms_reference(typed)
