"""What can be done on a person's card: each form goes back to the card, which is read anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtWidgets import QFileDialog
from sqlmodel import Session

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.document_view import DocumentView
from odbst_desktop.desktop.tab import Tab
from odbst_desktop.desktop.tabs.training_cards import PersonCardView
from odbst_desktop.desktop.tabs.training_panels import LeavingPanel, NamedPanel
from odbst_desktop.desktop.tabs.training_person import (
    BeginRolePanel,
    CorrectPanel,
    DetailsPanel,
    EndRolePanel,
    ExemptPanel,
    ReturnPanel,
    WithdrawPanel,
)
from odbst_desktop.files import read_whole
from odbst_desktop.office.calendar import own_authority
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.people import Person
from odbst_desktop.school.people_changes import remove_role
from odbst_desktop.training.cards import PersonCard, person_card
from odbst_desktop.training.certificates import attach_certificate, certificate_of
from odbst_desktop.training.matrix import Matrix, training_matrix
from odbst_desktop.training.recording import end_exemption
from odbst_desktop.training.reminders import reminder_letter
from odbst_desktop.vault.documents import MOST_BYTES, Document

CERTIFICATES = "Certificates (*.pdf *.png *.jpg *.jpeg);;All files (*)"


class CalendarMaker(Protocol):
    """A tab that makes a calendar file of what is due."""

    desk: Desk

    def calendar_of(self, matrix: Matrix, person: Person | None = None) -> bytes:
        """Return the file."""


class PersonCardDesk:
    """Opens a person's card over a tab and does what its buttons ask."""

    def __init__(self, tab: Any, person: Person, matrix: Matrix) -> None:
        self._tab: Tab = tab
        self._calendar: CalendarMaker = tab
        self._person, self._matrix = person, matrix
        self.view: PersonCardView | None = None

    def open(self, said: str = "") -> None:
        """Read the card and show it; ``said`` is what was done before."""
        vault, person = self._tab.desk.vault, self._person

        def work() -> PersonCard:
            with vault.reading() as session:
                matrix = training_matrix(session, vault.today(), own_authority(session))
                self._matrix = matrix
                return person_card(session, matrix, person.id)

        def show(card: PersonCard) -> None:
            self._show(card)
            if said:
                self._tab.show_good(f"Recorded: {said}.")

        self._tab.run(work, show)

    def _show(self, card: PersonCard) -> None:
        if self.view is not None:
            self._tab.close_over()
        self._person = card.person
        view = self.view = PersonCardView(card)
        view.desk = self
        view.left.connect(self._tab.close_over)
        person = card.person
        view.details.clicked.connect(lambda: self._ask(DetailsPanel(self._tab, person)))
        view.begin.clicked.connect(lambda: self._ask(BeginRolePanel(self._tab, person)))
        view.leave.clicked.connect(lambda: self._ask(LeavingPanel(self._tab, person)))
        view.come_back.clicked.connect(lambda: self._ask(ReturnPanel(self._tab, person)))
        view.end.clicked.connect(self._end_role)
        view.remove.clicked.connect(self._remove_role)
        view.exempt.clicked.connect(self._exempt)
        view.not_exempt.clicked.connect(self._end_exemption)
        view.correct.clicked.connect(lambda: self._on_record(CorrectPanel))
        view.withdraw.clicked.connect(lambda: self._on_record(WithdrawPanel))
        view.certificate.clicked.connect(self._choose_certificate)
        view.see.clicked.connect(self._see)
        view.letter.clicked.connect(self._letter)
        view.calendar.clicked.connect(self._save_calendar)
        self._tab.open_over(view)
        view.needs.setFocus()

    def _ask(self, panel: NamedPanel) -> None:
        panel.kept.connect(self._again)
        panel.left.connect(self._back)
        self._close_card()
        self._tab.open_over(panel)
        panel.focusNextChild()

    def _again(self, said: str) -> None:
        self._tab.close_over()
        self.open(said)

    def _back(self) -> None:
        self._tab.close_over()
        self.open()

    def _close_card(self) -> None:
        if self.view is not None:
            self.view = None
            self._tab.close_over()

    def _end_role(self) -> None:
        held = self.view.roles.chosen() if self.view else None
        if held is not None:
            self._ask(EndRolePanel(self._tab, self._person, held))

    def _remove_role(self) -> None:
        held = self.view.roles.chosen() if self.view else None
        if held is not None:
            self._change(
                "role taken back",
                lambda session, at: remove_role(session, held.id, at=at),
                "person",
            )

    def _exempt(self) -> None:
        need = self.view.need() if self.view else None
        if need is not None:
            self._ask(ExemptPanel(self._tab, self._person, need[0]))

    def _end_exemption(self) -> None:
        need = self.view.need() if self.view else None
        card = self.view.card if self.view else None
        if need is None or card is None:
            return
        found = [known for known in card.exemptions if known.course == need[0].id]
        if not found:
            self._tab.show_problem("There is no exemption from this course. Choose one that is.")
            return
        self._change(
            "exemption ended",
            lambda session, at: end_exemption(session, found[0].id, at=at),
            "training",
        )

    def _on_record(self, panel: type[CorrectPanel] | type[WithdrawPanel]) -> None:
        record = self.view.record() if self.view else None
        if record is not None and record.is_current:
            self._ask(panel(self._tab, record))
        elif record is not None:
            self._tab.show_problem("This record was corrected or taken back already.")

    def _change(self, what: str, work: Callable[[Session, str], object], *kinds: str) -> None:
        vault, person = self._tab.desk.vault, self._person

        def change() -> str:
            with vault.changing(what, f"person/{person.id}") as session:
                work(session, vault.now())
            return what

        def done(said: str) -> None:
            self._close_card()
            self.open(said)

        self._tab.run(change, done, *kinds)

    def _choose_certificate(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self._tab, "Certificate", "", CERTIFICATES)
        if name:
            self.attach(Path(name))

    def attach(self, path: Path) -> None:
        """Keep a certificate with the record that is chosen."""
        record = self.view.record() if self.view else None
        if record is None:
            return

        def keep(session: Session, at: str) -> None:
            data = read_whole(path, at_most_bytes=MOST_BYTES)
            attach_certificate(session, record.id, path.name, data, at=at)

        self._change("certificate kept", keep, "training")

    def _see(self) -> None:
        record, vault = self.view.record() if self.view else None, self._tab.desk.vault
        if record is None:
            return

        def work() -> tuple[Document, bytes] | None:
            with vault.reading() as session:
                return certificate_of(session, record.id)

        self._tab.run(work, self._show_certificate)

    def _show_certificate(self, found: tuple[Document, bytes] | None) -> None:
        if found is None:
            self._tab.show_problem("No certificate is kept with this record. Attach one first.")
            return
        shown, under = DocumentView(self._tab.desk, *found), self.view

        def back() -> None:
            if under is not None:
                self._tab.stack.setCurrentWidget(under)
            self._tab.stack.removeWidget(shown)
            shown.deleteLater()

        shown.left.connect(back)
        self._tab.open_over(shown)

    def _letter(self) -> None:
        view, vault, person = self.view, self._tab.desk.vault, self._person
        if view is None:
            return
        due = view.due()

        def work() -> Paper:
            with vault.reading() as session:
                owner = read_owner(session)
            return reminder_letter(owner, person, due, today=vault.today(), sender=vault.user.name)

        self._tab.run(work, self._tab.show_paper)

    def _save_calendar(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self._tab, "Calendar file", "training-due.ics")
        if not name:
            return
        desk, path = self._tab.desk, Path(name)

        def work() -> str:
            desk.write_file(path, self._calendar.calendar_of(self._matrix, self._person))
            return f"Saved as {path.name}. Open it in any calendar."

        self._tab.run(work, self._tab.show_good)
