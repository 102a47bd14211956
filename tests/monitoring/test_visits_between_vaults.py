"""Visits as signed files: kept once, amended, answered, and of two schools apart."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from odbst_desktop.actions.list import actions, close_action
from odbst_desktop.errors import InputError, StateError
from odbst_desktop.exchange.payload import Signer
from odbst_desktop.exchange.register import packages
from odbst_desktop.exchange.writing import issuer_of, new_envelope
from odbst_desktop.form_engine.reading import form_from
from odbst_desktop.form_library.definitions import keep_definition
from odbst_desktop.monitoring.checklists import visit_form
from odbst_desktop.monitoring.counts import term_counts
from odbst_desktop.monitoring.cycle import cycle
from odbst_desktop.monitoring.lgb_report import lgb_report
from odbst_desktop.monitoring.received import keep_received, note_reported, respond
from odbst_desktop.monitoring.records import VisitRow
from odbst_desktop.monitoring.themes import themes_of
from odbst_desktop.monitoring.visits import (
    VisitId,
    amend_visit,
    close_visit,
    explain,
    read_visit,
    save_visit,
    start_visit,
    visits,
)
from odbst_desktop.monitoring.year_picture import picture_paper, year_picture
from odbst_desktop.office import inbox, outbox
from odbst_desktop.office.opening import add_school, own_keys
from odbst_desktop.returns.drafting import open_return, read_return
from odbst_desktop.school.calendar import academic_year
from odbst_desktop.school.owner import Profile
from odbst_desktop.school.schools import School, write_school
from odbst_desktop.vault.errors import WrongPassphraseError
from odbst_desktop.vault.users import change_passphrase
from odbst_desktop.vault.vault import Vault

PASSPHRASE = "copper lantern drifting orchard"
RECORD = "single_central_record"
Answers = dict[str, Any]
Write = Callable[[outbox.Outgoing], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(sent: outbox.Outgoing) -> Path:
        path = tmp_path / sent.name
        path.write_bytes(sent.data)
        return path

    return write


@pytest.fixture
def trust(open_vaults: Callable[..., Vault]) -> Vault:
    vault = open_vaults("trust", Profile.TRUST, None, "Helen Ashby")
    with vault.changing("schools added", "school") as session:
        write_school(session, School(900101, "Oakfield", "buckinghamshire", "primary", "North"))
        write_school(session, School(900102, "St Mary’s", "buckinghamshire", "primary", "East"))
    return vault


@pytest.fixture
def known(trust: Vault, school: Vault, governor: Vault, write: Write) -> None:
    """Let trust, school and governor know one another."""
    for vault in (school, governor):
        inbox.import_file(vault, write(outbox.trust_card(trust, PASSPHRASE)))
        esl = own_keys(trust).signing[0]
        inbox.approve(vault, esl.keyid, esl.fingerprint)
        enrol(trust, vault, write)
    share_card(trust, write, school, governor)


def enrol(trust: Vault, vault: Vault, write: Write, urn: int | None = None) -> None:
    sent = outbox.enrolment(vault, [PASSPHRASE], urn)
    assert inbox.import_file(trust, write(sent)).verdict == "pending"
    for key in own_keys(vault).signing:
        if urn is None or key.urn == urn:
            inbox.approve(trust, key.keyid, key.fingerprint)


def share_card(trust: Vault, write: Write, *vaults: Vault) -> None:
    card = write(outbox.trust_card(trust, PASSPHRASE))
    for vault in vaults:
        assert inbox.import_file(vault, card).verdict == "accepted"


def send(governor: Vault, visit: VisitId, write: Write) -> tuple[Path, Path]:
    to_school, to_trust = outbox.monitoring_visit(governor, visit, PASSPHRASE)
    return write(to_school), write(to_trust)


def received(vault: Vault) -> Any:
    with vault.reading() as session:
        return visits(session)[0]


@pytest.mark.usefixtures("known")
def test_actions_join_the_list_once_and_a_second_import_is_harmless(
    school: Vault, trust: Vault, governor: Vault, write: Write,
    closed: Callable[..., VisitId], a_gap: Callable[..., Answers],
) -> None:  # fmt: skip
    further = {"action": "Buy badges", "owner": "Office", "due": "2026-12-01"}
    visit = closed(RECORD, actions=[further], **a_gap("leavers", action="Take leavers off"))
    to_school, to_trust = send(governor, visit, write)
    assert inbox.import_file(school, to_school).verdict == "accepted"
    assert inbox.import_file(school, to_school).verdict == "duplicate"
    assert inbox.import_file(school, to_trust).code == "sealed-to-another"
    assert inbox.import_file(trust, to_trust).verdict == "accepted"
    with school.reading() as session:
        held = visits(session)
        listed = actions(session, origin=held[0].origin)
    assert [v.state for v in held] == ["received"]
    assert sorted(a.title for a in listed) == ["Buy badges", "Take leavers off"]
    with trust.reading() as session:
        assert [v.urn for v in visits(session)] == [900101]
        assert actions(session) == ()
        body = packages(session, "monitoring-visit")[0].payload().body
    assert [row["about"] for row in body["actions"]] == ["leavers", ""]
    with pytest.raises(StateError):
        outbox.monitoring_visit(governor, visit, PASSPHRASE)


@pytest.mark.usefixtures("known")
def test_an_amended_visit_takes_the_place_of_the_one_before_everywhere(
    school: Vault, trust: Vault, governor: Vault, write: Write,
    closed: Callable[..., VisitId], full_answers: Callable[..., Answers],
    a_gap: Callable[..., Answers],
) -> None:  # fmt: skip
    first = closed(RECORD, **a_gap("leavers"), **a_gap("keeper", action="Name the keeper"))
    for vault, path in zip((school, trust), send(governor, first, write), strict=True):
        inbox.import_file(vault, path)
    respond(school, received(school).id, {"leavers": "Done on the day.", "": "Thank you."})
    with school.changing("action done", "action") as session:
        done = next(a for a in actions(session) if a.title == "Put it right")
        close_action(session, done.id, school.today(), "Seen.")
    amended = amend_visit(governor, first, "The keeper was named after all")
    save_visit(governor, amended, full_answers(RECORD, **a_gap("leavers")))
    close_visit(governor, amended)
    again = send(governor, amended, write)
    assert again[0].name.endswith("-r2.odbst")
    for vault, path in zip((school, trust), again, strict=True):
        assert inbox.import_file(vault, path).verdict == "accepted"
    held = received(school)
    assert (held.revision, held.amend_reason) == (2, "The keeper was named after all")
    assert held.responses["leavers"] == "Done on the day."
    with school.reading() as session:
        assert len(visits(session)) == 1
        assert len(visits(session, with_past=True)) == 2
        states = {a.title: a.state for a in actions(session, origin=held.origin)}
    assert states == {"Put it right": "done", "Name the keeper": "dropped"}
    assert received(trust).revision == 2


@pytest.mark.usefixtures("known")
def test_the_school_answers_and_reports_to_the_lgb_without_small_numbers(
    school: Vault, governor: Vault, write: Write,
    closed: Callable[..., VisitId], a_gap: Callable[..., Answers],
) -> None:  # fmt: skip
    visit = closed(
        "children_feeling_safe",
        safe_playground_evidence="C1042 told the group",
        **a_gap("safe_playground", "partly", "Put a trained adult in the far corner"),
    )
    with pytest.raises(InputError, match="C1042"):
        outbox.monitoring_visit(governor, visit, PASSPHRASE)
    explain(governor, visit, {"reference.safe_playground_evidence": "The room's number."})
    inbox.import_file(school, send(governor, visit, write)[0])
    held = received(school)
    with pytest.raises(InputError, match="no question"):
        respond(school, held.id, {"unheard_of": "x"})
    respond(school, held.id, {"safe_playground": "Zones began, see C2001.", "": "We agree."})
    with pytest.raises(InputError, match="ahead"):
        note_reported(school, held.id, date(2026, 12, 24))
    note_reported(school, held.id, date(2026, 11, 24))
    answered = read_visit(school, held.id)
    assert (answered.responded_by, answered.responded_on) == ("Ruth Ellery", school.today())
    paper = lgb_report(answered, "Oakfield", school.today(), is_demonstration=False)
    text = " ".join("".join(
        page.extract_text() for page in PdfReader(io.BytesIO(paper.pdf())).pages
    ).split())  # fmt: skip
    assert "trained adult in the far corner" in text
    assert "Zones began, see [left out]." in text
    assert "We agree." in text
    assert "Reported to the LGB on 24 Nov 2026" in text
    for hidden in ("C1042", "C2001"):
        assert hidden not in text
    assert "Playground not told 1–4 1–4" in text or "Playground 8 1–4 1–4" in text
    assert "safe in school: not told; do not, or are not sure: 1–4" in text


@pytest.mark.usefixtures("known")
def test_only_dsl_or_head_answer_and_only_what_came_from_the_governor(
    governor: Vault, school: Vault, closed: Callable[..., VisitId]
) -> None:
    visit = closed("curriculum")
    with pytest.raises(InputError, match="DSL or the headteacher"):
        respond(governor, visit, {"": "x"})
    own = start_visit(school, 900101, "curriculum")
    with pytest.raises(StateError):
        respond(school, own, {"": "x"})
    with pytest.raises(StateError, match="Close the visit"):
        note_reported(school, own, school.today())


@pytest.mark.usefixtures("known")
def test_a_governor_of_two_schools_keeps_them_apart(
    trust: Vault, school: Vault, governor: Vault, write: Write, open_vaults: Callable[..., Vault],
    closed: Callable[..., VisitId], full_answers: Callable[..., Answers],
) -> None:  # fmt: skip
    with pytest.raises(WrongPassphraseError):
        add_school(governor, 900102, "St Mary’s", "not the right words at all")
    with pytest.raises(InputError, match="already"):
        add_school(governor, 900101, "Oakfield", PASSPHRASE)
    add_school(governor, 900102, "St Mary’s", PASSPHRASE)
    second = open_vaults("st-marys", Profile.SCHOOL, 900102, "Anil Mehta")
    inbox.import_file(second, write(outbox.trust_card(trust, PASSPHRASE)))
    esl = own_keys(trust).signing[0]
    inbox.approve(second, esl.keyid, esl.fingerprint)
    enrol(trust, second, write)
    enrol(trust, governor, write, 900102)
    share_card(trust, write, school, second, governor)

    closed("curriculum")
    visit = start_visit(governor, 900102, "curriculum")
    save_visit(governor, visit, full_answers("curriculum", strengths="St Mary’s own."))
    close_visit(governor, visit)
    to_school, to_trust = send(governor, visit, write)
    assert to_school.name.startswith("st-mary")
    assert inbox.import_file(school, to_school).code == "sealed-to-another"
    assert inbox.import_file(second, to_school).verdict == "accepted"
    assert inbox.import_file(trust, to_trust).verdict == "accepted"
    assert received(trust).urn == 900102
    with governor.reading() as session:
        assert [v.state for v in visits(session, 900101)] == ["closed"]
        assert [v.state for v in visits(session, 900102)] == ["signed"]
        planned = cycle(academic_year("2026-27"), visits(session, 900102))
    assert sum(check.is_done for check in planned) == 1


@pytest.mark.usefixtures("known")
def test_one_passphrase_for_both_schools_also_after_a_change(
    governor: Vault,
) -> None:
    add_school(governor, 900102, "St Mary’s", PASSPHRASE)
    new = "velvet anchor morning gravel"
    change_passphrase(governor, PASSPHRASE, new)
    for user in governor.users():
        governor.signing_key(user.id, new)
        with pytest.raises(WrongPassphraseError):
            governor.signing_key(user.id, PASSPHRASE)


def test_the_years_picture_says_what_changed_and_what_was_not_seen(
    governor: Vault, clock: Any, closed: Callable[..., VisitId], a_gap: Callable[..., Answers]
) -> None:
    clock.day = date(2026, 9, 22)
    closed(
        RECORD, visited_on="2026-09-22", overseas="not_seen", trainees="not_applicable",
        **(a_gap("leavers") | {"leavers_due": "2026-10-01"}),
    )  # fmt: skip
    clock.day = date(2027, 1, 19)
    closed(
        RECORD, visited_on="2027-01-19", overseas="not_seen",
        **(a_gap("keeper", "partly") | {"keeper_due": "2027-02-01"}),
    )  # fmt: skip
    year = academic_year("2026-27")
    with governor.reading() as session:
        known = visits(session)
    picture = year_picture(year, known, cycle(year, known), governor.today())
    assert [(c.short, c.is_better) for c in picture.changes] == [
        ("Who keeps it", False), ("Leavers", True),
    ]  # fmt: skip
    assert picture.not_seen == (("Single central record check", "Overseas checks"),)
    assert "leadership_compliance" in {c.form.form_id for c in picture.not_done}
    assert picture.checked[0].score.words == "17 yes, 1 no, 1 not seen, 1 not applicable"
    paper = picture_paper(picture, "Oakfield", governor.today(), is_demonstration=False)
    text = " ".join("".join(
        page.extract_text() for page in PdfReader(io.BytesIO(paper.pdf())).pages
    ).split())  # fmt: skip
    for words in (
        "Visits made: 2",
        "▲ Better: no → yes",
        "▼ Worse: yes → partly",
        "Overseas checks",
    ):
        assert words in text


def test_the_return_counts_what_the_visits_showed(
    school: Vault, full_answers: Callable[..., Answers], a_gap: Callable[..., Answers]
) -> None:
    answers = full_answers(RECORD, **a_gap("leavers"))
    answers["sampled_rows"][0] |= {"row_result": "gap", "row_missing": "Date of the check"}
    term = academic_year("2026-27").terms[0]
    with school.changing("visit", "visit") as session:
        keep_received(
            session, urn=900101, form={"id": RECORD, "version": "2026.2"}, answers=answers,
            visited_on=school.today(), governor="Grace Tolley", received_on=school.today(),
            signed_at="2026-11-24T15:30:00Z", payload_sha256="0" * 64,
        )  # fmt: skip
        counted = term_counts(session, term)
    assert counted == {
        "monitoring.visits_done": 1,
        "monitoring.visits_planned": 2,
        "monitoring.scr_checked_on": "2026-11-24",
        "monitoring.scr_sampled": 10,
        "monitoring.scr_gaps": 1,
    }


@pytest.mark.usefixtures("known")
def test_a_focus_pack_brings_the_themes_of_the_term(
    trust: Vault, governor: Vault, tmp_path: Path
) -> None:
    theme = {"id": "lunch", "title": "Lunchtime", "why": "Returns of the summer",
             "expected_checks": ["culture_and_site", "a_check_of_next_year"]}  # fmt: skip
    body = {"academic_year": "2026-27", "term": "spring", "themes": [theme], "forms": [],
            "courses": [], "policies": [], "message": ""}  # fmt: skip
    signer = Signer(keyid=own_keys(trust).signing[0].keyid, person="Helen Ashby", role="esl")
    pack = new_envelope(
        "focus-pack", issued_at=trust.now(), audience=None,
        issuer=issuer_of(None, "Trust", is_demonstration=False), signers=[signer], body=body,
    ).signed_with(trust.signing_key(trust.user.id, PASSPHRASE))  # fmt: skip
    path = tmp_path / "pack.odbst"
    path.write_bytes(pack.to_bytes())
    assert inbox.import_file(governor, path).verdict == "accepted"
    with governor.reading() as session:
        held = themes_of(session, 900101, "2026-27")
        planned = cycle(academic_year("2026-27"), visits(session), held)
    assert [(t.theme.title, t.source) for t in held] == [("Lunchtime", "from the trust")]
    site = next(c for c in planned if c.slot.form_id == "culture_and_site")
    assert "theme of the spring term: Lunchtime" in site.why


@pytest.mark.usefixtures("known")
def test_a_visit_under_an_older_checklist_is_taken_where_that_version_was_ever_in_use(
    school: Vault, trust: Vault, governor: Vault, write: Write, begin: Callable[..., VisitId],
) -> None:  # fmt: skip
    content: dict[str, Any] = copy.deepcopy(dict(visit_form(RECORD).raw))
    content["version"], content["title"] = "2025.1", "The record a year ago"
    older = form_from(content, "older")
    visit = begin(RECORD)
    with governor.changing("made older", "visit") as session:
        keep_definition(session, older, at=governor.now())
        session.get_one(VisitRow, visit).form_version = "2025.1"
    with school.changing("form kept", "forms") as session:
        keep_definition(session, older, at=school.now())
    close_visit(governor, visit)
    to_school, to_trust = send(governor, visit, write)
    assert inbox.import_file(school, to_school).verdict == "accepted"
    assert received(school).title == "The record a year ago"
    assert inbox.import_file(trust, to_trust).code == "unknown-form"


@pytest.mark.usefixtures("known")
def test_the_day_a_visit_was_reported_reaches_the_return(
    school: Vault, governor: Vault, write: Write, closed: Callable[..., VisitId]
) -> None:
    inbox.import_file(school, send(governor, closed(RECORD), write)[0])
    note_reported(school, received(school).id, date(2026, 11, 24))
    found = read_return(school, open_return(school, "2026-27", "autumn"))
    assert found.answers["last_governor_report_to_lgb"] == "2026-11-24"
    assert found.provenance["last_governor_report_to_lgb"] == "counted"
