"""The lists as data."""

from __future__ import annotations

from odbst_desktop.school import references


def test_every_id_stands_once_and_every_entry_has_words() -> None:
    for entries in (references.categories(), references.places(), references.time_bands()):
        assert len({entry.id for entry in entries}) == len(entries)
        assert all(entry.label for entry in entries)
    assert all(category.definition for category in references.categories())


def test_a_primary_school_starts_with_a_short_list_without_tags() -> None:
    common = [c for c in references.categories() if c.is_common]
    assert 20 <= len(common) <= 40
    assert not any(c.is_tag for c in common)


def test_what_was_not_recorded_can_be_said_of_place_and_time() -> None:
    assert references.places()[-1].id == references.time_bands()[-1].id == "not_recorded"
