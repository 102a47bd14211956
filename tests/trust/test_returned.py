"""Who has returned: late, missing, queried, accepted; questions written and sent; reminders."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from odbst_desktop.errors import FileWriteError, InputError
from odbst_desktop.exchange.bodies import Receipt
from odbst_desktop.exchange.register import packages
from odbst_desktop.office.answering import accept_return, send_queries
from odbst_desktop.office.inbox import import_files, package_files
from odbst_desktop.office.outbox import Outgoing
from odbst_desktop.returns.drafting import return_form
from odbst_desktop.school.owner import read_owner
from odbst_desktop.trust.due_dates import due_dates_of, set_due_date
from odbst_desktop.trust.queries import drafted_queries, write_query
from odbst_desktop.trust.reading import read_received
from odbst_desktop.trust.reminder import addressees, reminder_letter, to_remind
from odbst_desktop.trust.returned import State, counted_words, standings
from odbst_desktop.trust.school_facts import SchoolFacts, school_facts, write_school_facts
from tests.trust.conftest import NOW, ManySchools

PASSPHRASE = "copper lantern drifting orchard"


def states(trust: ManySchools, key: tuple[str, str] = NOW) -> dict[str, State]:
    with trust.vault.reading() as session:
        found = standings(session, *key, trust.vault.today())
    return {each.school.name.partition(" ")[0]: each.state for each in found}


def digest_of(trust: ManySchools, number: int) -> str:
    return trust.schools[number].sent[NOW][1]


def test_school_is_not_yet_then_overdue_then_returned_late(
    few_schools: ManySchools, clock: Any
) -> None:
    clock.day = date(2026, 7, 22)
    assert set(states(few_schools).values()) == {State.NOT_YET}
    clock.day = date(2026, 7, 23)
    assert set(states(few_schools).values()) == {State.OVERDUE}
    few_schools.send(NOW, few_schools.schools[:1])
    with few_schools.vault.reading() as session:
        found = standings(session, *NOW, clock.day)
    assert found[0].words_on(clock.day) == "● Returned, to be looked at · late"
    assert counted_words(found) == (
        "1 of 3 schools returned · 1 to be looked at · 2 overdue · 1 came late"
    )


def test_due_date_set_by_the_esl_counts_and_travels_in_the_card(few_schools: ManySchools) -> None:
    with few_schools.vault.changing("due", "due") as session:
        set_due_date(session, *NOW, date(2026, 8, 1))
        dates = due_dates_of(session, "2025-26")["2025-26"]["summer"]
        assert set(dates.values()) == {"2026-08-01"}
        with pytest.raises(InputError, match="cannot be due on that day"):
            set_due_date(session, *NOW, date(2027, 8, 1))
        set_due_date(session, *NOW, None)
        usual = due_dates_of(session, "2025-26")["2025-26"]["summer"]
    assert (usual["buckinghamshire"], usual["milton_keynes"]) == ("2026-07-22", "2026-07-20")


def test_school_that_closed_is_asked_no_more_and_keeps_its_returns(
    few_schools: ManySchools, clock: Any
) -> None:
    clock.day = date(2026, 9, 1)
    few_schools.send(("2025-26", "spring"), few_schools.schools[:1])
    with few_schools.vault.changing("school left", "school") as session:
        facts = school_facts(session)[0]
        write_school_facts(session, SchoolFacts(facts.school, None, date(2026, 5, 1)))
    assert states(few_schools)["Ashcombe"] is State.NOT_ASKED
    assert states(few_schools, ("2025-26", "spring"))["Ashcombe"] is State.RETURNED
    assert states(few_schools)["Brookside"] is State.OVERDUE


def test_term_without_dates_or_returns_is_a_plain_list(few_schools: ManySchools) -> None:
    assert set(states(few_schools, ("2050-51", "autumn")).values()) == {State.NOT_YET}


def test_queries_go_out_in_one_receipt_and_the_answer_is_the_next_revision(
    few_schools: ManySchools, clock: Any
) -> None:
    clock.day = date(2026, 7, 20)
    few_schools.send(NOW)
    vault, digest, form = few_schools.vault, digest_of(few_schools, 0), return_form()
    with pytest.raises(InputError, match="No question is written yet"):
        send_queries(vault, digest, PASSPHRASE)
    with vault.changing("question", "q") as session:
        write_query(session, form, digest, "attendance_pct", "Is this all pupils?")
        write_query(session, form, digest, "concerns_online", "Twice last term’s: why?")
        with pytest.raises(InputError, match="no field"):
            write_query(session, form, digest, "no_such_field", "What?")
    with pytest.raises(InputError, match="not sent"):
        accept_return(vault, digest, PASSPHRASE)
    send_queries(vault, digest, PASSPHRASE)
    assert states(few_schools)["Ashcombe"] is State.QUERIED
    with vault.reading() as session:
        assert drafted_queries(session, digest) == ()
        body = packages(session, "receipt")[0].body()
    assert isinstance(body, Receipt)
    assert [query.field for query in body.queries] == ["attendance_pct", "concerns_online"]

    school = few_schools.schools[0]
    authorised = round(4.9 - school.answers["unauthorised_absence_pct"], 1)
    mended = {"attendance_pct": 95.1, "authorised_absence_pct": authorised}
    few_schools.send(NOW, [school], mended)
    assert states(few_schools)["Ashcombe"] is State.RETURNED
    with vault.reading() as session:
        found = read_received(session, form, few_schools.schools[0].urn, NOW, clock.day)
    assert found is not None
    assert found.is_revision
    changed = {f.name for f in found.fields if f.is_changed}
    assert changed == {"attendance_pct", "authorised_absence_pct"}
    asked = {f.name: f.asked for f in found.fields if f.asked}
    assert asked["attendance_pct"] == "Is this all pupils?"
    accept_return(vault, digest_of(few_schools, 0), PASSPHRASE)
    assert states(few_schools)["Ashcombe"] is State.ACCEPTED


def test_receipt_that_cannot_be_written_changes_nothing(few_schools: ManySchools) -> None:
    few_schools.send(NOW)
    vault, digest = few_schools.vault, digest_of(few_schools, 0)
    with vault.changing("question", "q") as session:
        write_query(session, return_form(), digest, "attendance_pct", "Is this all pupils?")

    def full(_sent: Outgoing) -> None:
        raise FileWriteError("There is no room on the disk.")

    with pytest.raises(FileWriteError):
        send_queries(vault, digest, PASSPHRASE, full)
    assert states(few_schools)["Ashcombe"] is State.RETURNED
    with vault.reading() as session:
        assert len(drafted_queries(session, digest)) == 1
        assert packages(session, "receipt") == ()


def test_two_revisions_2_are_a_fork_and_the_second_is_refused(few_schools: ManySchools) -> None:
    few_schools.send(NOW, few_schools.schools[:1])
    school = few_schools.schools[0]
    first = dict(school.sent)
    assert few_schools.send(NOW, [school])[0].code == "ok"
    school.sent = first
    fork = few_schools.send(NOW, [school], {"cla_count": 2})[0]
    assert (fork.verdict, fork.code) == ("rejected", "out-of-sequence")
    assert "side by side" in fork.message


def test_reminder_is_a_page_a_school_and_holds_no_figures(
    few_schools: ManySchools, clock: Any
) -> None:
    few_schools.send(NOW, few_schools.schools[:1])
    clock.day = date(2026, 9, 1)
    with few_schools.vault.reading() as session:
        found = standings(session, *NOW, clock.day)
        owner, names = read_owner(session), addressees(session)
    late = to_remind(found)
    assert [each.school.name for each in late] == ["Brookside School", "Copse Lane School"]
    paper = reminder_letter(late, NOW, owner, "Helen Ashby", names, clock.day)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(paper.pdf())).pages]
    assert len(pages) == 2
    assert "Brookside Dsl and Brookside Head" in pages[0]
    assert "was due on 22 Jul 2026" in " ".join(pages[1].split())
    with pytest.raises(InputError, match="Nothing is missing"):
        reminder_letter(found[:1], NOW, owner, "Helen Ashby", names, clock.day)


def test_whole_folder_is_checked_and_twice_is_harmless(
    few_schools: ManySchools, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    (folder / "inner").mkdir(parents=True)
    sent = [s.termly_return(few_schools.public, *NOW, few_schools.vault.today())
            for s in few_schools.schools]  # fmt: skip
    for place, each in zip((folder, folder, folder / "inner"), sent, strict=True):
        (place / each.name).write_bytes(each.data)
    (folder / "notes.txt").write_text("not looked at")
    (folder / "broken.odbst").write_bytes(b"{")
    (folder / "link.odbst").symlink_to("/etc/hostname")
    paths = package_files([folder])
    assert [p.name for p in paths][-1] == sent[2].name
    assert len(paths) == 4
    codes = [v.code for v in import_files(few_schools.vault, paths)]
    assert sorted(codes) == ["malformed", "ok", "ok", "ok"]
    again = [v.verdict for v in import_files(few_schools.vault, paths)]
    assert sorted(again) == ["duplicate", "duplicate", "duplicate", "rejected"]
