"""Make the demonstration trust: an ESL, two schools, a governor, a term and a half."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from odbst_desktop.demo import leading, register, school_visits, school_year
from odbst_desktop.demo.further_schools import FurtherSchools, refuse_refused
from odbst_desktop.errors import FileWriteError, InputError
from odbst_desktop.files import write_whole
from odbst_desktop.form_engine.reading import reading_of
from odbst_desktop.form_library.trust_forms import import_form, mark_form
from odbst_desktop.meetings.log import meetings
from odbst_desktop.meetings.minutes import minutes
from odbst_desktop.monitoring.received import note_reported
from odbst_desktop.monitoring.report import visit_report
from odbst_desktop.monitoring.visits import read_visit, visits
from odbst_desktop.office import inbox, outbox
from odbst_desktop.office.opening import make_vault, own_keys
from odbst_desktop.office.outbox import Outgoing
from odbst_desktop.returns.drafting import ReturnId, open_return, read_return, return_form
from odbst_desktop.returns.governor_papers import hand_on_papers
from odbst_desktop.returns.paper import return_paper
from odbst_desktop.returns.signing import countersign_return, payload_hash, sign_return
from odbst_desktop.school.owner import Owner, Profile, read_owner
from odbst_desktop.school.schools import School, write_school
from odbst_desktop.shipped import shipped_yaml
from odbst_desktop.trust.collation import collated_csv
from odbst_desktop.trust.table import rows_of_term, trust_table
from odbst_desktop.trust.terms import TermOf
from odbst_desktop.vault.key_slots import FLOOR_COST
from odbst_desktop.vault.users import add_user
from odbst_desktop.vault.vault import Vault

RETURNED = ("2025-26", "summer")
"""The term whose returns the demonstration trust holds."""


class StoryClock:
    """The clock of the demonstration: it stands where the story is."""

    def __init__(self, day: date) -> None:
        self.day = day

    def __call__(self) -> datetime:
        """Return four in the afternoon of the story's day."""
        return datetime.combine(self.day, time(16), UTC)


@dataclass
class Story:
    """The vaults of the demonstration while it is made."""

    folder: Path
    clock: StoryClock
    passphrase: str
    trust: Vault
    schools: dict[str, Vault]
    governor: Vault
    further: FurtherSchools

    def everybody_else(self) -> tuple[Vault, ...]:
        """Return every vault but the trust's."""
        return (*self.schools.values(), self.governor)


def make_demonstration(folder: Path) -> Iterator[Path]:
    """Make the demonstration trust in ``folder`` and give each file as it is made.

    Raises:
        InputError: the folder holds something already.
        FileWriteError: it cannot be written.

    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"“{folder.name}” holds something already. Choose a new folder.")
    try:
        for part in (folder, folder / "outbox", folder / "reports"):
            part.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise FileWriteError(
            f"The folder “{folder}” could not be made ({fault.strerror}). Choose another."
        ) from fault
    content = shipped_yaml("resources/demonstration.yaml")
    yield _write(folder / "passphrase.txt", f"{content['passphrase']}\n".encode())
    story = _begin(folder, content)
    yield from (vault.folder for vault in (story.trust, *story.everybody_else()))
    try:
        yield from _enrol(story)
        yield from _live(story, content)
        _write_own_form(story.trust, content)
        yield from _lead(story, content["leading"])
        yield from _papers(story)
    finally:
        for vault in (story.trust, *story.everybody_else()):
            vault.close()


def _write_own_form(trust: Vault, content: dict[str, Any]) -> None:
    """Let the ESL import a form of the trust's own and mark it for the next focus pack."""
    reading = reading_of(content["trust_form"], "lunchtime walk.xlsx")
    mark_form(trust, import_form(trust, reading).id, is_marked=True)


def _lead(story: Story, told: dict[str, Any]) -> Iterator[Path]:
    """Let the ESL choose themes, send the focus pack everybody takes in, and review a school."""
    yield from _pack(story, told["spring"])
    leading.review(story.trust, story.clock, told["reviews"])
    story.clock.day = told["today"]


def _pack(story: Story, told: dict[str, Any]) -> Iterator[Path]:
    """Let the ESL choose themes and send a focus pack, which everybody takes in and reads."""
    story.clock.day = told["pack_on"]
    leading.choose(story.trust, told)
    pack = _send(story, outbox.focus_pack(story.trust, TermOf(*told["term"]), story.passphrase))
    yield pack
    for vault in story.everybody_else():
        _receive(vault, pack)
        if told["is_read"]:
            leading.read(vault)


def _begin(folder: Path, content: dict[str, Any]) -> Story:
    clock = StoryClock(content["days"]["enrolled"])
    passphrase = content["passphrase"]

    def make(name: str, owner: Owner, person: str) -> Vault:
        return make_vault(
            folder / name, owner=owner, person=person, passphrase=passphrase,
            cost=FLOOR_COST, clock=clock,
        ).vault  # fmt: skip

    trust = make("trust", Owner(Profile.TRUST, content["trust"], None, True), content["esl"])
    schools = {}
    for name, known in content["schools"].items():
        owner = Owner(Profile.SCHOOL, known["name"], known["urn"], True)
        vault = schools[name] = make(name, owner, known["people"][0]["name"])
        add_user(vault, known["people"][1]["name"], "headteacher", passphrase)
        school_year.add_people(vault, known, content)
        school_year.keep_old_records(vault, known, content["days"]["begins"])
        with trust.changing("school added", f"school/{known['urn']}") as session:
            write_school(
                session,
                School(known["urn"], known["name"], known["authority"], known["phase"],
                       known["hub"]),
            )  # fmt: skip
    trust_card = {"urn": 0, "hub": "", "people": content["trust_people"]}
    school_year.add_people(trust, trust_card, content)
    visited = content["schools"][content["governor"]["school"]]
    governor = make(
        "governor",
        Owner(Profile.GOVERNOR, visited["name"], visited["urn"], True),
        content["governor"]["name"],
    )
    further = FurtherSchools(
        trust, content["neighbours"], passphrase, lambda sent: _send_into(folder, sent)
    )
    return Story(folder, clock, passphrase, trust, schools, governor, further)


def _enrol(story: Story) -> Iterator[Path]:
    """Let everybody know everybody, as on the telephone: keys, fingerprints, trust cards."""
    card = _send(story, outbox.trust_card(story.trust, story.passphrase))
    yield card
    esl = own_keys(story.trust).signing[0]
    for vault in story.everybody_else():
        _receive(vault, card)
        inbox.approve(vault, esl.keyid, esl.fingerprint)
        sent = _send(story, outbox.enrolment(vault, [story.passphrase]))
        yield sent
        _receive(story.trust, sent)
        for key in own_keys(vault).signing:
            inbox.approve(story.trust, key.keyid, key.fingerprint)
    yield from story.further.enrol()
    yield from story.further.send_returns("2024-25", date.min, story.clock.day)
    story.clock.day += timedelta(days=1)
    card = _send(story, outbox.trust_card(story.trust, story.passphrase))
    yield card
    for vault in story.everybody_else():
        _receive(vault, card)


def _live(story: Story, content: dict[str, Any]) -> Iterator[Path]:
    """Live through a term with its return, then the term that runs."""
    days = content["days"]
    visited = story.schools[content["governor"]["school"]]
    yield from _visits(story, visited, content, days["enrolled"], days["begins"])
    story.clock.day = days["begins"]
    trust_card = {"urn": 0, "hub": ""}
    school_year.add_earlier_training(story.trust, trust_card, days["begins"])
    for name, vault in story.schools.items():
        known = content["schools"][name]
        story.clock.day = days["log_begins"]
        for term in known.get("earlier_terms", ()):
            school_year.hold_meetings(vault, story.clock, "2025-26", term, known, content)
        story.clock.day = days["begins"]
        school_year.add_earlier_training(vault, known, days["begins"])
        school_year.hold_meetings(vault, story.clock, "2025-26", "summer", known, content)
    yield from _visits(story, visited, content, days["begins"], days["first_return"])
    for vault in story.schools.values():
        story.clock.day = content["register"]["summer"]
        register.first_walk(vault, content["register"])
    yield from _further_returns(story, days["begins"], days["first_return"] - timedelta(days=1))
    story.clock.day = days["first_return"]
    for name, vault in story.schools.items():
        yield from _return(
            story, vault, content["schools"][name], content, is_queried=name != "oakfield"
        )
    yield from _further_returns(story, days["first_return"], date(2026, 8, 31))
    for name, vault in story.schools.items():
        story.clock.day = date(2026, 9, 1)
        known = content["schools"][name]
        school_year.renew_training(vault, story.clock.day)
        school_year.hold_meetings(vault, story.clock, "2026-27", "autumn", known, content)
    story.clock.day = date(2026, 9, 1)
    school_year.renew_training(story.trust, story.clock.day)
    # The card of the year before ran out on 31 August.
    card = _send(story, outbox.trust_card(story.trust, story.passphrase))
    yield card
    for vault in story.everybody_else():
        _receive(vault, card)
    yield from _pack(story, content["leading"]["autumn"])
    yield from _visits(story, visited, content, days["first_return"], days["today"])
    story.clock.day = content["register"]["autumn"]
    for vault in story.schools.values():
        register.autumn_walk(vault, content["register"])
    story.clock.day = days["today"]
    school_visits.begin_visit(story.governor, content["visits"]["begun"])
    for name, vault in story.schools.items():
        school_year.begin_meeting(vault, content["schools"][name], content)
        school_year.hold_sessions(vault, content["schools"][name], content)
        open_return(vault, "2026-27", "autumn")


def _visits(
    story: Story, school: Vault, content: dict[str, Any], first: date, last: date
) -> Iterator[Path]:
    """Make the visits of a time: closed and signed by the governor, answered by the school."""
    school_visits.choose_themes(story.governor, content["visits"]["themes"], first, last)
    for told in content["visits"]["made"]:
        if not first <= told["day"] < last:
            continue
        story.clock.day = told["day"]
        visit = school_visits.make_visit(story.governor, told, content["visits"])
        sealed = outbox.monitoring_visit(story.governor, visit, story.passphrase)
        files = [_send(story, sent) for sent in sealed]
        yield from files
        _receive(school, files[0])
        _receive(story.trust, files[1])
        story.clock.day += timedelta(days=3)
        visit = school_visits.answer_visit(school, told)
        if told.get("reported_on"):
            story.clock.day = told["reported_on"]
            note_reported(school, visit, story.clock.day)


def _return(
    story: Story, vault: Vault, known: dict[str, Any], content: dict[str, Any], *, is_queried: bool
) -> Iterator[Path]:
    made = open_return(vault, *RETURNED)
    school_year.fill_return(vault, made, known, content)
    second = next(user for user in vault.users() if user.role == "headteacher")
    sign_return(vault, made, story.passphrase, second.id)
    countersign_return(vault, made, story.passphrase)
    sent = _send(story, outbox.termly_return(vault, made))
    _receive(story.trust, sent)
    digest = payload_hash(read_return(vault, made))
    words = "Is this each pupil once, or each absence? Please check the register."
    queries = [("persistent_absence_count", words)] if is_queried else []
    answer = _send(story, outbox.receipt(story.trust, digest, story.passphrase, queries))
    _receive(vault, answer)
    yield from (sent, answer)


def _further_returns(story: Story, first: date, last: date) -> Iterator[Path]:
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if any(day in each["returns"].values() for each in story.further.told):
            story.clock.day = day
            yield from story.further.send_returns("2025-26", day, day)


def _papers(story: Story) -> Iterator[Path]:
    reports = story.folder / "reports"
    for name, vault in story.schools.items():
        with vault.reading() as session:
            closed = next(m for m in meetings(session) if m.is_closed)
            owner = read_owner(session)
        yield _write(reports / f"{name}-minutes.pdf", minutes(vault, closed.id).pdf())
        made = read_return(vault, open_return(vault, *RETURNED))
        signers = tuple((user.role, user.name) for user in vault.users())
        paper = return_paper(made, return_form(), owner, signers, story.clock.day)
        yield _write(reports / f"{name}-termly-return.pdf", paper.pdf())
        yield from _governor_papers(vault, made.id, reports / name)
    with story.governor.reading() as session:
        signed = next(v for v in visits(session) if v.state == "signed")
        owner = read_owner(session)
    paper = visit_report(
        read_visit(story.governor, signed.id), owner.name, is_demonstration=True, signed=True
    )
    yield _write(reports / "oakfield-monitoring-visit.pdf", paper.pdf())
    with story.trust.reading() as session:
        rows = rows_of_term(trust_table(session, return_form()), RETURNED)
    yield _write(story.folder / "collated.csv", collated_csv(rows))


def _governor_papers(vault: Vault, made: ReturnId, start: Path) -> Iterator[Path]:
    """Hand on the papers for governors, each with its twin for a screen reader."""
    for paper in hand_on_papers(vault, made).papers():
        yield _write(start.with_name(f"{start.name}-{paper.name}.pdf"), paper.pdf())
        yield _write(start.with_name(f"{start.name}-{paper.name}.html"), paper.html())


def _send(story: Story, sent: Outgoing) -> Path:
    return _send_into(story.folder, sent)


def _send_into(folder: Path, sent: Outgoing) -> Path:
    return _write(folder / "outbox" / sent.name, sent.data)


def _receive(vault: Vault, path: Path) -> None:
    refuse_refused([inbox.import_file(vault, path)])


def _write(path: Path, data: bytes) -> Path:
    write_whole(path, data)
    return path
