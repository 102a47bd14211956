"""The first tab: it answers what to do now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget
from sqlmodel import Session

from odbst_desktop.actions.list import Action, actions, open_actions
from odbst_desktop.analysis.explaining import Part
from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.explain_panel import Explainer
from odbst_desktop.desktop.focusing import keep_keys
from odbst_desktop.desktop.page import words
from odbst_desktop.desktop.tab import Tab, button, row_of
from odbst_desktop.desktop.tabs.home_cards import (
    Card,
    Need,
    explain_card,
    leading_cards,
    pack_cards,
    under_headings,
    what_now,
)
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.exchange.register import known_keys, newest_card
from odbst_desktop.meetings.counts import coverage
from odbst_desktop.meetings.log import meetings
from odbst_desktop.monitoring.cycle import cycle, due_checks, sentence
from odbst_desktop.monitoring.themes import themes_of
from odbst_desktop.monitoring.visits import visits
from odbst_desktop.office.calendar import current_term, own_authority, own_year, year_at
from odbst_desktop.office.compliance import register_today
from odbst_desktop.office.drill import is_drill_due
from odbst_desktop.office.trust_card import expiry_of
from odbst_desktop.retention.review import review
from odbst_desktop.returns.outstanding import outstanding_words
from odbst_desktop.returns.standing import standings_of
from odbst_desktop.returns.travelling import returns_waiting
from odbst_desktop.school.calendar import week_of
from odbst_desktop.school.owner import Profile, read_owner
from odbst_desktop.school.people import dsl_team
from odbst_desktop.school.posts import posts
from odbst_desktop.school.typed_dates import show_date, show_day_of
from odbst_desktop.training.matrix import Status, training_matrix
from odbst_desktop.trust.returned import (
    SchoolStanding,
    State,
    counted_words,
    newest_term_returned,
    standings,
)

_THREE_FROM_CHARACTERS = 130


@dataclass(frozen=True, slots=True)
class _Loaded:
    heading: str
    today: str
    cards: tuple[Card, ...]


class HomeTab(Tab):
    """Cards that say what is due, each with the way to it."""

    kinds = frozenset({"meeting", "action", "visit", "training", "person", "return", "package",
                       "school", "key", "user", "compliance"})  # fmt: skip
    title = "This week"
    wanted = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.heading = words("", "title")
        self.today, self.now = words("", "quiet"), words("", "heading")
        for line in (self.heading, self.today, self.now):
            self.column.addWidget(line)
        self._shown: QWidget | None = None
        self._loaded: _Loaded | None = None
        self._across = 2
        self.column.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the cards three across where there is room for it."""
        super().resizeEvent(event)
        least = _THREE_FROM_CHARACTERS * self.fontMetrics().averageCharWidth()
        across = 3 if self.width() >= least else 2
        if across != self._across:
            self._across = across
            if self._loaded is not None:
                self.show_loaded(self._loaded)

    def load(self) -> _Loaded:
        """Read what is due."""
        today = self.desk.vault.today()
        sheet = self._sheet_card()  # before the session: the vault has one connection
        with self.desk.vault.reading() as session:
            owner = read_owner(session)
            makers = {
                Profile.SCHOOL: _school_cards,
                Profile.GOVERNOR: _governor_cards,
                Profile.TRUST: _trust_cards,
            }
            cards = [
                *pack_cards(session),
                *makers[owner.profile](session, today),
                *_records_cards(session, today),
                *sheet,
            ]
            return _Loaded(owner.name, _today_words(session, today), tuple(cards))

    def _sheet_card(self) -> Sequence[Card]:
        vault = self.desk.vault
        if not vault.recovery_is_confirmed:
            words = "Type the code of the recovery sheet back, so that it counts."
        elif is_drill_due(vault):
            words = "Once each half-term: open a copy of the vault with the sheet."
        else:
            return ()
        return (Card("Recovery sheet", "◔ Due", words, "Vault", Need.NOW),)

    def show_loaded(self, value: _Loaded) -> None:
        """Show the cards."""
        self._loaded = value
        self.heading.setText(value.heading)
        self.today.setText(value.today)
        self.now.setText(what_now(value.cards))
        if self._shown is not None:
            self.column.removeWidget(self._shown)
            self._shown.deleteLater()
        self._shown = QWidget()
        column = QVBoxLayout(self._shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3 * STEP)
        for need, cards in under_headings(value.cards):
            column.addWidget(words(need.value, "heading"))
            grid = QGridLayout()
            grid.setSpacing(4 * STEP)
            for place, card in enumerate(cards):
                grid.addWidget(self._card(card), place // self._across, place % self._across)
            for place in range(self._across):
                grid.setColumnStretch(place, 1)
            column.addLayout(grid)
        self.column.insertWidget(3, self._shown)
        keep_keys(self.overview)

    def _card(self, card: Card) -> QWidget:
        frame = QFrame()
        frame.setProperty("kind", "card")
        column = QVBoxLayout(frame)
        column.setContentsMargins(5 * STEP, 4 * STEP, 5 * STEP, 4 * STEP)
        column.addWidget(words(card.title, "quiet"))
        column.addWidget(words(card.figure, "figure"))
        column.addWidget(words(card.sentence))
        column.addStretch(1)
        go = button(f"Go to {card.tab}")
        go.setAccessibleDescription(f"{card.title}: {card.figure}. {card.sentence}")
        go.clicked.connect(lambda: self.wanted.emit(card.tab))
        column.addLayout(row_of(go))
        today = self.desk.vault.today()
        Explainer(frame, lambda: lambda: explain_card(card, today))
        return frame


def _today_words(session: Session, today: date) -> str:
    """Return the date, and in term time the half-term and its week."""
    year = own_year(session, today)
    half = year.half_term_on(today) if year else None
    if half is None:
        return show_date(today)
    term, part = half.id.split("_")
    week = (week_of(today) - week_of(half.opens)).days // 7 + 1
    which = "first" if part == "1" else "second"
    return f"{show_date(today)} · {term} term, {which} half, week {week}"


def _school_cards(session: Session, today: date) -> Sequence[Card]:
    term = current_term(session, today)
    year = own_year(session, today)
    this_week = [m for m in meetings(session) if week_of(m.held_on) == week_of(today)]
    if not dsl_team(session, today):
        first = ("First step", "Nobody is the DSL yet. Add the DSL and the deputies.", "Training")
    elif not this_week:
        first = ("Due", f"Not recorded yet. {_waiting_words(session, today)}", "Meetings")
    elif this_week[0].is_closed:
        first = ("Held", f"Closed; held on {show_date(this_week[0].held_on)}.", "Meetings")
    else:
        first = ("Begun", f"Close it when the minutes are agreed. {_waiting_words(session, today)}",
                 "Meetings")  # fmt: skip
    waiting = open_actions(session)
    overdue = sum(action.is_overdue_on(today) for action in waiting)
    held = coverage(session, term, today).words if term else "–"
    due = f"{term.label}: to be sent by {show_date(term.closes)}." if term else ""
    return [
        Card("This week’s DSL meeting", *first, Need.now_if(first[0] != "Held")),
        Card("Weeks with a meeting this term", held, "This week is due, not missed.", "Meetings"),
        Card("Actions open", str(len(waiting)), f"Overdue: {overdue}.", "Actions",
             Need.now_if(overdue), tuple(_action_part(a, today) for a in waiting)),
        _training_card(session, today),
        _check_card(session, today, "Governor’s check", read_owner(session).urn),
        _answer_card(session, read_owner(session).urn),
        _compliance_card(session, today),
        _return_card(session, today, due),
        *_expiry_cards(session, today),
    ] if year else [Card("This week’s DSL meeting", *first, Need.NOW)]  # fmt: skip


def _action_part(action: Action, today: date) -> Part:
    state = "overdue" if action.is_overdue_on(today) else "open"
    return Part(show_date(action.due), f"{action.title} ({action.owner})", state)


def _expiry_cards(session: Session, today: date) -> Sequence[Card]:
    """Return a card only once the trust card has expired or soon does."""
    card = newest_card(session)
    said = expiry_of(card[0], today) if card else ""
    return [Card("Trust card", "! Look", said, "Packages", Need.NOW)] if said else []


def _waiting_words(session: Session, today: date) -> str:
    """Return what this week's meeting finds on its table."""
    known = actions(session)
    late = sum(action.state == "open" and action.is_overdue_on(today) for action in known)
    looks = sum(action.is_to_check_on(today) for action in known)
    closed = next((m for m in meetings(session, last=today) if m.is_closed), None)
    again = sum(bool(row.get("again")) for row in closed.answers.get("children", [])) if closed \
        else 0  # fmt: skip
    parts = [f"{late} overdue"] if late else []
    parts += [f"{looks} with an effect to look at"] if looks else []
    children = "1 child" if again == 1 else f"{again} children"
    parts += [f"{children} to discuss again"] if again else []
    return f"On the table: {', '.join(parts)}." if parts else ""


def _training_card(session: Session, today: date) -> Card:
    matrix = training_matrix(session, today, own_authority(session))
    cells = [
        (person, course, cell)
        for person, row in zip(matrix.people, matrix.cells, strict=True)
        for course, cell in zip(matrix.courses, row, strict=True)
    ]
    late = [each for each in cells if each[2].status in {Status.OVERDUE, Status.NEVER}]
    soon = sum(cell.status is Status.DUE_SOON for _, _, cell in cells)
    parts = tuple(
        Part(show_date(cell.until) if cell.until else "", f"{person.name}: {course.label}", "1")
        for person, course, cell in late
    )
    sentence = f"{soon} more are due within 60 days."
    return Card("Training to renew", str(len(late)), sentence, "Training", Need.now_if(late), parts)


def _compliance_card(session: Session, today: date) -> Card:
    register = register_today(session, today)
    wanting = sum(not gap.standing.state.is_well for gap in register.gaps)
    words = f"{register.term.label}: {register.progress.words}."
    return Card("Policies and duties wanting", str(wanting), words, "Compliance")


def _check_card(session: Session, today: date, title: str, urn: int | None) -> Card:
    year = year_at(session, urn, today)
    if year is None or urn is None:
        return Card(title, "–", "No check is planned.", "Monitoring")
    planned = cycle(year, visits(session, urn), themes_of(session, urn, year.label))
    for check in (*due_checks(planned, today), *planned):
        if not check.is_done and (today <= check.closes or check.slot.is_first):
            return Card(
                title,
                check.state_on(today),
                f"{check.title} · by {show_date(check.closes)}. {sentence(check.why)}",
                "Monitoring",
                Need.now_if(check.opens <= today),
            )
    return Card(title, "✓ All done", "Every check of the year is made.", "Monitoring")


def _answer_card(session: Session, urn: int | None) -> Card:
    waiting = [v for v in visits(session, urn) if v.state == "received" and not v.responses]
    return Card(
        "Visits to answer", str(len(waiting)),
        "The DSL or the headteacher says what the school does about each finding.", "Monitoring",
        Need.arrived_if(waiting),
    )  # fmt: skip


def _return_card(session: Session, today: date, sentence: str) -> Card:
    listed = standings_of(session)
    figure = listed[0].words if listed else "Not begun"
    said = " ".join(filter(None, (outstanding_words(session, today), sentence)))
    is_asked = bool(listed) and listed[0].state == "queried"
    return Card("Termly return", figure, said or "Prepare it any time.", "Termly return",
                Need.arrived_if(is_asked))  # fmt: skip


def _to_sign_card(session: Session) -> Sequence[Card]:
    count = returns_waiting(session)
    sentence = "The DSL signed; look at it, sign, and send it on."
    return (
        [Card("Returns to sign", str(count), sentence, "Returns to sign", Need.NOW)]
        if count
        else []
    )


def _records_cards(session: Session, today: date) -> Sequence[Card]:
    """Return a card only when something may go: it is a matter of once or twice a year."""
    free = len(review(session, today).free())
    sentence = "Their period is over. Look at the list, then keep or dispose."
    return [Card("Records due for disposal", str(free), sentence, "Records")] if free else []


def _governor_cards(session: Session, today: date) -> Sequence[Card]:
    waiting = [visit for visit in visits(session) if visit.state == "closed"]
    return [
        *(
            _check_card(session, today, f"Next check: {post.school}", post.urn)
            for post in posts(session)
        ),
        Card(
            "Visits to sign",
            str(len(waiting)),
            "A closed visit is signed and sent to the school and the trust.",
            "Monitoring",
            Need.now_if(waiting),
        ),
        *_to_sign_card(session),
        _register_card(session, today),
    ]


def _register_card(session: Session, today: date) -> Card:
    card = newest_card(session)
    if card is None:
        return Card(
            "The trust",
            "Not known yet",
            "Import the trust card and confirm it.",
            "Packages",
            Need.NOW,
        )
    words = expiry_of(card[0], today) or f"Card {card[0].version} is in use."
    return Card("The trust", card[0].trust, words, "Packages")


def _trust_cards(session: Session, today: date) -> Sequence[Card]:
    pending = [key for key in known_keys(session) if key.status == "pending"]
    begun = [term for term in [current_term(session, today)] if term is not None]
    keys = dict.fromkeys(
        key for key in (
            newest_term_returned(session), *((term.year, term.name) for term in begun)
        )
        if key is not None
    )  # fmt: skip
    cards = [_returns_card(standings(session, *key, today), key) for key in keys]
    cards += [*leading_cards(session, today), _own_card(session, today)]
    cards.append(
        Card(
            "Keys to confirm", str(len(pending)),
            "Ring the person, hear the fingerprint and type it.", "Register",
            Need.arrived_if(pending),
        )
    )  # fmt: skip
    return cards


def _returns_card(found: Sequence[SchoolStanding], key: tuple[str, str]) -> Card:
    count = sum(standing.held is not None for standing in found)
    words = counted_words(found).partition(" · ")[2]
    sentence = f"{words}." if words else "Every school is asked at the end of term."
    need = Need.TERM
    if any(standing.state is State.OVERDUE for standing in found):
        need = Need.NOW
    elif any(standing.state is State.RETURNED for standing in found):
        need = Need.ARRIVED
    parts = tuple(Part("", each.school.name, each.state.value) for each in found)
    return Card(f"Returns, {key[1]} term {key[0]}", f"{count} of {len(found)}", sentence,
                "Returns", need, parts)  # fmt: skip


def _own_card(session: Session, today: date) -> Card:
    card = newest_card(session)
    if card is None:
        return Card("Trust card", "✗ None yet", "Add the schools, then make the first.", "Register",
                    Need.NOW)  # fmt: skip
    return Card("Trust card", f"Card {card[0].version}",
                expiry_of(card[0], today) or f"Good until {show_day_of(card[0].expires)}.",
                "Register")  # fmt: skip
