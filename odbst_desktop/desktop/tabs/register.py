"""The ESL's register: schools, people and their keys, and the trust card that tells everybody."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLineEdit

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.key_panel import KeyPanel
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.panel import Panel, form_of
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.tab import PassphraseDialog, Tab, button, row_of
from odbst_desktop.errors import InputError
from odbst_desktop.exchange.register import KnownKey, known_keys
from odbst_desktop.office import inbox, outbox
from odbst_desktop.office.inbox import REVOKED_BECAUSE
from odbst_desktop.office.trust_card import CardState, card_state
from odbst_desktop.school.schools import AUTHORITIES, DEFAULT_AUTHORITY, School, write_school
from odbst_desktop.school.typed_dates import read_typed_date, show_date
from odbst_desktop.trust.school_facts import SchoolFacts, school_facts, write_school_facts

_LEAD = (
    "A key counts once you have heard its fingerprint from the person it belongs to, on a number "
    "you knew before, and typed it here. Every change reaches the schools with the next card."
)


@dataclass(frozen=True, slots=True)
class _School:
    facts: SchoolFacts
    known: int
    waiting: int

    @property
    def key_words(self) -> str:
        words = f"✓ {self.known} known" if self.known else "○ Not enrolled"
        return f"{words}, ◔ {self.waiting} to confirm" if self.waiting else words

    @property
    def place_words(self) -> str:
        facts = self.facts
        if facts.left is not None:
            return f"– Left on {show_date(facts.left)}"
        return f"Since {show_date(facts.joined)}" if facts.joined else "In the trust"


@dataclass(frozen=True, slots=True)
class _Loaded:
    card: CardState
    schools: tuple[_School, ...]
    keys: tuple[KnownKey, ...]


class RegisterTab(Tab):
    """Who belongs to the trust, whose keys count, and how the trust card stands."""

    kinds = frozenset({"school", "key", "package", "user"})
    title = "Register"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        columns: tuple[Column[_School], ...] = (
            Column("School", lambda s: s.facts.school.name, 4, 26),
            Column("URN", lambda s: str(s.facts.school.urn), 1, 8),
            Column("Authority", lambda s: AUTHORITIES[s.facts.school.authority], 2, 16),
            Column("Hub", lambda s: s.facts.school.hub or "—", 1, 8),
            Column("Keys", lambda s: s.key_words, 3, 22),
            Column("In the trust", lambda s: s.place_words, 2, 18),
            Column("Closer look", lambda s: s.facts.concern_words or "—", 4),
        )
        self.card_words, self.card = words(""), button("Make the trust card…", is_main=True)
        self.schools: TableView[_School] = TableView("Schools of the trust", columns)
        self.add, self.change = button("Add a school…"), button("Change this school…")
        self.key_panel = KeyPanel(self)
        self.refuse = button("Take this enrolment away")
        self.reason, self.revoke = QComboBox(), button("Revoke this key")
        self.reason.setAccessibleName("Why the key is revoked")
        self._lay_out()
        self.card.clicked.connect(self._make_card)
        self.add.clicked.connect(lambda: self._open_school(None))
        self.change.clicked.connect(self._change)
        self.schools.activated.connect(self._change)
        self.refuse.clicked.connect(self._refuse)
        self.revoke.clicked.connect(self._revoke)
        self.key_panel.keys.selectionModel().currentRowChanged.connect(self._show_chosen)

    def _lay_out(self) -> None:
        for name, why in REVOKED_BECAUSE.items():
            self.reason.addItem(f"because {why}", name)
        self.column.addWidget(words("Register", "title"))
        self.column.addWidget(self.card_words)
        self.column.addLayout(row_of(self.card))
        self.column.addWidget(words("Schools", "heading"))
        self.column.addWidget(self.schools, 3)
        self.column.addLayout(row_of(self.add, self.change))
        self.column.addWidget(words("People and keys", "heading"))
        self.column.addWidget(words(_LEAD, "quiet"))
        self.column.addWidget(self.key_panel, 3)
        self.column.addLayout(row_of(self.refuse, self.revoke, self.reason))

    def load(self) -> _Loaded:
        """Read the register and how the card stands."""
        card = card_state(self.desk.vault)
        with self.desk.vault.reading() as session:
            keys = known_keys(session)
            counts = Counter((key.urn, key.status) for key in keys)
            schools = tuple(
                _School(
                    facts, counts[facts.school.urn, "active"], counts[facts.school.urn, "pending"]
                )
                for facts in school_facts(session)
            )
        return _Loaded(card, schools, keys)

    def show_loaded(self, value: _Loaded) -> None:
        """Show the register."""
        self.card_words.setText(value.card.words)
        self.schools.show_rows(value.schools)
        self.key_panel.show_keys(value.keys)
        self.change.setEnabled(bool(value.schools))
        self._show_chosen()

    def make_card(self, passphrase: str, folder: Path) -> None:
        """Make the next card and write it into a folder."""
        desk = self.desk

        def work() -> str:
            sent = outbox.trust_card(
                desk.vault, passphrase,
                lambda made: desk.write_file(folder / made.name, made.data),
            )  # fmt: skip
            return f"Written: {sent.name}. Send it to every school and governor."

        self.run(work, self.show_good, "package")

    def keep_school(self, facts: SchoolFacts) -> None:
        """Keep a school and what the trust knows of it."""
        vault = self.desk.vault

        def work() -> str:
            with vault.changing("school changed", f"school/{facts.school.urn}") as session:
                write_school(session, facts.school)
                write_school_facts(session, facts)
            name = facts.school.name.strip()
            return f"{name} is on the register. Make a new trust card for everybody."

        self.run(work, self._school_kept, "school")

    def _school_kept(self, sentence: str) -> None:
        self.close_over()
        self.show_good(sentence)

    def _open_school(self, facts: SchoolFacts | None) -> None:
        panel = SchoolPanel(self, facts)
        self.open_over(panel)
        panel.begin()

    def _change(self, *_: object) -> None:
        chosen = self.schools.chosen()
        if chosen is not None:
            self._open_school(chosen.facts)

    def _show_chosen(self, *_: object) -> None:
        key = self.key_panel.keys.chosen()
        self.refuse.setEnabled(key is not None and key.status == "pending")
        is_known = key is not None and key.status == "active"
        self.revoke.setEnabled(is_known)
        self.reason.setEnabled(is_known)

    def _refuse(self) -> None:
        key, vault = self.key_panel.keys.chosen(), self.desk.vault
        if key is not None:
            said = f"The enrolment of {key.person} is taken away. If it was true, ask for it again."
            self.run(lambda: inbox.refuse(vault, key.keyid), self._said(said), "key", "package")

    def _revoke(self) -> None:
        key, vault, because = (
            self.key_panel.keys.chosen(),
            self.desk.vault,
            self.reason.currentData(),
        )
        if key is not None:
            said = (
                f"The key of {key.person} is revoked: no file signed with it is taken any more. "
                "What was accepted before stays. Send everybody the next trust card."
            )
            self.run(lambda: inbox.revoke(vault, key.keyid, because), self._said(said), "key")

    def _said(self, sentence: str) -> _Said:
        return _Said(self, sentence)

    def _make_card(self) -> None:
        asked = PassphraseDialog(self, "Everybody will trust this card.", self.desk.vault.user.name)
        if asked.exec():
            folder = QFileDialog.getExistingDirectory(self, "Folder for the file")
            if folder:
                self.make_card(asked.passphrase.text(), Path(folder))


class _Said:
    """Shows a sentence once a job is done, whatever it returned."""

    def __init__(self, tab: Tab, sentence: str) -> None:
        self._tab, self._sentence = tab, sentence

    def __call__(self, _value: object) -> None:
        self._tab.show_good(self._sentence)


class SchoolPanel(Panel):
    """A school as the trust keeps it."""

    def __init__(self, tab: RegisterTab, facts: SchoolFacts | None) -> None:
        super().__init__(tab, facts.school.name if facts else "A new school")
        self._register, self._known = tab, facts
        school = facts.school if facts else School(0, "", DEFAULT_AUTHORITY)
        self.urn, self.name = QLineEdit(str(school.urn or "")), QLineEdit(school.name)
        self.urn.setEnabled(facts is None)
        self.authority = QComboBox()
        for value, label in AUTHORITIES.items():
            self.authority.addItem(label, value)
        self.authority.setCurrentIndex(self.authority.findData(school.authority))
        self.phase, self.hub = QLineEdit(school.phase), QLineEdit(school.hub)
        known = facts or SchoolFacts(school)
        self.joined = QLineEdit(show_date(known.joined) if known.joined else "")
        self.left = QLineEdit(show_date(known.left) if known.left else "")
        self.tas = QCheckBox("A TAS school")
        self.tas.setChecked(known.is_tas)
        self.leadership = QLineEdit(known.leadership_concern)
        self.stakeholder = QLineEdit(known.stakeholder_concern)
        self.keep = button("Keep this school", is_main=True)
        self.column.addLayout(
            form_of(
                ("&URN, six digits", self.urn), ("&Name", self.name),
                ("&Authority", self.authority), ("&Phase, such as primary", self.phase),
                ("&Hub", self.hub), ("&Joined the trust on, if you know", self.joined),
                ("Left the trust or c&losed on", self.left),
                ("Concern about leadership and &management, in a few words", self.leadership),
                ("Concern raised by a &stakeholder, in a few words", self.stakeholder),
            )
        )  # fmt: skip
        self.column.addWidget(self.tas)
        self.column.addWidget(
            words("A school that left keeps its returns; it is asked for none that end after that "
                  "day. Concerns stay in this vault and go into no card.", "quiet")
        )  # fmt: skip
        self.column.addLayout(row_of(self.keep))
        self.column.addStretch(1)
        self.keep.clicked.connect(self._keep)

    def begin(self) -> None:
        """Begin at the first field."""
        (self.urn if self._known is None else self.name).setFocus()

    def _keep(self) -> None:
        typed, today = self.urn.text().strip(), self.tab.desk.vault.today()
        try:
            if not (typed.isascii() and typed.isdigit()):
                raise InputError("A URN is six digits, such as 110323. Type it without letters.")
            days = [
                read_typed_date(field.text(), today) if field.text().strip() else None
                for field in (self.joined, self.left)
            ]
        except InputError as fault:
            self.tab.show_problem(fault.sentence)
            return
        school = School(int(typed), self.name.text(), self.authority.currentData(),
                        self.phase.text().strip(), self.hub.text().strip())  # fmt: skip
        self._register.keep_school(
            SchoolFacts(
                school, days[0], days[1], self.tas.isChecked(), self.leadership.text(),
                self.stakeholder.text(),
            )
        )  # fmt: skip
