"""The inspection folder and what the vault knows of the register, from the rooms that hold it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from odbst_desktop.actions.list import add_action
from odbst_desktop.compliance.answers import Said, say
from odbst_desktop.compliance.items import items
from odbst_desktop.compliance.paper import Reader, register_paper
from odbst_desktop.compliance.register import State
from odbst_desktop.meetings.log import close_meeting, save_meeting, start_meeting
from odbst_desktop.office.compliance import register_today, vault_evidence
from odbst_desktop.office.inspection import inspection_folder
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.people import Details, people
from odbst_desktop.school.people_changes import change_details, end_person
from odbst_desktop.vault.vault import Vault

DAY = date(2026, 11, 24)
PARTS = (
    "Team and roles", "Training", "Single central record", "The governors’ monitoring year",
    "Weekly meetings of the DSLs", "Decisions and their effects", "Policies and standing duties",
)  # fmt: skip


def text_of(paper: Paper) -> list[str]:
    pages = PdfReader(io.BytesIO(paper.pdf())).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def hold_meeting(vault: Vault, *, concerns: list[tuple[str, int]], decision: str) -> None:
    meeting = start_meeting(vault)
    answers = {
        **meeting.answers,
        "concerns": [
            {"category": name, "count": count, "place": "home", "time": "weekend"}
            for name, count in concerns
        ],
        "children": [{"reference": "K/77b", "reason": "Repeat"}],
        "key_concerns": "None.",
        "decisions": [
            {"decision": decision, "owner": meeting.answers["chair"], "due": "2026-12-01",
             "measure": "Seen"}
        ],
    }  # fmt: skip
    save_meeting(vault, meeting.id, answers)
    close_meeting(vault, meeting.id)


def test_the_folder_has_cover_contents_and_bookmarks(unlocked: Callable[[str], Vault]) -> None:
    paper = inspection_folder(unlocked("oakfield"))
    pdf = PdfReader(io.BytesIO(paper.pdf()))
    pages = [" ".join(page.extract_text().split()) for page in pdf.pages]
    assert all(each in pages[0] for each in ("Oakfield CE Primary School", "900101", *PARTS))
    marks = [mark for mark in pdf.outline if not isinstance(mark, list)]
    assert [str(mark["/Title"]) for mark in marks] == list(PARTS)
    for mark in marks:
        number = (pdf.get_destination_page_number(mark) or 0) + 1
        assert f"{mark['/Title']} {number}" in pages[0], "the contents name the page"
        assert str(mark["/Title"]) in pages[number - 1]
    assert all("DEMONSTRATION" in page for page in pages)
    assert paper.pdf() == paper.pdf(), "the same bytes every time"


def test_the_folder_holds_what_the_rooms_know(unlocked: Callable[[str], Vault]) -> None:
    words = " ".join(text_of(inspection_folder(unlocked("oakfield"))))
    for expected in (
        "Ruth Ellery", "Also senior leader or headteacher", "KCSIE annual training",
        "Check of ", "Entries traced to their files 10",
        "Are further checks recorded for people who lived or worked",
        "9 of 10 weeks", "Lunchtime zones on the playground", "What the figures did",
        "Did it work?", "Fell 12 and 12",
        "15 of 17 policies", "Its review was due on 31 Oct 2026",
    ):  # fmt: skip
        assert expected in words, expected


def test_no_reference_and_no_name_of_a_child_is_in_the_folder(school: Vault) -> None:
    hold_meeting(school, concerns=[("neglect", 6)], decision="Visit K/77b with Ruth Ellery")
    with school.changing("action added", "action") as session:
        add_action(
            session, "Ring C1042 about Jack Smith", "DSL", date(2026, 12, 1),
            origin="meeting/another", opened_on=DAY,
        )  # fmt: skip
    missing = Said(State.MISSING, DAY, evidence="Not known to the family of Jack Smith")
    say(school, "low_level_system", missing)
    paper = inspection_folder(school)
    for words in (" ".join(text_of(paper)), paper.html().decode()):
        assert "[left out]" in words
        assert "Visit [left out] with Ruth Ellery" in words
        for secret in ("K/77b", "C1042", "Jack", "Smith"):
            assert secret not in words
        assert "pieces of text that look like a reference or a name were left out" in words


def test_small_counts_of_concerns_cannot_be_worked_out(school: Vault) -> None:
    hold_meeting(school, concerns=[("neglect", 3), ("coc_physical", 8), ("mental_health", 21)],
                 decision="Look again")  # fmt: skip
    words = " ".join(text_of(inspection_folder(school)))
    # The sum is 32: with 21 and the small 3 alone hidden, 32 - 21 - 8 would give it back.
    assert "Abuse and neglect 0 1–4" in words
    assert "Child-on-child abuse 0 5 or more" in words
    assert "All of these 0 32" in words


def test_an_empty_vault_has_a_folder_too(open_vaults: Callable[..., Vault]) -> None:
    words = " ".join(text_of(inspection_folder(open_vaults())))
    for expected in (*PARTS, "Nobody is in the list of people yet", "No decision is recorded"):
        assert expected in words


def test_what_the_vault_knows_stands_beside_the_entry(school: Vault) -> None:
    with school.reading() as session:
        known = vault_evidence(session, DAY)
    assert known["two_senior_dsls"].agrees is True
    assert known["two_senior_dsls"].words == "DSLs who are senior: Ruth Ellery, Peter Marsh."
    assert known["safeguarding_governor"].words == "Safeguarding governor: Grace Tolley."
    assert known["weekly_meetings"].agrees is False
    assert known["strategic_training"].agrees is False
    assert "sdp_section" not in known, "nothing in the vault speaks of it"
    with school.changing("person left", "person") as session:
        leaver = next(p for p in people(session, DAY) if p.name == "Peter Marsh")
        end_person(session, leaver.id, date(2026, 11, 20))
    with school.reading() as session:
        beside = vault_evidence(session, DAY)["two_senior_dsls"]
    assert (beside.agrees, beside.words) == (
        False, "The DSL team is Ruth Ellery; only Ruth Ellery is senior.",
    )  # fmt: skip


def test_details_of_the_dsl_team_are_shown_and_not_typed_again(school: Vault) -> None:
    with school.reading() as session:
        known = vault_evidence(session, DAY)
        team = [p for p in people(session, DAY) if p.name in {"Ruth Ellery", "Peter Marsh"}]
    assert not {"job_descriptions", "dsl_target"} & set(known), "nobody noted anything yet"
    with school.changing("details changed", "person") as session:
        for person in team:
            is_new = person.name == "Ruth Ellery"
            seen, target = date(2026, 9, 4), DAY if is_new else date(2025, 9, 4)
            details = Details("", "", "", seen, 7.5, target)
            change_details(session, person.id, person.name, details)
    with school.reading() as session:
        known = vault_evidence(session, DAY)
    assert known["job_descriptions"].agrees is True
    assert (known["dsl_target"].agrees, known["dsl_target"].words) == (
        False, "Not for Peter Marsh: appraisal target set within a year.",
    )  # fmt: skip


@pytest.mark.parametrize("day", [date(2026, 8, 20), date(2026, 9, 1), date(2031, 3, 1)])
def test_the_register_is_there_on_every_day(school: Vault, day: date) -> None:
    with school.reading() as session:
        register = register_today(session, day)
    assert register.term.since <= day
    assert register.progress.done == 0


def test_the_register_of_the_board_begins_with_counts(unlocked: Callable[[str], Vault]) -> None:
    words = text_of(printed(unlocked("oakfield"), Reader.LGB))
    for expected in ("15 of 17 policies", "✓ In place", "Policies 13 2 2 0 0 0 17",
                     "The trust’s version is 2026.2 now, not 2026.1.",
                     "In the list of actions"):  # fmt: skip
        assert expected in words[0]
    whole = " ".join(words)
    assert "“A single electronic SCR system is in place for all schools.”" in whole
    assert "www.school.example/safeguarding" in whole


def test_an_inspector_has_one_page_first(unlocked: Callable[[str], Vault], school: Vault) -> None:
    words = text_of(printed(unlocked("oakfield"), Reader.INSPECTOR))
    assert "What is asked first" in words[0]
    assert "△ Partly in place. Two new volunteers are still to sign" in words[0]
    assert words[1].find("Policies Policy State") > 0, "the list begins on the second page"
    long = Said(State.PARTLY, DAY, evidence="What is wanting is said at length. " * 12)
    for entry in items():
        if not entry.is_policy:
            say(school, entry.id, long)
    full = text_of(printed(school, Reader.INSPECTOR))
    assert "and 40 more in the list" in full[0], "one page, however much is wanting"
    assert "The duties are those of the" in full[1]


def printed(vault: Vault, reader: Reader) -> Paper:
    with vault.reading() as session:
        register: Any = register_today(session, vault.today())
        owner = read_owner(session)
    return register_paper(register.standings, register.evidence, register.gaps, owner, reader)
