"""What is typed where an answer of the register changed: a duty's, or a policy's facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QVBoxLayout, QWidget

from odbst_desktop.analysis.privacy import find_identifiers
from odbst_desktop.compliance.answers import Said
from odbst_desktop.compliance.facts import PolicyFacts
from odbst_desktop.compliance.register import Standing, State
from odbst_desktop.compliance.trust_versions import TrustVersion
from odbst_desktop.desktop.fields import DateField, Field, LineField, TextField, TickField
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.tab import button, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.errors import InputError

_SETTLE_MILLISECONDS = 350
_STATES = (State.IN_PLACE, State.PARTLY, State.MISSING)
_POLICY_STATES = {
    State.IN_PLACE: "The policy is there, as below",
    State.MISSING: State.MISSING.shown,
}


class ChangePanel(QWidget):
    """Asks how an entry stands now; what was said last is filled in.

    ``settled`` gives what is typed a moment after the last key, to be kept until it is said.
    """

    kept = Signal()
    left = Signal()
    settled = Signal(dict)

    def __init__(self, now: Standing, today: date, known_names: Iterable[str]) -> None:
        super().__init__()
        self.now, self._today, self._names = now, today, tuple(known_names)
        self.fields: dict[str, Field] = {}
        self.state = QComboBox()
        self.state.setAccessibleName("How it stands")
        for state in _POLICY_STATES if now.item.is_policy else _STATES:
            self.state.addItem(_POLICY_STATES[state] if now.item.is_policy else state.shown, state)
        self.saved = words("", "quiet")
        self.saved.setAccessibleName("Saved")
        self.private = words("", "warning")
        self.private.setAccessibleName("Privacy")
        self.as_action = QCheckBox("Put it in the list of actions as well")
        self.keep, self.leave = button("Keep (Ctrl+Enter)", is_main=True), button("Never mind")
        self.form = QFormLayout()
        self.form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.form.setVerticalSpacing(2 * STEP)
        self.form.addRow("&How it stands", self.state)
        self._add_fields()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        column.addLayout(self.form)
        for widget in (self.private, self.as_action):
            column.addWidget(widget)
        column.addLayout(row_of(self.keep, self.leave))
        column.addWidget(self.saved)
        self.private.hide()
        self.keep.clicked.connect(self.kept)
        self.leave.clicked.connect(self.left)
        self.state.currentIndexChanged.connect(self._show_needed)
        self.fields["evidence"].edited.connect(self._look_for_names)
        self._show_needed()
        self._timer = QTimer(self, interval=_SETTLE_MILLISECONDS, singleShot=True)
        self._timer.timeout.connect(lambda: self.settled.emit(self.typed()))
        for field in self.fields.values():
            field.edited.connect(self._timer.start)
        self.state.activated.connect(self._timer.start)

    def flush(self) -> None:
        """Give what is typed at once if some of it was not given yet."""
        if self._timer.isActive():
            self._timer.stop()
            self.settled.emit(self.typed())

    def typed(self) -> dict[str, Any]:
        """Return what is typed, as it can be taken up again."""
        values = {name: field.value() for name, field in self.fields.items()}
        return {**values, "state": self.state.currentData().name}

    def take_up(self, typed: dict[str, Any]) -> None:
        """Show what was half typed before."""
        self.state.setCurrentIndex(self.state.findData(State[typed["state"]]))
        for name, field in self.fields.items():
            field.set_value(typed.get(name))
        self._look_for_names()
        self._timer.stop()
        self.saved.setText("Taken up where it was left.")

    def choose(self, state: State) -> None:
        """Choose how it stands; what is wanting is then asked, not what shows it."""
        self.state.setCurrentIndex(self.state.findData(state))
        if state is State.MISSING:
            self.fields["evidence"].set_value(None)

    def set_first_focus(self) -> None:
        """Put the focus where typing begins: on what is wanting, the day done, or the first."""
        is_wanting = self.state.currentData() is State.MISSING
        first = "evidence" if is_wanting else next(iter(self.fields))
        if not is_wanting and self.now.item.event and self.now.evidence:
            first = "last_on"  # what shows it is usually as before, and the day another
        # As with Tab, what stands in the field is chosen: typing takes its place.
        self.fields[first].control().setFocus(Qt.FocusReason.TabFocusReason)

    def take_published(self) -> None:
        """Take the version that the trust published; who received it has to be said anew."""
        trust = self.now.trust
        if trust is None:
            return
        self.fields["version"].set_value(trust.version)
        if self.now.answer is None or self.now.answer.facts.version != trust.version:
            for name in ("personalised_on", "received_on", "website_on"):
                self.fields[name].set_value(None)
        if trust.next_review is not None:
            self.fields["next_review"].set_value(trust.next_review.isoformat())
        self.fields["personalised_on"].control().setFocus(Qt.FocusReason.TabFocusReason)
        self._timer.start()

    def said(self, on: date) -> Said:
        """Return what was typed.

        Raises:
            InputError: a field cannot be read.

        """
        for field in self.fields.values():
            if field.fault():
                raise InputError(field.fault())
        typed = {name: field.value() for name, field in self.fields.items()}
        return Said(
            self.state.currentData(),
            on,
            _day(typed.get("last_on")),
            typed.get("evidence") or "",
            typed.get("owner") or "",
            _facts(typed),
            _day(typed.get("next_on")),
        )

    def _add_fields(self) -> None:
        item, answer = self.now.item, self.now.answer
        if item.is_policy:
            self._add_facts(answer.facts if answer else _published_facts(self.now.trust))
        self._add("evidence", self._evidence_label(), TextField(), self.now.evidence)
        if item.ask:
            self.form.addRow("", words(item.ask, "quiet"))
        self._add("owner", "&Owner", LineField(), self.now.owner)
        if item.is_policy:
            return
        if item.event:
            last = answer.last_on if answer else None
            self._add("last_on", f"&{item.event}", self._date(), _text(last))
        self._add("next_on", "Ne&xt on, if not as usual", self._date(), None)

    def _evidence_label(self) -> str:
        if self.state.currentData() is not State.IN_PLACE:
            return "&What is wanting"
        return "&Note" if self.now.item.is_policy else "&What shows it"

    def _add_facts(self, facts: PolicyFacts) -> None:
        rows: tuple[tuple[str, str, Callable[[], Field], Any], ...] = (
            ("version", "Trust &version", LineField, facts.version),
            ("personalised_on", "&Personalised on", self._date, _text(facts.personalised_on)),
            ("nothing_to_personalise", "Nothing to personalise this year", TickField,
             facts.nothing_to_personalise),
            ("received_on", "&Received by the LGB on", self._date, _text(facts.received_on)),
            ("website_on", "&Seen on the school website on", self._date, _text(facts.website_on)),
            ("website_address", "&Address of the page", LineField, facts.website_address),
            ("next_review", "Ne&xt review", self._date, _text(facts.next_review)),
        )  # fmt: skip
        for name, label, make, value in rows:
            self._add(name, label, make(), value)
            if name == "version" and self.now.trust is not None:
                self._add_published(self.now.trust)

    def _add_published(self, trust: TrustVersion) -> None:
        """Offer the version of the trust's pack; a policy nothing was said of begins with it."""
        new = f" New in it: {trust.changes}" if trust.changes else ""
        self.form.addRow("", words(trust.words + new, "quiet"))
        answer = self.now.answer
        if answer is not None and answer.facts.version == trust.version:
            return
        if answer is None:
            return
        self.take = button(f"&Take version {trust.version}")
        self.take.clicked.connect(self.take_published)
        self.form.addRow("", row_of(self.take))

    def _add(self, name: str, label: str, field: Field, value: Any) -> None:
        field.set_value(value)
        field.set_name(label.replace("&", ""))
        self.fields[name] = field
        self.form.addRow(label, field)

    def _date(self) -> Field:
        return DateField(self._today)

    def _show_needed(self) -> None:
        """Show the fields that the state asks for, under the words that fit it."""
        state = self.state.currentData()
        label = self.form.labelForField(self.fields["evidence"])
        asked = self._evidence_label()
        label.setText(asked)  # type: ignore[attr-defined]
        self.fields["evidence"].set_name(asked.replace("&", ""))
        for name, field in self.fields.items():
            if name not in {"evidence", "owner"}:
                self.form.setRowVisible(field, state is not State.MISSING)
        self.as_action.setVisible(state is not State.IN_PLACE)

    def _look_for_names(self) -> None:
        found = find_identifiers(self.fields["evidence"].value() or "", self._names)
        self.private.setVisible(bool(found))
        if found:
            self.private.setText(
                f"! “{found[0].words}” {found[0].why}. Never name a child here: evidence is a "
                "paper, a place or a date."
            )


def _published_facts(trust: TrustVersion | None) -> PolicyFacts:
    if trust is None:
        return PolicyFacts()
    return PolicyFacts(version=trust.version, next_review=trust.next_review)


def _facts(typed: dict[str, Any]) -> PolicyFacts:
    if "version" not in typed:
        return PolicyFacts()
    return PolicyFacts(
        version=typed["version"] or "",
        personalised_on=_day(typed["personalised_on"]),
        nothing_to_personalise=bool(typed["nothing_to_personalise"]),
        received_on=_day(typed["received_on"]),
        website_on=_day(typed["website_on"]),
        website_address=typed["website_address"] or "",
        next_review=_day(typed["next_review"]),
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
