"""The vault's library of forms: old words stay readable, the trust's own forms are published."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.reading import (
    FormReading,
    form_from,
    read_form,
    reading_of,
    shipped_form,
    shipped_forms,
)
from odbst_desktop.form_library.definitions import (
    definition_of,
    definitions,
    form_for,
    keep_definition,
    keep_shipped,
    versions_kept,
)
from odbst_desktop.form_library.trust_forms import (
    compared_with_use,
    form_in_use,
    forms_to_publish,
    import_form,
    mark_form,
    mark_published,
    trust_forms,
    withdraw_form,
)
from odbst_desktop.school.owner import Profile
from odbst_desktop.vault.vault import Vault
from tests.form_engine.xlsforms import write_xlsform

WALK: dict[str, Any] = {
    "form_id": "lunch_walk",
    "version": "2026.1",
    "title": "A walk at lunchtime",
    "survey": [
        {"type": "text", "name": "met", "label": "Whom you met"},
        {"type": "integer", "name": "adults", "label": "Adults on duty"},
    ],
}


@pytest.fixture
def trust(open_vaults: Callable[..., Vault]) -> Vault:
    return open_vaults("trust", Profile.TRUST, None, "Helen Ashby")


def a_walk(**changes: Any) -> FormReading:
    return reading_of(copy.deepcopy(WALK) | changes, "walk.xlsx")


def a_form(**changes: Any) -> Form:
    return form_from(copy.deepcopy(WALK) | changes, "walk")


def test_definition_is_kept_once_and_read_again_as_it_was(school: Vault) -> None:
    old, new = a_form(), a_form(version="2026.2", title="A walk at break")
    with school.changing("forms kept", "forms") as session:
        for form in (old, old, new):
            keep_definition(session, form, at=school.now())
    with school.reading() as session:
        assert len(definitions(session)) == 2
        found = definition_of(session, "lunch_walk", "2026.1")
        assert found is not None
        assert (found.title, found.sha256) == (old.title, old.sha256)
        assert form_for(session, new, "2026.1").title == "A walk at lunchtime"
        assert form_for(session, new, "2026.2") is new
        assert form_for(session, new, "2025.9") is new
        assert [form.version for form in versions_kept(session, "lunch_walk")] == [
            "2026.1",
            "2026.2",
        ]


def test_forms_of_an_edition_are_kept_once(school: Vault) -> None:
    assert keep_shipped(school) == len(shipped_forms())
    entries = len(school.audit_entries())
    assert keep_shipped(school) == 0
    assert len(school.audit_entries()) == entries
    with school.reading() as session:
        kept = {form.sha256 for form in definitions(session)}
    assert kept == {form.sha256 for form in shipped_forms()}


def test_form_goes_from_draft_to_published(trust: Vault) -> None:
    kept = import_form(trust, a_walk())
    assert kept.state == "draft"
    mark_form(trust, kept.id, is_marked=True)
    with trust.reading() as session:
        assert [form.form_id for form in forms_to_publish(session)] == ["lunch_walk"]
        assert form_in_use(session, "lunch_walk") is None
    with trust.changing("pack made", "pack/1") as session:
        mark_published(session, (kept.id,))
    with trust.reading() as session:
        in_use = form_in_use(session, "lunch_walk")
        assert in_use is not None
        assert in_use.version == "2026.1"
        assert forms_to_publish(session) == ()
    with pytest.raises(StateError, match="Published"):
        mark_form(trust, kept.id, is_marked=False)
    withdraw_form(trust, kept.id)
    with trust.reading() as session:
        assert form_in_use(session, "lunch_walk") is None
        assert definition_of(session, "lunch_walk", "2026.1") is not None


def test_mark_is_taken_back(trust: Vault) -> None:
    kept = import_form(trust, a_walk())
    mark_form(trust, kept.id, is_marked=True)
    mark_form(trust, kept.id, is_marked=False)
    with trust.reading() as session:
        assert [form.state for form in trust_forms(session)] == ["draft"]
    with pytest.raises(StateError), trust.changing("pack made", "pack/1") as session:
        mark_published(session, (kept.id,))


def test_same_version_with_other_content_is_refused(trust: Vault) -> None:
    kept = import_form(trust, a_walk())
    mark_form(trust, kept.id, is_marked=True)
    with pytest.raises(InputError, match="here already"):
        import_form(trust, a_walk())
    with pytest.raises(InputError, match="new version"):
        import_form(trust, a_walk(title="Another walk"))
    shipped = copy.deepcopy(dict(shipped_form("monitoring/single_central_record").raw))
    shipped["title"] = "Our own record check"
    with pytest.raises(InputError, match="new version"):
        import_form(trust, reading_of(shipped, "scr.xlsx"))
    with trust.reading() as session:
        assert len(trust_forms(session)) == 1


def test_new_version_is_compared_with_the_one_in_use(trust: Vault) -> None:
    content = copy.deepcopy(dict(shipped_form("monitoring/single_central_record").raw))
    content["version"] = "2099.1"
    row = next(row for row in content["survey"] if row.get("name") == "visited_on")
    row["label"] = "Day of the visit"
    place = content["survey"].index(row)
    content["survey"].insert(place, {"type": "text", "name": "weather", "label": "Weather"})
    kept = import_form(trust, reading_of(content, "scr.xlsx"))
    with trust.reading() as session:
        form = definition_of(session, kept.form_id, kept.version)
        assert form is not None
        found = compared_with_use(session, form)
        new = compared_with_use(session, a_form())
    assert found.in_use is not None
    assert {(c.kind, c.label) for c in found.changes} == {
        ("added", "Weather"),
        ("changed", "Day of the visit"),
    }
    assert new.in_use is None


def test_workbook_that_cannot_be_used_is_not_kept(trust: Vault, tmp_path: Path) -> None:
    path = write_xlsform(tmp_path / "map.xlsx", {"survey": """
        type | name | label
        geopoint | where | Where?"""})  # fmt: skip
    with pytest.raises(InputError, match=r"“map\.xlsx” was not kept"):
        import_form(trust, read_form(path))
    with trust.reading() as session:
        assert trust_forms(session) == ()
        assert definitions(session) == ()
