"""Forms over a person's card: details, a role, the return, a correction, an exemption."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QComboBox
from sqlmodel import Session

from odbst_desktop.desktop.tab import Tab
from odbst_desktop.desktop.tabs.training_panels import NamedPanel, tick_list, ticked, typed_day
from odbst_desktop.errors import InputError
from odbst_desktop.school.people import Details, Person, RoleHeld, role_label, roles
from odbst_desktop.school.people_changes import (
    begin_role,
    change_details,
    check_details,
    end_role,
    return_person,
)
from odbst_desktop.school.typed_dates import read_typed_date, show_date
from odbst_desktop.training.catalogue import Course
from odbst_desktop.training.recording import Record, correct_record, exempt, withdraw_record


class DetailsPanel(NamedPanel):
    """Everything else that is known of somebody."""

    def __init__(self, tab: Tab, person: Person) -> None:
        super().__init__(tab, f"Details of {person.name}", "Keep")
        self._person, known = person, person.details
        self.name = self.line("&Name", person.name)
        self.number = self.line("&Staff number", known.staff_number)
        self.team = self.line("&Team", known.team, "Such as Safeguarding team or Year 3")
        self.hub = self.line("&Hub", known.hub)
        self.hours = self.line(
            "H&ours a week for the DSL role", f"{known.dsl_hours:g}" if known.dsl_hours else ""
        )
        self.seen = self.line("&Job description seen on", _shown(known.job_description_seen))
        self.target = self.line("&Appraisal target set on", _shown(known.appraisal_target_set))
        self.keep.clicked.connect(self._keep)

    def _keep(self) -> None:
        person, name = self._person, self.name.text()
        number, team, hub = self.number.text(), self.team.text(), self.hub.text()
        hours, seen, target = self.hours.text(), self.seen.text(), self.target.text()

        def work(session: Session, today: date, _at: str) -> str:
            details = Details(
                number, team, hub, typed_day(seen, today), _typed_hours(hours),
                typed_day(target, today),
            )  # fmt: skip
            check_details(details, today)
            change_details(session, person.id, name, details)
            return f"details of {name}"

        self.change("person changed", f"person/{person.id}", work, "person")


class BeginRolePanel(NamedPanel):
    """Asks which role somebody takes on, and when."""

    def __init__(self, tab: Tab, person: Person) -> None:
        super().__init__(tab, f"Another role for {person.name}", "Begin the role")
        self._person = person
        self.role = QComboBox()
        for known in roles():
            self.role.addItem(known.label, known.id)
        self.add("&Role", self.role)
        self.day = self.line("&From", "today")
        self.keep.clicked.connect(self._keep)

    def _keep(self) -> None:
        person, role, typed = self._person, self.role.currentData(), self.day.text()

        def work(session: Session, today: date, at: str) -> str:
            day = read_typed_date(typed, today)
            begin_role(session, person.id, role, day, at=at)
            return f"{person.name}, {role_label(role)} from {show_date(day)}"

        self.change("role begun", f"person/{person.id}", work, "person")


class EndRolePanel(NamedPanel):
    """Asks for the last day of a role."""

    def __init__(self, tab: Tab, person: Person, held: RoleHeld) -> None:
        super().__init__(tab, f"{person.name}: {role_label(held.role)} ends", "End the role")
        self._person, self._held = person, held
        self.day = self.line("&Last day", "today")
        self.keep.clicked.connect(self._keep)

    def _keep(self) -> None:
        person, held, typed = self._person, self._held, self.day.text()

        def work(session: Session, today: date, at: str) -> str:
            day = read_typed_date(typed, today)
            end_role(session, held.id, day, at=at)
            return f"{person.name}, {role_label(held.role)} until {show_date(day)}"

        self.change("role ended", f"person/{person.id}", work, "person")


class ReturnPanel(NamedPanel):
    """Asks when somebody who left comes back, and in which roles."""

    def __init__(self, tab: Tab, person: Person) -> None:
        super().__init__(tab, f"{person.name} comes back", "Note the return")
        self._person = person
        self.day = self.line("&Back on", "today")
        last = [held.role for held in person.roles if held.ends == person.left]
        self.roles = tick_list(((role.id, role.label) for role in roles()), last)
        self.add("&Roles", self.roles)
        self.keep.clicked.connect(self._keep)

    def _keep(self) -> None:
        person, held, typed = self._person, ticked(self.roles), self.day.text()

        def work(session: Session, today: date, at: str) -> str:
            day = read_typed_date(typed, today)
            return_person(session, person.id, held, day, at=at)
            return f"{person.name} is back on {show_date(day)}"

        self.change("person returned", f"person/{person.id}", work, "person")


class CorrectPanel(NamedPanel):
    """Corrects a record; the old one is kept beside it with the reason."""

    def __init__(self, tab: Tab, record: Record) -> None:
        label = record.label
        super().__init__(tab, f"Correct: {label}", "Keep the correction")
        self._record, self._label = record, label
        self.day = self.line("&Completed on", _shown(record.completed_on))
        self.until = self.line("&Ends on, if the certificate says so", _shown(record.expires_on))
        self.provider = self.line("&Provider", record.provider)
        self.reason = self.free_line("&Reason")
        self.keep.clicked.connect(self._keep)

    def _keep(self) -> None:
        record, label, typed, until = self._record, self._label, self.day.text(), self.until.text()
        provider, reason = self.provider.text(), self.reason.text()

        def work(session: Session, today: date, at: str) -> str:
            correct_record(
                session, record.id, completed_on=read_typed_date(typed, today),
                expires_on=typed_day(until, today), provider=provider, reason=reason,
                today=today, at=at,
            )  # fmt: skip
            return f"the correction of {label}"

        self.change("training corrected", f"record/{record.id}", work, "training")


class WithdrawPanel(NamedPanel):
    """Takes a record back; it is kept as taken back, with the reason."""

    def __init__(self, tab: Tab, record: Record) -> None:
        label = record.label
        super().__init__(tab, f"Take back: {label}", "Take it back")
        self._record, self._label = record, label
        self.reason = self.free_line("&Reason")
        self.keep.clicked.connect(self._keep)

    def _keep(self) -> None:
        record, label, reason = self._record, self._label, self.reason.text()

        def work(session: Session, _today: date, at: str) -> str:
            withdraw_record(session, record.id, reason, at=at)
            return f"{label} is taken back"

        self.change("training taken back", f"record/{record.id}", work, "training")


class ExemptPanel(NamedPanel):
    """Exempts somebody from a course for a time, with the reason."""

    def __init__(self, tab: Tab, person: Person, known: Course) -> None:
        super().__init__(tab, f"{person.name}: exempt from {known.label}", "Exempt")
        self._person, self._course = person, known
        self.reason = self.free_line("&Reason", "Such as on leave until Easter; nothing medical")
        self.starts, self.ends = self.line("&From", "today"), self.line("&Until, if it ends")
        self.keep.clicked.connect(self._keep)

    def _keep(self) -> None:
        person, known, reason = self._person, self._course, self.reason.text()
        starts, ends = self.starts.text(), self.ends.text()

        def work(session: Session, today: date, at: str) -> str:
            exempt(
                session, person.id, known.id, reason, read_typed_date(starts, today),
                typed_day(ends, today), at=at,
            )  # fmt: skip
            return f"{person.name} is exempt from {known.label}"

        self.change("training exempted", f"person/{person.id}", work, "training")


def _shown(day: date | None) -> str:
    return show_date(day) if day else ""


def _typed_hours(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text)
    except ValueError as fault:
        raise InputError(
            f"“{text.strip()[:20]}” is not a number of hours. Type it as 12.5."
        ) from fault
