"""A return begun under an older version of its form."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.reading import form_from
from odbst_desktop.form_library.definitions import keep_definition
from odbst_desktop.returns.drafting import (
    ReturnId,
    broken_since,
    judge,
    open_return,
    previous_answers,
    read_return,
    refuse_unready,
    return_form,
    save_return,
)
from odbst_desktop.returns.records import ReturnRow
from odbst_desktop.returns.versions import form_of_return, move_return
from odbst_desktop.vault.vault import Vault


def an_older_form() -> Form:
    content: dict[str, Any] = copy.deepcopy(dict(return_form().raw))
    content["version"] = "2025.1"
    content["survey"].insert(1, {"type": "text", "name": "motto", "label": "Motto of the school"})
    return form_from(content, "older")


@pytest.fixture
def begun(school: Vault) -> ReturnId:
    """Return a draft that was begun a year ago, when the form asked for a motto."""
    made = open_return(school, "2026-27", "autumn")
    with school.changing("made older", f"return/{made}") as session:
        keep_definition(session, an_older_form(), at=school.now())
        row = session.get_one(ReturnRow, made)
        answers = json.loads(row.answers) | {"motto": "Onwards", "hub": "North"}
        row.form_version, row.answers = "2025.1", json.dumps(answers)
        session.add(row)
    return made


def test_draft_is_judged_and_saved_under_its_own_version(school: Vault, begun: ReturnId) -> None:
    found = read_return(school, begun)
    with school.reading() as session:
        assert form_of_return(session, found).question("motto") is not None
    assert "motto" in judge(school, begun).relevant
    save_return(school, begun, {**found.answers, "motto": "Upwards"}, {})
    assert read_return(school, begun).answers["motto"] == "Upwards"
    with pytest.raises(InputError, match=r"begun under version 2025\.1"):
        refuse_unready(school, begun)


def test_draft_is_moved_and_says_what_has_no_place(school: Vault, begun: ReturnId) -> None:
    moved = move_return(school, begun)
    assert [(item.label, value) for item, value in moved.lost] == [
        ("Motto of the school", "Onwards")
    ]
    found = read_return(school, begun)
    assert found.form_version == return_form().version
    assert "motto" not in found.answers
    assert found.answers["hub"] == "North"
    with pytest.raises(InputError, match="cannot be signed yet"):
        refuse_unready(school, begun)


def test_signed_return_is_not_moved(school: Vault, begun: ReturnId) -> None:
    with school.changing("signed", f"return/{begun}") as session:
        row = session.get_one(ReturnRow, begun)
        row.state = "signed"
        session.add(row)
    with pytest.raises(StateError):
        move_return(school, begun)
    assert read_return(school, begun).answers["motto"] == "Onwards"


def test_last_terms_figure_is_compared_only_where_it_means_the_same(school: Vault) -> None:
    content: dict[str, Any] = copy.deepcopy(dict(return_form().raw))
    content["version"] = "2025.1"
    for row in content["survey"]:
        if row.get("name") == "pupils_on_roll":
            row["odbst:unit"] = "classes"
    before = open_return(school, "2025-26", "summer")
    with school.changing("made older", f"return/{before}") as session:
        keep_definition(session, form_from(content, "older"), at=school.now())
        row = session.get_one(ReturnRow, before)
        row.form_version, row.state = "2025.1", "sent"
        row.answers = json.dumps({"pupils_on_roll": 7, "ehcp_count": 5})
        session.add(row)
    with school.reading() as session:
        assert previous_answers(session, "2026-27", "autumn") == {"ehcp_count": 5}
        assert broken_since(session, "2026-27", "autumn") == {
            "pupils_on_roll": "Version 2025.1 to "
            f"{return_form().version}: It is counted in another unit."
        }
