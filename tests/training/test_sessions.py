"""Sessions for many: one register for forty, late comers, apologies, supervision, reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from icalendar import Calendar
from PIL import Image
from pypdf import PdfReader

from odbst_desktop.errors import InputError, StateError
from odbst_desktop.office.calendar import own_year
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.people import Details, PersonId, add_person, people
from odbst_desktop.school.people_changes import change_details
from odbst_desktop.training.certificates import attach_certificate, certificate_of
from odbst_desktop.training.matrix import training_matrix
from odbst_desktop.training.recording import records_of
from odbst_desktop.training.reminders import calendar_file, reminder_letter
from odbst_desktop.training.sessions import (
    SessionId,
    cancel_session,
    find_session,
    group_sessions,
    plan_session,
    supervision_by_half_term,
    take_register,
    who_missed,
)
from odbst_desktop.training.standing import Status
from odbst_desktop.vault.vault import Vault

TODAY = date(2026, 11, 24)


def ids(vault: Vault) -> dict[str, PersonId]:
    with vault.reading() as session:
        return {person.name: person.id for person in people(session)}


def plan(vault: Vault, course_id: str, day: date, who: list[PersonId], hub: str = "") -> SessionId:
    with vault.changing("session planned", "session") as session:
        return plan_session(session, course_id, day, who, hub=hub, at=vault.now())


def mark(vault: Vault, held: SessionId, states: dict[PersonId, str]) -> int:
    with vault.changing("register", "session") as session:
        return take_register(session, held, states, today=TODAY, at=vault.now())


def test_one_register_records_forty_people(open_vaults: Callable[..., Vault]) -> None:
    vault = open_vaults("large")
    with vault.changing("people", "people") as session:
        who = [add_person(session, f"Person {n}", ["teacher"], date(2024, 9, 1)) for n in range(40)]
    held = plan(vault, "kcsie_annual_update", date(2026, 9, 1), who[:38])
    states = dict.fromkeys(who[:37], "attended") | {who[37]: "apologies"}
    assert mark(vault, held, states) == 37
    assert mark(vault, held, {who[38]: "late", who[39]: "late"}) == 2
    assert mark(vault, held, states) == 0
    with vault.reading() as session:
        known = find_session(session, held)
        done = training_matrix(session, TODAY).required("kcsie_annual_update")
    assert known.summary == "39 attended, 1 apologies"
    assert sum(cell.counts for cell in done) == 39


def test_a_register_corrected_takes_the_record_back(school: Vault) -> None:
    known = ids(school)
    held = plan(school, "dsl_termly_strategic", date(2026, 10, 6), [known["Ruth Ellery"]])
    mark(school, held, {known["Ruth Ellery"]: "attended"})
    mark(school, held, {known["Ruth Ellery"]: "absent"})
    with school.reading() as session:
        records = records_of(session, known["Ruth Ellery"])
    assert [(r.is_current, r.reason) for r in records] == [(False, "The register was corrected")]


def test_required_attendance_names_who_missed_it(school: Vault) -> None:
    known = ids(school)
    held = plan(school, "dsl_termly_strategic", date(2026, 10, 6), list(known.values()))
    mark(school, held, {known["Ruth Ellery"]: "attended", known["Grace Tolley"]: "apologies"})
    with school.reading() as session:
        session_held = find_session(session, held)
        missed = who_missed(session_held, people(session, date(2026, 10, 6)))
    assert session_held.course.asks_attendance
    assert {person.name for person in missed} == {"Peter Marsh", "Grace Tolley"}


def test_a_session_to_come_takes_apologies_but_no_attendance(school: Vault) -> None:
    ruth = ids(school)["Ruth Ellery"]
    held = plan(school, "dsl_level3", date(2026, 12, 3), [ruth])
    with pytest.raises(InputError, match="on the day"):
        mark(school, held, {ruth: "attended"})
    assert mark(school, held, {ruth: "apologies"}) == 0
    with school.changing("cancelled", "session") as session:
        cancel_session(session, held, at=school.now())
        assert group_sessions(session) == ()
    with pytest.raises(StateError, match="cancelled"):
        mark(school, held, {ruth: "apologies"})
    past = plan(school, "dsl_level3", date(2026, 11, 3), [ruth])
    mark(school, past, {ruth: "attended"})
    with (
        pytest.raises(StateError, match="was held"),
        school.changing("cancelled", "session") as session,
    ):
        cancel_session(session, past, at=school.now())
    with pytest.raises(InputError, match="who is expected"):
        plan(school, "dsl_level3", TODAY, [])


def test_supervision_is_told_by_half_term_and_hub(school: Vault) -> None:
    known = ids(school)
    with school.changing("hubs", "person") as session:
        for name in ("Ruth Ellery", "Peter Marsh"):
            change_details(session, known[name], name, Details(hub="North"))
    first = plan(school, "dsl_supervision", date(2026, 9, 22), [known["Ruth Ellery"]], "North")
    mark(school, first, {known["Ruth Ellery"]: "attended", known["Peter Marsh"]: "late"})
    second = plan(school, "dsl_supervision", date(2026, 11, 10), [known["Ruth Ellery"]], "North")
    mark(school, second, {known["Ruth Ellery"]: "attended"})
    with school.reading() as session:
        year = own_year(session, TODAY)
        assert year is not None
        rows = supervision_by_half_term(session, year, TODAY)
    assert [(r.half_term, r.hub, r.sessions, r.came, r.missed) for r in rows] == [
        ("autumn_2", "North", 1, ("Ruth Ellery",), ("Peter Marsh",)),
        ("autumn_1", "North", 1, ("Peter Marsh", "Ruth Ellery"), ()),
    ]


def test_reminders_go_into_any_calendar_and_keep_their_identity(school: Vault) -> None:
    with school.reading() as session:
        matrix = training_matrix(session, TODAY)
    due = [
        (person, known, cell)
        for known in matrix.courses
        for person, cell in matrix.cells_of(known.id)
    ]
    stamp = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
    data = calendar_file(due, organisation="Oakfield", stamp=stamp, today=TODAY)
    assert data == calendar_file(due, organisation="Oakfield", stamp=stamp, today=TODAY)
    events = Calendar.from_ical(data).walk("VEVENT")
    assert len(events) == len(due)
    assert len({str(event["uid"]) for event in events}) == len(due)
    assert min(event.decoded("dtstart") for event in events) == TODAY
    assert all(line.endswith(b"\r") for line in data.split(b"\n")[:-1])
    with pytest.raises(InputError, match="Nothing is due"):
        calendar_file([], organisation="Oakfield", stamp=stamp, today=TODAY)


def test_a_letter_says_what_is_due_and_why(school: Vault) -> None:
    with school.reading() as session:
        matrix, owner = training_matrix(session, TODAY), read_owner(session)
    ruth = next(p for p in matrix.people if p.name == "Ruth Ellery")
    due = [need for need in matrix.row_of(ruth.id) if need[1].status is Status.NEVER]
    paper = reminder_letter(owner, ruth, due, today=TODAY, sender="Peter Marsh")
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(paper.pdf())).pages)
    for expected in ("Dear Ruth Ellery", "DSL training", "every two years", "Peter Marsh"):
        assert expected in " ".join(words.split())
    with pytest.raises(InputError, match="Nothing is due"):
        reminder_letter(owner, ruth, [], today=TODAY, sender="Peter Marsh")


def _picture() -> bytes:
    held = BytesIO()
    Image.new("RGB", (20, 20)).save(held, "PNG")
    return held.getvalue()


def test_certificates_are_kept_with_the_record_and_judged_by_what_they_hold(school: Vault) -> None:
    ruth = ids(school)["Ruth Ellery"]
    held = plan(school, "dsl_level3", date(2026, 11, 3), [ruth])
    mark(school, held, {ruth: "attended"})
    with school.changing("certificate", "record") as session:
        record = records_of(session, ruth)[0].id
        assert certificate_of(session, record) is None
        attach_certificate(session, record, "dsl.png", _picture(), at=school.now())
        found = certificate_of(session, record)
    assert found is not None
    assert (found[0].media_type, found[1]) == ("image/png", _picture())
    for name, data in (("dsl.pdf", _picture()), ("dsl.exe", b"MZ\x90"), ("dsl.csv", b"a,b\n")):
        with (
            pytest.raises(InputError, match="othing was"),
            school.changing("certificate", "record") as session,
        ):
            attach_certificate(session, record, name, data, at=school.now())
    with school.reading() as session:
        kept = certificate_of(session, record)
    assert kept is not None
    assert kept[0].name == "dsl.png"
