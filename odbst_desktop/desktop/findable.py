"""What can be found by typing: places, buttons, and the records of the vault."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from PySide6.QtWidgets import QPushButton
from shiboken6 import isValid

from odbst_desktop.actions.filtering import ANY
from odbst_desktop.actions.list import Action, actions
from odbst_desktop.desktop.tab import Tab
from odbst_desktop.desktop.tabs.actions import ActionsTab
from odbst_desktop.desktop.tabs.home import HomeTab
from odbst_desktop.desktop.tabs.meetings import MeetingsTab
from odbst_desktop.desktop.tabs.returned import ReturnedTab
from odbst_desktop.desktop.tabs.termly_return import ReturnTab
from odbst_desktop.desktop.tabs.training import TrainingTab
from odbst_desktop.desktop.tabs.visit_editor import VisitTab
from odbst_desktop.meetings.log import Meeting, meetings
from odbst_desktop.monitoring.visits import Visit, visits
from odbst_desktop.returns.standing import Standing, standings_of
from odbst_desktop.school.people import Person, people
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.trust.returned import SchoolStanding, newest_term_returned, standings
from odbst_desktop.vault.vault import Vault

T = TypeVar("T", bound=Tab)


@dataclass(frozen=True, slots=True)
class Findable:
    """One thing to go to: what it is called, what it is, and the way there."""

    title: str
    kind: str
    go: Callable[[], None]

    @property
    def words(self) -> str:
        """Return it as a line of the list."""
        return f"{self.title}  ·  {self.kind}"


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a vault that have a place of their own."""

    people: tuple[Person, ...]
    meetings: tuple[Meeting, ...]
    actions: tuple[Action, ...]
    visits: tuple[Visit, ...]
    returns: tuple[Standing, ...]
    term: tuple[str, str] | None
    schools: tuple[SchoolStanding, ...]


def read_records(vault: Vault) -> Records:
    """Read what can be found."""
    today = vault.today()
    with vault.reading() as session:
        term = newest_term_returned(session)
        return Records(
            people(session), meetings(session), actions(session), visits(session),
            standings_of(session), term, standings(session, *term, today) if term else (),
        )  # fmt: skip


def matching(known: Iterable[Findable], typed: str, most: int) -> list[Findable]:
    """Return what has every typed word in it; what begins with them comes first."""
    sought = typed.casefold().split()
    found = [each for each in known if all(word in each.words.casefold() for word in sought)]

    def nearness(each: Findable) -> int:
        title = each.title.casefold()
        if title.startswith(" ".join(sought)):
            return 0
        return 1 if all(word in title for word in sought) else 2

    return sorted(found, key=nearness)[:most] if sought else found[:most]


def places(tabs: Sequence[Tab], go_to: Callable[[str], None]) -> Iterator[Findable]:
    """Give every place, and every button that stands in its overview."""
    for tab in tabs:
        yield Findable(tab.title, "Place", partial(go_to, tab.title))
    for tab in tabs:
        if isinstance(tab, HomeTab):
            continue
        for made in tab.overview.findChildren(QPushButton):
            text = made.text().replace("&", "").strip()
            if text and made.isVisibleTo(tab.overview) and made.isEnabled():
                yield Findable(text, f"Button in {tab.title}", partial(_lead, tab, made, go_to))


def records(
    known: Records, tabs: Sequence[Tab], go_to: Callable[[str], None]
) -> Iterator[Findable]:
    """Give every record that one of the tabs can open."""

    def way(tab: Tab, opening: Callable[[], None]) -> Callable[[], None]:
        return partial(_open, tab, opening, go_to)

    if meeting_tab := _first(tabs, MeetingsTab):
        for meeting in known.meetings:
            title = f"{show_date(meeting.held_on)} {meeting.state_words}"
            opening = partial(meeting_tab.open_meeting, meeting.id)
            yield Findable(title, "Meeting", way(meeting_tab, opening))
    if training := _first(tabs, TrainingTab):
        for person in known.people:
            yield Findable(person.name, "Person",
                           way(training, partial(training.open_person, person)))  # fmt: skip
    if action_tab := _first(tabs, ActionsTab):
        for action in known.actions:
            yield Findable(f"{action.title} ({action.owner})", "Action",
                           way(action_tab, partial(_show_action, action_tab, action)))  # fmt: skip
    if visit_tab := _first(tabs, VisitTab):
        for visit in known.visits:
            title = f"{visit.title}, {show_date(visit.visited_on)} {visit.state_words}"
            yield Findable(title, "Check", way(visit_tab, partial(visit_tab.open_visit, visit.id)))
    yield from _returns(known, tabs, way)


def _returns(
    known: Records,
    tabs: Sequence[Tab],
    way: Callable[[Tab, Callable[[], None]], Callable[[], None]],
) -> Iterator[Findable]:
    if return_tab := _first(tabs, ReturnTab):
        for standing in known.returns:
            made = standing.found
            title = (
                f"{made.term} {made.year}, revision {made.revision} {standing.words}".capitalize()
            )
            yield Findable(title, "Return", way(return_tab, partial(return_tab.reopen, made.id)))
    returned = _first(tabs, ReturnedTab)
    if returned is not None and known.term is not None:
        year, term = known.term
        for school in known.schools:
            if school.held is not None:
                opening = partial(returned.open_return, school.school.urn, known.term)
                yield Findable(f"{school.school.name}, {term} {year}", "Return",
                               way(returned, opening))  # fmt: skip


def _first(tabs: Sequence[Tab], kind: type[T]) -> T | None:
    return next((tab for tab in tabs if isinstance(tab, kind)), None)


def _open(tab: Tab, opening: Callable[[], None], go_to: Callable[[str], None]) -> None:
    go_to(tab.title)
    tab.close_over()
    # After the tab has read what it shows: there is one thread, and it keeps the order.
    tab.run(lambda: None, lambda _value: opening())


def _lead(tab: Tab, made: QPushButton, go_to: Callable[[str], None]) -> None:
    """Put the keys on a button; pressing it is left to the user, who sees first what it is by."""
    go_to(tab.title)
    if not tab.overview.isVisible():
        tab.close_over()
    if isValid(made):
        made.setFocus()


def _show_action(tab: ActionsTab, action: Action) -> None:
    for box in (tab.state, tab.owner, tab.origin):
        box.setCurrentIndex(max(box.findData(ANY), 0))
    tab.words.setText(action.title)
    tab.words.setFocus()
