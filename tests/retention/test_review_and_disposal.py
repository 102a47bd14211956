"""What is due, what holds it back, and what is left of it once it is disposed of."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from sqlmodel import SQLModel, text

from odbst_desktop.actions.list import actions, close_action
from odbst_desktop.errors import FileWriteError, InputError, StateError
from odbst_desktop.meetings.log import Meeting, meetings, start_meeting
from odbst_desktop.retention.certificate import certificate
from odbst_desktop.retention.disposal import disposals, dispose, tidy
from odbst_desktop.retention.holds import HoldOn, holds, lift_hold, place_hold
from odbst_desktop.retention.kinds import covered_tables, exempt_tables, kinds
from odbst_desktop.retention.periods import periods, reset_period, set_period
from odbst_desktop.retention.review import Review, review
from odbst_desktop.school.people import people
from odbst_desktop.school.people_changes import end_person
from odbst_desktop.training.recording import record_training
from odbst_desktop.vault.documents import keep_document
from odbst_desktop.vault.vault import Vault
from tests.retention.conftest import decrypted_pages

Hold = Callable[..., Meeting]
HELD_ON = date(2025, 1, 13)
LAST_KEPT = date(2031, 8, 31)
DUE = date(2031, 9, 1)
MARKER = "zanzibarquokka"


def listed(vault: Vault, on: date) -> Review:
    with vault.reading() as session:
        return review(session, on)


def end_actions(vault: Vault, on: date) -> None:
    with vault.changing("actions done", "actions") as session:
        for action in actions(session):
            if action.state == "open":
                close_action(session, action.id, on, "Done")


@pytest.fixture
def old_meeting(school: Vault, hold_meeting: Hold, clock: Any) -> Meeting:
    meeting = hold_meeting(HELD_ON, words=f"{MARKER} was late")
    end_actions(school, HELD_ON + timedelta(days=7))
    clock.day = DUE
    return meeting


def test_every_table_belongs_to_a_kind_or_is_exempt_with_a_reason(school: Vault) -> None:
    exempt = {each.table for each in exempt_tables()}
    known = covered_tables() | exempt
    with school.reading() as session:
        laid = set(
            session.connection()
            .execute(
                text(
                    "SELECT name FROM sqlite_master WHERE type = 'table' "
                    "AND name NOT LIKE 'sqlite_%'"
                )
            )
            .scalars()
        )
        virtual = set(
            session.connection()
            .execute(text("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"))
            .scalars()
        )
    # A full-text table's own store goes with it.
    laid -= {name for name in laid for owner in virtual if name.startswith(f"{owner}_")}
    missing = (laid | set(SQLModel.metadata.tables)) - known
    assert not missing, f"name in resources/retention.yaml under a kind, or exempt: {missing}"
    assert not covered_tables() & exempt
    assert not known - laid, "a table that is named but does not exist"
    assert all(len(each.why) > 20 for each in exempt_tables())


def test_every_column_named_exists(school: Vault) -> None:
    tables = SQLModel.metadata.tables
    for kind in kinds():
        named = {kind.key, kind.date.by or kind.date.column, *(t.column for t in kind.place.texts)}
        assert named <= set(tables[kind.table].columns.keys()), kind.id
        for part in kind.parts:
            of_part = {part.key, part.column} - {"rowid"}
            assert of_part <= set(tables[part.table].columns.keys()), kind.id


def test_a_meeting_falls_due_the_day_after_six_years_from_its_academic_year(
    school: Vault, old_meeting: Meeting
) -> None:
    assert listed(school, LAST_KEPT).due == ()
    assert listed(school, LAST_KEPT).next_due == DUE
    (due,) = listed(school, DUE).due
    assert due.name == f"meeting/{old_meeting.id}"
    assert due.words == "Weekly DSL meeting, with 1 action"
    assert due.why == (
        "End of the academic year + 6 years: dated 13 Jan 2025, it fell due on 1 Sep 2031."
    )
    assert due.is_free


def test_the_list_says_kind_and_date_and_never_contents(
    school: Vault, old_meeting: Meeting
) -> None:
    assert old_meeting.is_closed
    for due in listed(school, DUE).due:
        assert MARKER not in f"{due.words} {due.why} {due.blocks}"


def test_a_meeting_waits_while_an_action_of_it_is_open(
    school: Vault, hold_meeting: Hold, clock: Any
) -> None:
    hold_meeting(HELD_ON)
    clock.day = DUE
    (due,) = listed(school, DUE).due
    assert due.blocks == ("Waits: an action of it is still open",)
    with pytest.raises(StateError, match="Nothing was disposed of"):
        dispose(school, [due.name])


def test_a_late_action_lets_its_meeting_fall_due_later(
    school: Vault, hold_meeting: Hold, clock: Any
) -> None:
    hold_meeting(HELD_ON)
    end_actions(school, date(2027, 10, 1))
    assert listed(school, date(2034, 8, 31)).due == ()
    assert len(listed(school, date(2034, 9, 1)).due) == 1


def test_a_draft_of_long_ago_falls_due_too(school: Vault, clock: Any) -> None:
    clock.day = HELD_ON
    start_meeting(school)
    (due,) = listed(school, DUE).due
    assert due.words == "Weekly DSL meeting, begun and never closed"


def test_training_is_kept_while_employed_and_six_years_after(school: Vault, clock: Any) -> None:
    clock.day = date(2024, 10, 1)
    with school.changing("training recorded", "training") as session:
        who = next(p for p in people(session) if p.name == "Imani Cole")
        record_training(session, "kcsie_read_part1", [who.id], clock.day, today=clock.day)
    assert listed(school, date(2090, 1, 1)).due == (), "employed still"
    with school.changing("person left", "person") as session:
        end_person(session, who.id, date(2026, 8, 31))
    assert listed(school, date(2032, 8, 31)).due == ()
    (due,) = listed(school, date(2032, 9, 1)).due
    assert due.words == "Person who left, with 1 training record"
    clock.day = date(2032, 9, 1)
    (count,) = dispose(school, [due.name]).counts
    assert (count.kind, count.records, count.parts) == ("person", 1, 3)
    with school.reading() as session:
        assert "Imani Cole" not in {p.name for p in people(session)}
        roles = session.connection().execute(text("SELECT person_id FROM school_role")).scalars()
        assert who.id not in set(roles)


def test_training_may_go_before_the_person(school: Vault, hold_meeting: Hold, clock: Any) -> None:
    hold_meeting(date(2026, 1, 12))
    end_actions(school, date(2026, 1, 19))
    with school.changing("training recorded", "training") as session:
        who = next(p for p in people(session) if p.name == "Ruth Ellery")
        record_training(session, "kcsie_read_part1", [who.id], clock.day, today=clock.day)
        end_person(session, who.id, date(2026, 1, 31))
    clock.day = date(2032, 3, 1)
    assert [(d.record.kind.id, d.is_free) for d in listed(school, clock.day).due] == [
        ("person", False),
        ("training", True),
    ]
    dispose(school, [d.name for d in listed(school, clock.day).free()])
    with school.reading() as session:
        assert "Ruth Ellery" in {p.name for p in people(session)}


def test_a_person_waits_while_a_kept_meeting_names_them(
    school: Vault, hold_meeting: Hold, clock: Any
) -> None:
    hold_meeting(date(2026, 1, 12))
    end_actions(school, date(2026, 1, 19))
    with school.changing("person left", "person") as session:
        who = next(p for p in people(session) if p.name == "Ruth Ellery")
        end_person(session, who.id, date(2026, 1, 31))
    clock.day = date(2032, 3, 1)
    (due,) = listed(school, clock.day).due
    assert due.blocks == ("Waits: a record that is still kept names them",)
    clock.day = date(2032, 9, 1)
    first = [each.name for each in listed(school, clock.day).free()]
    assert [name.partition("/")[0] for name in first] == ["meeting"]
    dispose(school, first)
    assert [each.name for each in listed(school, clock.day).free()] == [f"person/{who.id}"]


def test_a_document_waits_while_a_record_refers_to_it(
    school: Vault, hold_meeting: Hold, clock: Any
) -> None:
    clock.day = HELD_ON
    with school.changing("document kept", "document") as session:
        kept = keep_document(session, "evidence.csv", MARKER.encode(), at=school.now())
        alone = keep_document(session, "alone.csv", b"a,b", at=school.now())
    hold_meeting(HELD_ON, words=f"See document {kept.id}")
    end_actions(school, HELD_ON + timedelta(days=7))
    clock.day = DUE
    found = {due.record.key: due.blocks for due in listed(school, DUE).due}
    assert found[kept.id] == ("Waits: a record that is still kept refers to it",)
    assert found[alone.id] == ()
    dispose(school, [due.name for due in listed(school, DUE).free()])
    (due,) = listed(school, DUE).free()
    assert due.name == f"document/{kept.id}"
    dispose(school, [due.name])
    assert not any(MARKER.encode() in page for page in decrypted_pages(school))


def test_the_school_sets_its_own_period_and_says_where_it_comes_from(
    school: Vault, old_meeting: Meeting
) -> None:
    set_period(school, "meeting", 10, "The trust’s retention schedule, March 2026")
    assert listed(school, DUE).due == ()
    (due,) = listed(school, date(2035, 9, 1)).due
    assert due.rule == "end of the academic year + 10 years"
    assert due.source == "The trust’s retention schedule, March 2026"
    with pytest.raises(InputError, match="where the figure comes from"):
        set_period(school, "meeting", 3, "  ")
    with pytest.raises(InputError, match="from 1 to 100"):
        set_period(school, "meeting", 0, "Somebody")
    with pytest.raises(InputError, match="no kind of record"):
        set_period(school, "pupil", 7, "Somebody")
    reset_period(school, "meeting")
    with school.reading() as session:
        assert not any(period.is_own for period in periods(session))


@pytest.mark.parametrize("on", ["record", "kind", "part", "person", "since"])
def test_a_hold_blocks_disposal_until_it_is_lifted(
    school: Vault, old_meeting: Meeting, on: str
) -> None:
    with school.reading() as session:
        action = actions(session)[0]
    target = {
        "record": HoldOn(record=f"meeting/{old_meeting.id}"),
        "part": HoldOn(record=f"action/{action.id}"),
        "kind": HoldOn(kind="action"),
        "person": HoldOn(person="Ruth Ellery"),
        "since": HoldOn(since=date(2025, 1, 1)),
    }[on]
    hold = place_hold(school, target, "independent inquiry")
    (due,) = listed(school, DUE).due
    assert "independent inquiry" in due.blocks[0]
    with pytest.raises(StateError, match="is held"):
        dispose(school, [due.name])
    with school.reading() as session:
        assert len(meetings(session)) == 1
    lift_hold(school, hold)
    with school.reading() as session:
        lifted = holds(session)[0]
    assert (lifted.placed_by, lifted.lifted_by) == ("Ruth Ellery", "Ruth Ellery")
    assert dispose(school, [due.name]).records == 1
    with pytest.raises(StateError, match="lifted already"):
        lift_hold(school, hold)


def test_a_hold_since_a_later_day_does_not_block(school: Vault, old_meeting: Meeting) -> None:
    place_hold(school, HoldOn(since=date(2025, 1, 21)), "inquiry")
    assert listed(school, DUE).due[0].is_free


@pytest.mark.parametrize(
    "reason", ["", "Claim of Anna Petrova", "about ruth ellery", "ring 01234 567890"]
)
def test_a_reason_names_nobody(school: Vault, reason: str) -> None:
    with pytest.raises(InputError, match="ithout names"):
        place_hold(school, HoldOn(kind="meeting"), reason)
    with school.reading() as session:
        assert holds(session) == ()


def test_a_hold_on_what_is_not_here_is_refused(school: Vault) -> None:
    with pytest.raises(InputError, match="no such record"):
        place_hold(school, HoldOn(record="meeting/none"), "inquiry")
    with pytest.raises(InputError, match="what the hold is on"):
        place_hold(school, HoldOn(kind="meeting", person="Ruth Ellery"), "inquiry")


def test_a_disposal_takes_the_record_with_its_parts_and_nothing_else(
    school: Vault, hold_meeting: Hold, old_meeting: Meeting, clock: Any
) -> None:
    kept = hold_meeting(date(2026, 1, 12))
    clock.day = DUE
    made = dispose(school, [f"meeting/{old_meeting.id}"])
    with school.reading() as session:
        assert [m.id for m in meetings(session)] == [kept.id]
        assert {a.origin for a in actions(session)} == {f"meeting/{kept.id}"}
        assert session.connection().exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
    assert school.check() == ()
    (count,) = made.counts
    assert (count.kind, count.records, count.parts) == ("meeting", 1, 1)


def test_the_chain_stays_whole_and_holds_kind_number_and_rule(
    school: Vault, old_meeting: Meeting
) -> None:
    before = school.audit_entries()
    dispose(school, [f"meeting/{old_meeting.id}"])
    entries = school.audit_entries()
    assert entries[: len(before)] == before, "what was logged stays"
    new = [(entry.what, entry.record.partition("/")[0]) for entry in entries[len(before) :]]
    assert new == [
        ("disposed of: end of the academic year + 6 years", "meeting"),
        ("disposed of with its meeting", "action"),
        ("records disposed of", "disposal"),
        ("vault tidied", "vault"),
    ]
    assert MARKER not in str(entries)
    assert school.check() == ()


def test_nothing_of_what_was_disposed_of_is_left_in_any_page(
    school: Vault, old_meeting: Meeting
) -> None:
    marker = MARKER.encode()
    assert any(marker in page for page in decrypted_pages(school)), "it is found while it is kept"
    dispose(school, [f"meeting/{old_meeting.id}"])
    assert not any(marker in page for page in decrypted_pages(school))
    with school.reading() as session:
        free = session.connection().exec_driver_sql("PRAGMA freelist_count").scalar_one()
    assert free == 0
    assert school.check() == ()
    assert not any(marker in page for page in decrypted_pages(school))


def test_deleting_alone_leaves_words_in_the_log_which_tidying_removes(
    school: Vault, old_meeting: Meeting
) -> None:
    with school.changing("rows deleted", "test") as session:
        session.connection().execute(text("DELETE FROM actions_action"))
        session.connection().execute(text("DELETE FROM meetings_meeting"))
    assert any(MARKER.encode() in page for page in decrypted_pages(school))
    tidy(school)
    assert not any(MARKER.encode() in page for page in decrypted_pages(school))


def test_nothing_is_disposed_of_when_one_of_the_chosen_is_not_due(
    school: Vault, hold_meeting: Hold, old_meeting: Meeting, clock: Any
) -> None:
    young = hold_meeting(date(2026, 1, 12))
    clock.day = DUE
    with pytest.raises(StateError, match="not due"):
        dispose(school, [f"meeting/{old_meeting.id}", f"meeting/{young.id}"])
    with pytest.raises(InputError, match="Choose at least one"):
        dispose(school, [])
    with school.reading() as session:
        assert len(meetings(session)) == 2
        assert disposals(session) == ()


def test_the_certificate_counts_and_names_nothing(school: Vault, old_meeting: Meeting) -> None:
    made = dispose(school, [f"meeting/{old_meeting.id}"])
    with school.reading() as session:
        assert disposals(session) == (made,)
        paper = certificate(session, made)
    reader = PdfReader(io.BytesIO(paper.pdf()))
    words = " ".join("\n".join(page.extract_text() for page in reader.pages).split())
    assert reader.metadata is not None
    assert reader.metadata.title == "Certificate of disposal"
    for expected in (
        "Ruth Ellery", "1 Sep 2031", "Weekly DSL meetings", "13 Jan 2025", "+ 6 years",
        "twelve months", made.id,
    ):  # fmt: skip
        assert expected in words, expected
    assert old_meeting.id not in words
    assert MARKER not in words
    assert paper.pdf() == paper.pdf()


def test_what_could_not_be_tidied_is_said_and_tidied_later(
    school: Vault, old_meeting: Meeting
) -> None:
    raw = school._engine.raw_connection()
    reading = raw.cursor().execute("SELECT name FROM sqlite_master")
    reading.fetchone()
    raw.close()
    # A statement that is still read from stands in the way of VACUUM, as a full disk would.
    with pytest.raises(FileWriteError, match="are disposed of and their certificate is kept"):
        dispose(school, [f"meeting/{old_meeting.id}"])
    reading.close()
    with school.reading() as session:
        assert meetings(session) == ()
        (made,) = disposals(session)
        words = str(certificate(session, made).blocks)
    assert made.tidied_at == ""
    assert "still to be written anew" in words
    tidy(school)
    with school.reading() as session:
        assert disposals(session)[0].tidied_at == "2031-09-01T15:30:00Z"
